/** Migrations in code: Knex's schema builder, Sequelize's query interface, node-pg-migrate, Kysely's schema module. */
import type { Expr } from "../flow/expression.ts";
import { rootOf } from "../flow/file-index.ts";
import type { CallSite, Model } from "../model.ts";
import { itemsOf, textOf } from "../queries/resolve.ts";
import type { Call, Summary, Value } from "../summary.ts";
import { columnsIn, engineOf } from "./sequelize.ts";
import { plain, type Column, type Engine, type Table } from "./table.ts";

type Tables = Map<string, Table>;
const folders = /(^|\/)(migrations?|db|database|schema|knex)(\/|\.)/i;

export function builderTables(model: Model): Table[] {
  const tables: Tables = new Map();
  for (const file of model.repo.files) {
    const summary = folders.test(file) ? model.summary(file) : null;
    if (summary === null || model.context(file) === "test") continue;
    for (const [id, call] of summary.calls.entries()) {
      const site =
        call.callee.kind === "member" && makers.has(call.callee.property) ? model.call(`${file}#${id}`) : null;
      if (site !== null) readCall(model, summary, call, site, tables);
    }
  }
  return [...tables.values()];
}

const makers = new Set([
  "createTable",
  "createTableIfNotExists",
  "alterTable",
  "table",
  "addIndex",
  "createIndex",
  "addConstraint",
  "addColumns",
  "addColumn",
]);

function readCall(model: Model, summary: Summary, call: Call, site: CallSite, tables: Tables): void {
  const args = call.args.map((value): Expr => ({ file: site.file, value, frame: null }));
  const [first, second] = args;
  const method = call.callee.kind === "member" ? call.callee.property : "";
  const name = textOf(model, first);
  if (name === null || second === undefined) return;
  if (second.value.kind === "fn") {
    const table = tableNamed(tables, name, site, engineOf(model, site.file));
    return readBlueprint(model, summary, site, second.value.fn, table);
  }
  if (method.startsWith("createTable")) {
    const columns = columnsIn(model, site, second);
    const table = tableNamed(tables, name, site, engineOf(model, site.file));
    if (columns !== null) table.columns.push(...columns.list.filter((column) => !isKnown(table, column)));
    return;
  }
  const table = tables.get(plain(name));
  if (table === undefined) return;
  if (method === "addIndex" || method === "createIndex") {
    const columns = listOf(model, second) ?? [];
    if (columns.length > 0) table.indexes.push({ columns, unique: /unique:\s*true/.test(textAt(model, site)) });
  }
  if (method === "addConstraint" && /unique/i.test(textAt(model, site))) {
    const columns = [...textAt(model, site).matchAll(/fields:\s*\[([^\]]*)\]/g)].flatMap(([, list = ""]) =>
      [...list.matchAll(/["'](\w+)["']/g)].flatMap(([, each]) => each ?? []),
    );
    if (columns.length > 0) table.indexes.push({ columns, unique: true });
  }
}

function textAt({ repo }: Model, { file, span }: CallSite): string {
  return (repo.read(file) ?? "").slice(span.start, span.end);
}

function listOf(model: Model, expr: Expr): string[] | null {
  const text = textOf(model, expr);
  return text === null ? (itemsOf(model, expr)?.flatMap((item) => textOf(model, item) ?? []) ?? null) : [text];
}

function isKnown({ columns }: Table, { names: [name = ""] }: Column): boolean {
  return columns.some(({ names }) => names.some((each) => plain(each) === plain(name)));
}

function tableNamed(tables: Tables, name: string, { file, line }: CallSite, engine: Engine | null): Table {
  const known = tables.get(plain(name));
  if (known !== undefined) return known;
  const table: Table = {
    names: [name],
    place: { file, line },
    source: "builder",
    engine,
    columns: [],
    indexes: [],
    lists: [],
    open: false,
  };
  tables.set(plain(name), table);
  return table;
}

/** `(table) => { table.integer("user_id").references("id").inTable("users").index(); }` */
function readBlueprint(model: Model, summary: Summary, site: CallSite, fn: number, table: Table): void {
  const isOwn = (value: Value): boolean => {
    const root = rootOf(value);
    if (root.kind === "param") return root.fn === fn && root.index === 0;
    const inner = root.kind === "call" ? summary.calls[root.call]?.callee : undefined;
    return inner !== undefined && isOwn(inner);
  };
  const holder = summary.functions[fn]?.span;
  const calls = summary.calls.filter(
    ({ callee, span }) => holder !== undefined && span.start >= holder.start && span.end <= holder.end && isOwn(callee),
  );
  // The outermost call of a chain comes last; each step adds to the column that its beginning named.
  const byColumn = new Map<number, Column>();
  for (const call of calls.toSorted((a, b) => a.span.end - b.span.end)) {
    readStep(model, site.file, call, table, byColumn);
  }
}

function readStep(model: Model, file: string, call: Call, table: Table, byStart: Map<number, Column>): void {
  if (call.callee.kind !== "member") return;
  const { property, object } = call.callee;
  const first = call.args[0] === undefined ? null : listOf(model, { file, value: call.args[0], frame: null });
  const column = byStart.get(call.span.start);
  if (object.kind === "param") {
    if (["index", "unique", "primary"].includes(property) && first !== null)
      return void table.indexes.push({ columns: first, unique: property !== "index" });
    return addColumn(property, first, call, { table, file, byStart });
  }
  if (column === undefined) return;
  if (property === "unique") column.unique = true;
  if (property === "index") column.indexed = true;
  if (property === "primary") column.primary = true;
  if (property === "inTable" || property === "references") {
    const target = property === "inTable" ? first?.[0] : first?.[0]?.split(".").at(-2);
    column.references = target ?? column.references;
    if (table.engine === "mysql") column.indexed = true;
  }
}

function addColumn(
  kind: string,
  names: string[] | null,
  call: Call,
  into: { table: Table; file: string; byStart: Map<number, Column> },
): void {
  const { table, file, byStart } = into;
  const [name = kind.includes("ncrements") ? "id" : undefined] = names ?? [];
  if (name === undefined || /^(drop|rename|timestamps|comment|engine|charset|collate|inherits)/.test(kind)) return;
  const known = table.columns.find((column) => column.names.some((each) => plain(each) === plain(name)));
  const primary = kind.includes("ncrements");
  const column: Column = known ?? {
    names: [name],
    place: { file, line: call.span.line },
    primary,
    unique: false,
    indexed: false,
    references: null,
    type: kind.toLowerCase(),
  };
  if (known === undefined && kind !== "foreign") table.columns.push(column);
  byStart.set(call.span.start, column);
}
