/** Whether the app keeps its database in order: migrations that are kept, queries that could be read. */
import type { Model } from "../../analyzers/model.ts";
import { queriesOf } from "../../analyzers/queries/index.ts";
import type { Presence } from "../component.ts";

const migrations = /(^|\/)(migrations?|drizzle)\/.*\.(sql|[cm]?[jt]s)$/i;

/** In effect with migrations and queries; present with a database alone. */
export function presence(model: Model): Presence {
  const databases = model.services
    .flatMap(({ backing }) => backing)
    .filter(({ kind }) => /^(postgres|mysql|sqlite|mongodb)$/.test(kind));
  const query = queriesOf(model).find(({ call }) => model.context(call.file) === "server");
  const evidence = databases.map(({ evidence: seen }) => seen);
  if (query === undefined && evidence.length === 0) return { status: "absent", evidence: [] };
  const asked =
    query === undefined ? [] : [{ file: query.call.file, line: query.call.line, note: `asks ${query.dialect}` }];
  const kept = model.repo.files.find((file) => migrations.test(file));
  if (query === undefined || kept === undefined) return { status: "present", evidence: [...evidence, ...asked] };
  return {
    status: "in_effect",
    evidence: [{ file: kept, line: 1, note: "migrations are kept" }, ...evidence, ...asked],
  };
}
