/** How much a read of the database brings: the whole table, what a condition leaves of it, or no more than a limit. */
import { indexIn } from "../closure.ts";
import type { CallSite, Known, Model } from "../model.ts";
import type { Summary, Value } from "../summary.ts";

export interface Extent {
  /** A limit stands in the query: the list cannot grow without end. */
  isBounded: boolean;
  /** A condition stands in it. */
  isNarrowed: boolean;
}

const limits = /^(limit|take|first|top|perPage|pageSize|page|paginate|cursor|fetchFirst)$/i;
const conditions = /^(where|andWhere|whereIn|filter|eq|in|match|having|selector|contains|gt|gte|lt|lte|populate)$/;
/** Reads of one row, or of a number. */
const single =
  /\.(findOne|findOneBy|findOneOrFail|findUnique|findUniqueOrThrow|findFirst|findFirstOrThrow|findById|findByPk|count|countDocuments|estimatedDocumentCount|exists|aggregate|sum|max|min|single|maybeSingle|first)$/;

/** The read that a call of a driver or mapper makes, alone or with the calls chained on it; null when it reads no list. */
export function readBy(call: CallSite, model: Model): Extent | null {
  const chain = chainOf(call, model);
  const uses = chain.flatMap((link) => model.usesAt(link));
  if (uses.some(({ api }) => single.test(api)) || !uses.some(({ kind }) => kind === "database-read")) return null;
  return extentOf(chain, model);
}

/** The call and those it hangs on: `db.select()`, `.from(users)`, `.where(...)`. */
function chainOf(call: CallSite, model: Model): CallSite[] {
  const summary = model.summary(call.file);
  const chain = [call];
  let object: Value | undefined = summary?.calls[indexIn(call.id)]?.callee;
  while (object !== undefined) {
    while (object.kind === "member") object = object.object;
    if (object.kind !== "call") break;
    const inner = model.call(`${call.file}#${object.call}`);
    if (inner === null) break;
    chain.push(inner);
    object = summary?.calls[object.call]?.callee;
  }
  return chain;
}

/** What the calls of one query say of its extent. */
export function extentOf(chain: readonly CallSite[], model: Model): Extent {
  const said = { isBounded: false, isNarrowed: false };
  for (const call of chain) {
    const method = methodOf(call, model.summary(call.file));
    if (limits.test(method)) said.isBounded = true;
    if (conditions.test(method)) said.isNarrowed = true;
    for (const [position, arg] of call.args.entries())
      readArgument(arg, position === 0 && method.startsWith("find"), said);
  }
  return said;
}

function methodOf({ id }: CallSite, summary: Summary | null): string {
  const callee = summary?.calls[indexIn(id)]?.callee;
  if (callee?.kind === "member") return callee.property;
  return callee?.kind === "imported" ? callee.name : "";
}

/** Options by name, SQL by its words; the first argument of Mongo's `find` is the condition itself. */
function readArgument(arg: Known, isFilter: boolean, said: Extent): void {
  const text = arg.kind === "literal" ? String(arg.value) : arg.kind === "template" ? arg.parts.join(" ") : "";
  if (/\b(limit|fetch first|top)\b/i.test(text)) said.isBounded = true;
  if (/\bwhere\b/i.test(text)) said.isNarrowed = true;
  if (arg.kind !== "object") {
    if (isFilter && arg.kind === "unknown") said.isNarrowed = true;
    return;
  }
  const keys = Object.keys(arg.entries);
  if (keys.some((key) => limits.test(key))) said.isBounded = true;
  if (arg.open || isConditional(arg.entries["where"])) said.isNarrowed = true;
  const options =
    /^(where|include|select|orderBy|take|skip|data|attributes|order|relations|distinct|with|columns|raw)$/;
  if (isFilter && keys.some((key) => !options.test(key))) said.isNarrowed = true;
}

function isConditional(where: Known | undefined): boolean {
  return where !== undefined && (where.kind !== "object" || where.open || Object.keys(where.entries).length > 0);
}
