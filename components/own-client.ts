/** The app's own database clients, where a new module can import them and be sure to get one. */
import type { Model, Service } from "../analyzers/model.ts";
import { instancesOf } from "../analyzers/state/instances.ts";
import { homeOf } from "../patches/editors/homes.ts";
import type { Export } from "../patches/editors/import-of.ts";
import { openSource, textOf } from "../patches/editors/source.ts";

export type OwnClient = Export & { api: string };

/** The first client of these apis that a module of the service makes in every case and exports; null when none does. */
export function ownClient(model: Model, service: Service, apis: readonly string[]): OwnClient | null {
  for (const { api, file, exported, local, construction } of instancesOf(model, apis)) {
    if (exported === null || local === null || model.service(file)?.root !== service.root) continue;
    const source = openSource(model.repo, file);
    const home = source === null ? null : homeOf(source, construction.span, /^(on|once)$/);
    // Under a condition, or as a variable that is set later, there may be nothing.
    if (source === null || home?.kind !== "named") continue;
    if (/^(export\s+)?const\s/.test(textOf(source, home.statement))) return { api, file, exported, local };
  }
  return null;
}
