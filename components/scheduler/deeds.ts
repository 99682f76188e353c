/** What a schedule does that must happen once per tick, not once per copy of the app. */
import { closureOf } from "../../analyzers/code/closure.ts";
import type { CallSite, Known, Model, Use } from "../../analyzers/model.ts";
import { queriesOf } from "../../analyzers/queries/index.ts";
import { columnOf, tablesNamed, type Table } from "../../analyzers/schema/index.ts";
import { isWritingRequest } from "../../analyzers/code/requests.ts";
import { usesWithin } from "../../analyzers/code/uses-within.ts";
import { cellsOf } from "../../analyzers/state/cells.ts";
import type { Schedule } from "./schedules.ts";

/** `twice`: doing it twice hurts. `maybe`: it depends on what is written. */
export interface Deed {
  call: CallSite;
  /** As in "sends mail". */
  does: string;
  harm: "twice" | "maybe";
}

const writesFiles = "writes files";

type Kinds = Readonly<Partial<Record<NonNullable<Use["kind"]>, string>>>;

const twice: Kinds = {
  mail: "sends mail",
  push: "sends notifications",
  payment: "moves money",
  model: "asks a model, which costs",
  queue: "stores jobs",
};

/** Everything it does, the worst first, directly or through other functions of the app. */
export function deedsOf({ fns, isTimer }: Pick<Schedule, "fns" | "isTimer">, model: Model): Deed[] {
  const inside = new Set(fns.flatMap((id) => [...closureOf({ id }, model)]));
  const deeds = usesWithin(inside, kinds, model).flatMap((use) => deedOf(use, model) ?? []);
  // What a timer puts on its own disk every few seconds is that copy's own matter, and so is what gathered in its memory.
  const isOwn =
    isTimer && emptiesList(inside, model) ? () => true : ({ does }: Deed) => isTimer && does === writesFiles;
  const own = (deed: Deed): Deed => (isOwn(deed) ? { ...deed, harm: "maybe" } : deed);
  return deeds.map(own).toSorted((a, b) => rankOf(a) - rankOf(b));
}

/** `const batch = this.waiting.splice(0, 50)`: it takes out of a list in memory what other code put there. */
function emptiesList(inside: ReadonlySet<string>, model: Model): boolean {
  return cellsOf(model).some(
    ({ shape, changes }) =>
      shape === "list" &&
      changes.some(({ how, fn }) => how === "drop" && inside.has(fn.id)) &&
      changes.some(({ how, fn }) => how === "add" && !inside.has(fn.id)),
  );
}

function rankOf({ harm, does }: Deed): number {
  const rank = ["moves money", "sends mail", "sends notifications"].indexOf(does);
  return (harm === "twice" ? 0 : 10) + (rank < 0 ? 5 : rank);
}

const kinds = ["mail", "push", "payment", "model", "queue", "http", "database-write", "file-write", "storage"] as const;

const preparing =
  /(^|\.)(verify|close|setApiKey|createTransport\(\)|retrieve|list|get|fetch|models\.list|embeddings\.create)$/;

function deedOf(use: Use, model: Model): Deed | null {
  const { kind, call, api } = use;
  if (kind === null || call.isNew || preparing.test(api)) return null;
  const does = twice[kind];
  if (does !== undefined) return { call, does, harm: kind === "queue" && isOneJob(use) ? "maybe" : "twice" };
  switch (kind) {
    case "http":
      return isWritingRequest(use) ? { call, does: "calls another service to change something", harm: "twice" } : null;
    case "file-write":
      return /createWriteStream|appendFile|writeFile|write|output/.test(api)
        ? { call, does: writesFiles, harm: "twice" }
        : null;
    case "database-write":
      return writing(use, model);
    default:
      return null;
  }
}

/** BullMQ and Bull ignore a job whose id they have already; options that cannot be read may hold one. */
function isOneJob({ api, call: { args } }: Use): boolean {
  if (!/^(@nestjs\/)?bull(mq)?:/.test(api)) return false;
  return args.slice(1).some((arg) => arg.kind === "unknown" || (arg.kind === "object" && namesJob(arg.entries)));
}

function namesJob(options: Readonly<Record<string, Known>>): boolean {
  return "jobId" in options || "deduplication" in options;
}

const inserting =
  /\.(create|createMany|createManyAndReturn|insert|insertOne|insertMany|bulkCreate|increment|add|persistAndFlush|insertInto)$/;
/** Done twice, the rows are as after the first time. */
const removing =
  /\.(delete|deleteOne|deleteMany|destroy|remove|del|truncate|findByIdAndDelete|findByIdAndRemove|findOneAndDelete|softDelete|softRemove|nativeDelete|deleteFrom|updateMany|upsert|restore|transaction|\$transaction|withTransaction|begin)$/;

function writing({ api, call }: Use, model: Model): Deed | null {
  const sql = sqlOf(call);
  if (sql !== null) return writingSql(call, sql);
  if (inserting.test(api)) return { call, does: "adds rows", harm: hasConflictClause(call, model) ? "maybe" : "twice" };
  if (removing.test(api)) return null;
  if (call.args.some((arg) => counts(arg))) return { call, does: "counts rows up or down", harm: "twice" };
  return { call, does: "changes rows", harm: "maybe" };
}

/** `{ $inc: { stock: -1 } }`, `{ data: { stock: { decrement: 1 } } }`. */
function counts(arg: Known, depth = 0): boolean {
  if (arg.kind !== "object" || depth > 3) return false;
  return Object.entries(arg.entries).some(
    ([key, value]) => /^(\$inc|\$mul|\$push|increment|decrement|multiply)$/.test(key) || counts(value, depth + 1),
  );
}

function sqlOf({ args }: CallSite): string | null {
  for (const arg of args) {
    const text = arg.kind === "literal" ? String(arg.value) : arg.kind === "template" ? arg.parts.join("?") : "";
    if (/^[\s(]*(insert|update|delete|with|merge|replace|truncate)\b/i.test(text)) return text;
  }
  return null;
}

function writingSql(call: CallSite, sql: string): Deed | null {
  if (/\binsert\b/i.test(sql)) {
    return {
      call,
      does: "adds rows",
      harm: /on\s+(conflict|duplicate)|insert\s+(or\s+)?ignore/i.test(sql) ? "maybe" : "twice",
    };
  }
  const relative = /\bset\b[^]*?(\w+)\s*=\s*\1\s*[-+*]/i.test(sql);
  return relative ? { call, does: "counts rows up or down", harm: "twice" } : null;
}

/** `.onConflictDoNothing()`, `.onConflict().merge()` behind the insert, into a table where rows can conflict at all. */
function hasConflictClause(call: CallSite, model: Model): boolean {
  const { file, statement } = call;
  const text = (model.repo.read(file) ?? "").slice(statement.start, statement.end);
  return /onConflict|onDuplicate|skipDuplicates|ordered:\s*false/.test(text) && mayConflict(call, model);
}

/** Where nothing but the row's own id is unique, the same row again is one more row. */
function mayConflict({ id, file }: CallSite, model: Model): boolean {
  const table = queriesOf(model).find(({ call }) => call.id === id)?.table ?? null;
  const tables = table === null ? [] : tablesNamed(model, table, file);
  return tables.length === 0 || tables.some((each) => each.open || hasOwnKey(each));
}

/** A constraint on more than the key that each new row is given. */
function hasOwnKey(table: Table): boolean {
  const isGiven = (name: string): boolean => /^_?id$/i.test(name) || columnOf(table, name)?.primary === true;
  return (
    table.columns.some(({ unique, names }) => unique && !names.some(isGiven)) ||
    table.indexes.some(({ unique, columns }) => unique && !columns.every(isGiven))
  );
}
