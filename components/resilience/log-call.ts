/** Reporting a caught error the way the file already reports things. */
import type { Model } from "../../analyzers/model.ts";
import { bindingsOf } from "../../patches/editors/import-declarations.ts";
import type { Source } from "../../patches/editors/source.ts";

/** A statement that logs `error` with the message: by the logger that the file imports, else by the console. */
export function logCall(source: Source, model: Model, message: string): string {
  const binding = bindingsOf(source).find(({ local, typeOnly }) => /^(logger|log)$/i.test(local) && !typeOnly);
  const text = JSON.stringify(message);
  if (binding === undefined) return `console.error(${JSON.stringify(`${message}:`)}, error);`;
  const packages = model.service(source.file)?.dependencies ?? {};
  return "pino" in packages
    ? `${binding.local}.error({ err: error }, ${text});`
    : `${binding.local}.error(${text}, error);`;
}
