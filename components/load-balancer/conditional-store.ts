/** Whether state in memory stands in for a real store: chosen by a setting, or used in development only. */
import type { Cell } from "../../analyzers/state/cells.ts";
import { textOf } from "../../analyzers/code/text.ts";
import { isDevOnly } from "../../analyzers/code/dev-only.ts";
import type { Model } from "../../analyzers/model.ts";

/** Only objects of a class are chosen so: `process.env.DATABASE_URL ? new Database() : new MemStorage()`. */
export function isMadeConditionally(model: Model, { className, holder }: Cell): boolean {
  if (className === null) return false;
  const made = model.callers(holder.id).filter((site) => site.isNew);
  return made.some(
    (site) =>
      isDevOnly(model, site) ||
      /process\.env|NODE_ENV|import\.meta\.env|\?\s*new\b/.test(
        textOf(model, { file: site.file, span: site.statement }),
      ),
  );
}
