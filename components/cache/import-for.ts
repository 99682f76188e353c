/** The import of `cached` for a file. */
import type { Model, Service } from "../../analyzers/model.ts";
import { openSource } from "../../patches/editors/source.ts";
import { specifierFor } from "../../patches/editors/specifier.ts";
import { cachedModule } from "./cached-module.ts";
import type { Mend } from "./outcome.ts";

export function importFor(file: string, service: Service, model: Model): Mend["imports"][number] {
  const { file: module } = cachedModule(model, service);
  const style = openSource(model.repo, file)?.style;
  return { file, wish: { from: style === undefined ? module : specifierFor(file, module, style), names: ["cached"] } };
}
