/** `index().on()` in the tables of a Drizzle schema; the migration is left to drizzle-kit, which keeps a picture of the schema beside it. */
import { posix } from "node:path";
import type { Model } from "../../../analyzers/model.ts";
import type { Column, Engine, Table } from "../../../analyzers/schema/index.ts";
import type { Value } from "../../../analyzers/summary.ts";
import type { Edit } from "../../../patches/edit.ts";
import { addImport, localName } from "../../../patches/editors/imports.ts";
import { openSource, type Source } from "../../../patches/editors/source.ts";
import { typescript, walk, type ts } from "../../../patches/editors/typescript.ts";
import { addTableItems, type TableItem } from "./drizzle-extras.ts";
import { fileWords, plainIndexName } from "./index-names.ts";
import { holdsUpWrites } from "./notes.ts";
import { grouped, servedBy, together, type Wanted, type Written } from "./wanted.ts";

const cores: Readonly<Partial<Record<Engine, string>>> = {
  postgres: "drizzle-orm/pg-core",
  mysql: "drizzle-orm/mysql-core",
  sqlite: "drizzle-orm/sqlite-core",
};

/** Types that a plain index cannot hold; MySQL wants a length for its texts. */
const unfit: Readonly<Partial<Record<Engine, RegExp>>> = {
  postgres: /^(jsonb?|vector|geometry|point|line)$/,
  mysql: /^(json|text|tinytext|mediumtext|longtext|blob)$/,
};

export function drizzleObstacle(table: Table, column: Column, model: Model): string | null {
  const { file, line } = table.place;
  const call = model.summary(file)?.calls.find(({ span, args }) => span.line === line && args.length > 1);
  if (call === undefined || call.args.length > 3 || call.args[1]?.kind !== "object")
    return "the table is not put together in one place";
  if (call.args[2] !== undefined && !givesCalls(call.args[2], file, model))
    return "the table's indexes are made by code that cannot be added to";
  if (table.engine !== null && unfit[table.engine]?.test(column.type ?? "") === true)
    return "its type is none that a plain index can hold";
  const name = indexName(table, column, model);
  return new RegExp(`["'\`]${name}["'\`]`).test(model.repo.read(file) ?? "")
    ? `there is something else of the name ${name} that the index would get`
    : null;
}

/** What returns other things than `index(...)` and its like has a way of its own. */
function givesCalls(extras: Value, file: string, model: Model): boolean {
  const [returned, ...others] = extras.kind === "fn" ? (model.summary(file)?.functions[extras.fn]?.returns ?? []) : [];
  if (returned === undefined || others.length > 0) return false;
  const items =
    returned.kind === "array"
      ? returned.items
      : returned.kind === "object"
        ? returned.entries.map(({ value }) => value)
        : null;
  return items?.every(({ kind }) => kind === "call") ?? false;
}

export function drizzleIndexes(wanted: readonly Wanted[], model: Model): Written {
  const written = grouped(wanted, ({ table }) => table.place.file).map(([file, own]) => inFile(file, own, model));
  const all = together(written);
  const hasJournal = model.repo.files.some((file) => posix.basename(file) === "_journal.json");
  if (all.cured.length === 0) return all;
  const isPostgres = wanted.some(({ table }) => table.engine === "postgres");
  const generate =
    "Run `npx drizzle-kit generate`: it writes the migration and the picture of the schema that goes with it, which the patch leaves to it.";
  const push =
    "`npx drizzle-kit push` brings the indexes into the database; with migrations, `npx drizzle-kit generate` writes the one for them.";
  const done = "write `IF NOT EXISTS` into the generated migration";
  return {
    ...all,
    notes: [hasJournal ? generate : push, ...(isPostgres ? [holdsUpWrites(hasJournal ? done : null)] : [])],
  };
}

function inFile(file: string, wanted: readonly Wanted[], model: Model): Written {
  const source = openSource(model.repo, file);
  const engine = wanted[0]?.table.engine ?? null;
  const from = engine === null ? undefined : cores[engine];
  if (source === null || from === undefined) return { edits: [], cured: [], notes: [] };
  const maker = localName(source, from, "index") ?? (isTaken(source, "index") ? null : "index");
  if (maker === null) return { edits: [], cured: [], notes: [] };
  const tables = grouped(wanted, ({ table }) => String(table.place.line)).map(([, own]) => {
    const items = own.map(({ table, column }) => itemFor(maker, table, column, model));
    const edits = addTableItems(source, own[0]?.table.place.line ?? 0, items, hasArrays(model, file));
    return servedBy(own, edits);
  });
  const all = together(tables);
  const imports: Edit[] =
    all.cured.length === 0 ? [] : addImport(source, { from, names: [{ name: "index", as: maker }] });
  return { ...all, edits: [...imports, ...all.edits] };
}

function itemFor(maker: string, table: Table, column: Column, model: Model): TableItem {
  const [field = ""] = column.names;
  const name = JSON.stringify(indexName(table, column, model));
  const access = /^[A-Za-z_$][\w$]*$/.test(field) ? `.${field}` : `[${JSON.stringify(field)}]`;
  return { key: `${field.replaceAll(/\W/g, "")}Idx`, value: (row) => `${maker}(${name}).on(${row}${access})` };
}

/** `orders_user_id_idx`, or `idx_orders_user_id` where the app's own indexes begin like that. */
function indexName({ names, engine, place }: Table, column: Column, { repo }: Model): string {
  const table = names.at(-1) ?? "";
  const key = column.names.at(-1) ?? "";
  const isFront = /\bindex\(\s*["'`]idx_/i.test(repo.read(place.file) ?? "");
  if (isFront) return `idx_${fileWords(table, key)}`.slice(0, longestName);
  return plainIndexName(fileWords(table), [fileWords(key)], engine ?? "postgres");
}

/** As Postgres keeps them; the other databases keep longer ones. */
const longestName = 63;

/** Since 0.36 a table's third argument may return an array; the object of before is deprecated there. */
function hasArrays(model: Model, file: string): boolean {
  const service = model.service(file);
  const ranges = [service, ...model.services].flatMap((each) => each?.dependencies["drizzle-orm"] ?? []);
  const [, major, minor] = /(\d+)\.(\d+)/.exec(ranges.find((range) => /\d/.test(range)) ?? "") ?? [];
  return major === undefined || Number(major) > 0 || Number(minor) >= 36;
}

/** Whether the file has a variable, parameter or import of this name; fields of objects do not matter. */
function isTaken(source: Source, name: string): boolean {
  const ts = typescript();
  const isField = ({ parent }: ts.Node, node: ts.Node): boolean =>
    (ts.isPropertyAssignment(parent) || ts.isPropertyAccessExpression(parent) || ts.isPropertySignature(parent)) &&
    parent.name === node;
  return [...walk(source.tree)].some((node) => ts.isIdentifier(node) && node.text === name && !isField(node, node));
}
