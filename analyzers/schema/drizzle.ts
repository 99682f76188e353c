/** Drizzle tables: `pgTable("users", { ... }, (table) => [index().on(table.email)])`. */
import { indexIn } from "../ids.ts";
import { calledName } from "../flow/calls.ts";
import type { Expr } from "../flow/expression.ts";
import { beside } from "../flow/expression.ts";
import type { CallSite, Model } from "../model.ts";
import { behind, entriesOf, itemsOf, nameOf, textOf } from "../queries/resolve.ts";
import type { Call, Summary } from "../summary.ts";
import { plain, type Column, type Engine, type Index, type Table } from "./table.ts";

const makers: readonly { package: string; name: string; engine: Engine }[] = [
  { package: "drizzle-orm/pg-core", name: "pgTable", engine: "postgres" },
  { package: "drizzle-orm/mysql-core", name: "mysqlTable", engine: "mysql" },
  { package: "drizzle-orm/sqlite-core", name: "sqliteTable", engine: "sqlite" },
];

export function drizzleTables(model: Model): Table[] {
  return makers.flatMap(({ package: from, name, engine }) => {
    // `pgTableCreator((name) => ...)` and `pgSchema("x").table` make tables, too.
    const uses = [
      `${from}:${name}`,
      `${from}:${name}Creator()`,
      `${from}:${name.replace("Table", "Schema")}().table`,
    ].flatMap((api) => model.usesOf(api));
    return uses.flatMap(({ call }) => tableOf(model, call, engine) ?? []);
  });
}

function tableOf(model: Model, call: CallSite, engine: Engine): Table | null {
  const summary = model.summary(call.file);
  const fact = summary?.calls[indexIn(call.id)];
  if (summary === null || fact === undefined) return null;
  const [name, fields, extra] = fact.args.map((value): Expr => ({ file: call.file, value, frame: null }));
  const columns = fields === undefined ? null : columnsIn(model, fields);
  const text = textOf(model, name);
  if (columns === null) return null;
  const names = [...variablesOf(summary, indexIn(call.id)), ...(text === null ? [] : [text])];
  const indexes = extra === undefined ? [] : indexesIn(model, extra);
  for (const { columns: own } of indexes.filter(({ primary }) => primary)) {
    for (const column of columns.list)
      if (column.names.some((each) => own.some((key) => plain(key) === plain(each)))) column.primary = true;
  }
  const foreign =
    engine === "mysql"
      ? columns.list.flatMap(({ names: [own = ""], references }) =>
          references === null ? [] : [{ columns: [own], unique: false }],
        )
      : [];
  return {
    names: [...new Set(names)],
    place: { file: call.file, line: call.line },
    source: "drizzle",
    engine,
    columns: columns.list,
    indexes: [...indexes, ...foreign],
    lists: [],
    open: columns.open,
  };
}

/** The names that a call's value is given in its module. */
export function variablesOf(summary: Summary, call: number): string[] {
  return Object.entries(summary.functions[0]?.bindings ?? {}).flatMap(([name, values]) =>
    values.some((value) => value.kind === "call" && value.call === call) ? [name] : [],
  );
}

function columnsIn(model: Model, fields: Expr): { list: Column[]; open: boolean } | null {
  const found = entriesOf(model, fields);
  if (found === null) return null;
  const list = [...found.entries].flatMap(([key, value]) => columnIn(model, key, value) ?? []);
  return { list, open: found.open };
}

/** The calls of a chain, `integer("user_id").references(() => users.id)`, the first one first. */
function stepsOf(model: Model, expr: Expr): { file: string; steps: { name: string; call: Call }[] } {
  const { file, value } = behind(model, expr);
  const summary = model.summary(file);
  const steps: { name: string; call: Call }[] = [];
  let at = value;
  while (at.kind === "call") {
    const call: Call | undefined = summary?.calls[at.call];
    if (call === undefined) break;
    steps.unshift({ name: calledName(call.callee).split(".").at(-1) ?? "", call });
    at = call.callee.kind === "member" ? call.callee.object : { kind: "unknown" };
  }
  return { file, steps };
}

function columnIn(model: Model, key: string, value: Expr): Column | null {
  const { file, steps } = stepsOf(model, value);
  const [first] = steps;
  if (first === undefined) return null;
  const has = (name: string): boolean => steps.some((step) => step.name === name);
  const text = textOf(
    model,
    first.call.args[0] === undefined ? undefined : { file, value: first.call.args[0], frame: null },
  );
  const references = steps.find(({ name }) => name === "references")?.call.args[0];
  return {
    names: [...new Set([key, text ?? key])],
    place: { file, line: first.call.span.line },
    primary: has("primaryKey"),
    unique: has("unique"),
    indexed: false,
    references: references === undefined ? null : targetOf(model, { file, value: references, frame: null }),
    type: first.name.toLowerCase(),
  };
}

/** `() => users.id` */
function targetOf(model: Model, { file, value }: Expr): string | null {
  const returned = value.kind === "fn" ? model.summary(file)?.functions[value.fn]?.returns[0] : undefined;
  return returned?.kind === "member" ? nameOf(model, { file, value: returned.object, frame: null }) : null;
}

function indexesIn(model: Model, extra: Expr): (Index & { primary: boolean })[] {
  const { file, value } = behind(model, extra);
  const returned = value.kind === "fn" ? (model.summary(file)?.functions[value.fn]?.returns ?? []) : [value];
  return returned.flatMap((each) => {
    const expr = { file, value: each, frame: null };
    const items = itemsOf(model, expr) ?? [...(entriesOf(model, expr)?.entries.values() ?? [])];
    return items.flatMap((item) => declaredIndex(model, item) ?? []);
  });
}

function declaredIndex(model: Model, item: Expr): (Index & { primary: boolean }) | null {
  const { file, steps } = stepsOf(model, item);
  const kind = steps[0]?.name ?? "";
  if (!["index", "uniqueIndex", "unique", "primaryKey"].includes(kind)) return null;
  const on = steps.find(({ name }) => ["on", "onOnly", "using"].includes(name)) ?? steps[0];
  const given = (on?.call.args ?? []).map((value): Expr => ({ file, value, frame: null }));
  const listed = given.flatMap((each) => entriesOf(model, each)?.entries.get("columns") ?? []);
  const columns = [...given, ...listed.flatMap((each) => itemsOf(model, each) ?? [])].flatMap(
    (each) => fieldOf(model, each) ?? [],
  );
  const partial = steps.some(({ name }) => name === "where");
  return columns.length === 0
    ? null
    : { columns, unique: kind !== "index" && !partial, primary: kind === "primaryKey" };
}

/** `table.email`, `table.createdAt.desc()`. */
function fieldOf(model: Model, expr: Expr): string | null {
  const { file, value } = behind(model, expr);
  if (value.kind === "member") return value.property;
  const callee = value.kind === "call" ? model.summary(file)?.calls[value.call]?.callee : undefined;
  return callee?.kind === "member" ? fieldOf(model, beside(expr, callee.object)) : null;
}
