/** Hooks of models that ask the database by themselves: they know nothing of a transaction, and wait for what it holds. */
import type { Model } from "../../../analyzers/model.ts";
import { queriesOf } from "../../../analyzers/queries/index.ts";

const hooks =
  /\bhooks\s*:|\.addHook\(|\.(before|after)(Create|Update|Save|Destroy|Upsert|Bulk\w+)\(|@(Before|After)(Create|Update|Save|Destroy|Bulk\w+)\b|\w*[sS]chema\.(pre|post)\(/;

/** What to say of them; null where there are none. */
export function obstacleOfHooks(model: Model): string | null {
  const files = new Set(queriesOf(model).map(({ call }) => call.file));
  const file = [...files].find((each) => hooks.test(model.repo.read(each) ?? ""));
  return file === undefined
    ? null
    : `hooks of a model in ${file} ask the database by themselves, outside of a transaction`;
}
