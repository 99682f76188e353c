/** A module that a recipe writes: its template in the app's dialect, speaking through the app's own logger. */
import type { Model, Service } from "../../analyzers/model.ts";
import type { Edit } from "../../patches/edit.ts";
import { toDialect } from "../../patches/editors/dialect.ts";
import { importStatement } from "../../patches/editors/import-of.ts";
import { styleFor } from "../../patches/editors/source.ts";
import { fill } from "../../patches/fill.ts";
import { appLogger, type AppLogger } from "../app-logger.ts";

/** `errors` are the sentences that go before an error's message, by placeholder. */
export function writtenModule(
  file: string,
  template: string,
  values: Readonly<Record<string, string | boolean>>,
  errors: Readonly<Record<string, string>>,
  { model, service }: { model: Model; service: Service },
): Edit {
  const style = styleFor(model.repo, file);
  const logger = appLogger(model, service);
  const text = fill(template, {
    ...values,
    logger: logger !== null,
    LOGGER_IMPORT: logger === null ? "" : importStatement(file, style, logger),
    INFO: logger === null ? "console.log" : `${logger.local}.info`,
    ...Object.fromEntries(Object.entries(errors).map(([name, said]) => [name, errorCall(said, logger)])),
  });
  return { kind: "create", file, text: toDialect(text, style) };
}

function errorCall(said: string, logger: AppLogger | null): string {
  const text = JSON.stringify(said);
  if (logger === null) return `console.error(${JSON.stringify(`${said}:`)}, error.message)`;
  return logger.form === "object-first"
    ? `${logger.local}.error({ err: error }, ${text})`
    : `${logger.local}.error(${text}, error)`;
}
