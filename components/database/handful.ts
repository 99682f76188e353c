/** Whether a table holds a handful of rows: by its name, unless its columns say that people stand in it. */
import type { Model } from "../../analyzers/model.ts";
import type { Query } from "../../analyzers/queries/index.ts";
import { tablesNamed } from "../../analyzers/schema/index.ts";
import { isSmall } from "./names.ts";

/** `provider` may be the three ways to log in, or the thousand craftsmen of a market: those have passwords. */
export function isHandful(
  { table, call }: Pick<Query, "table"> & { call: Pick<Query["call"], "file"> },
  model: Model,
): boolean {
  return (
    table !== null &&
    isSmall(table) &&
    !tablesNamed(model, table, call.file).some(({ columns }) => columns.some(isOfPeople))
  );
}

function isOfPeople({ names }: { names: readonly string[] }): boolean {
  return names.some((name) => /^password(_?hash)?$|^hashed_?password$/i.test(name));
}
