/** Helpers that are handed the conditions of their query: which rows it gives is said where they are called. */
import { fileIn, indexIn } from "../../analyzers/ids.ts";
import { rootOf } from "../../analyzers/flow/file-index.ts";
import type { Known, Model } from "../../analyzers/model.ts";
import type { Query } from "../../analyzers/queries/index.ts";
import type { Summary, Value } from "../../analyzers/summary.ts";

const conditionKeys = /^(where|filter|query|conditions?)$/;

/** Whether a caller of the function that asks may leave only few rows: `find({ id: { in: ids } })`, or what cannot be read. */
export function areNarrowedElsewhere({ call, calls }: Query, model: Model): boolean {
  const summary = model.summary(call.file);
  if (summary === null) return false;
  const own = [...calls].filter((id) => fileIn(id) === call.file);
  const args = own.flatMap((id) => summary.calls[indexIn(id)]?.args ?? []);
  const params = args.flatMap((arg) => givenIn(arg, summary));
  return params.some(({ fn, index }) =>
    model.callers(`${call.file}#${fn}`).some((caller) => mayNarrow(caller.args[index])),
  );
}

type Param = Extract<Value, { kind: "param" }>;

/** The parameters that are the conditions, or a part of them: `find(where)`, `findMany({ where: { ...filter } })`. */
function givenIn(arg: Value, summary: Summary): Param[] {
  if (arg.kind !== "object") return paramOf(arg, summary);
  const conditions = arg.entries.filter(({ key }) => conditionKeys.test(key)).map(({ value }) => value);
  const inner = conditions.flatMap((value) => (value.kind === "object" ? value.spreads : [value]));
  return [...arg.spreads, ...inner].flatMap((value) => paramOf(value, summary));
}

function paramOf(value: Value, summary: Summary): Param[] {
  const root = rootOf(value);
  const bound = root.kind === "name" ? summary.functions[root.fn]?.bindings[root.name]?.[0] : root;
  const behind = bound === undefined ? undefined : rootOf(bound);
  return behind?.kind === "param" ? [behind] : [];
}

/** An object that is written out narrows by a key, by a list of ids or by a limit; anything else may. */
function mayNarrow(arg: Known | undefined): boolean {
  if (arg === undefined || arg.kind === "literal") return false;
  if (arg.kind !== "object" || arg.open) return true;
  return Object.entries(arg.entries).some(
    ([key, value]) => /^(_?id|take|limit|\$?in)$/i.test(key) || (value.kind === "object" && mayNarrow(value)),
  );
}
