/** Whether a query gives a handful of rows: by its table's name, unless people stand in it, or because only the staff is asked for. */
import type { Expr } from "../../analyzers/flow/expression.ts";
import type { Model } from "../../analyzers/model.ts";
import type { Filter, Query } from "../../analyzers/queries/index.ts";
import { tablesNamed } from "../../analyzers/schema/index.ts";
import { isSmall } from "./names.ts";

/** `provider` may be the three ways to log in, or the thousand craftsmen of a market: those have passwords. */
export function isHandful(
  {
    table,
    call,
    filters = [],
  }: Pick<Query, "table"> & { call: Pick<Query["call"], "file"> } & Partial<Pick<Query, "filters">>,
  model: Model,
): boolean {
  if (isStaff({ filters })) return true;
  return (
    table !== null &&
    isSmall(table) &&
    !tablesNamed(model, table, call.file).some(({ columns }) => columns.some(isOfPeople))
  );
}

function isOfPeople({ names }: { names: readonly string[] }): boolean {
  return names.some((name) => /^password(_?hash)?$|^hashed_?password$/i.test(name));
}

const staff = /^(super_?|site_?|system_?)?(admin|administrator|moderator|staff|root)s?$/i;

/** Whether it asks for those alone who run the app. */
export function isStaff({ filters }: Pick<Query, "filters">): boolean {
  return filters.some(isOfStaff);
}

/** `isAdmin: true`, `role: "ADMIN"`, `role: Role.Admin`: those who run the app. */
function isOfStaff({ column, how, value, sure }: Filter): boolean {
  if (!sure || how !== "=" || value === null) return false;
  const word = wordOf(value);
  if (/^(user_?|account_?)?(role|type)(_?name)?$/i.test(column)) return typeof word === "string" && staff.test(word);
  return /^is_?/i.test(column) && staff.test(column.replace(/^is_?/i, "")) && word === true;
}

function wordOf({ value }: Expr): string | number | boolean | null {
  if (value.kind === "literal") return value.value;
  return value.kind === "member" ? value.property : null;
}
