/** A migration of plain SQL with the new indexes, behind the last one of its folder. */
import type { Model } from "../../../analyzers/model.ts";
import { tablesNamed, type Column, type Engine, type Table } from "../../../analyzers/schema/index.ts";
import { fileWords, plainIndexName } from "./index-names.ts";
import { holdsUpWrites } from "./notes.ts";
import { migrationsBeside, nextNumbered } from "./numbered-files.ts";
import { grouped, namesOf, together, type Wanted, type Written } from "./wanted.ts";

/** Files that say how they are taken back, or that have another tool's picture beside them. */
const twoWays = /--[ \t]*(\+goose\b|migrate:(up|down)\b|@?(undo|down)\b|(up|down) migration\b)/i;

export function sqlObstacle(table: Table, column: Column, model: Model): string | null {
  const { file } = table.place;
  const [last, ...others] = migrationsBeside(file, model);
  if (!file.endsWith(".sql") || last === undefined)
    return "the table is not made in a folder of migrations whose names begin with numbers";
  if (model.repo.files.some((other) => other.startsWith(`${folderOf(file)}/meta/`)))
    return "the migrations are written by a tool that keeps a picture of the schema beside them";
  if ([last, ...others].some((other) => twoWays.test(model.repo.read(other) ?? "")))
    return "the migrations are written for a tool in a form of its own";
  if (table.engine === null || table.engine === "mongodb") return "the database behind the tables is not known";
  if (isUnfit(column, table.engine)) return "its type is none that a plain index can hold";
  if (nextNumbered(last, [], model) === null)
    return "the last migration's name has no number that another one could follow, or code names each migration";
  const name = indexName(table, column, table.engine);
  const isThere = tablesNamed(model, table.names[0] ?? "", file).length > 1;
  const texts = [last, ...others].map((other) => model.repo.read(other) ?? "");
  return isThere || texts.some((text) => text.includes(name)) ? "the table is declared in more than one place" : null;
}

function folderOf(file: string): string {
  return file.slice(0, file.lastIndexOf("/"));
}

function isUnfit({ type }: Column, engine: Engine): boolean {
  return engine === "mysql"
    ? /^(json|\w*text|\w*blob)$/i.test(type ?? "")
    : /^(json|jsonb|tsvector|vector|point)$/i.test(type ?? "");
}

function indexName(table: Table, column: Column, engine: Engine): string {
  return plainIndexName(fileWords(table.names[0] ?? ""), [fileWords(column.names[0] ?? "")], engine);
}

export function sqlIndexes(wanted: readonly Wanted[], model: Model): Written {
  return together(grouped(wanted, ({ table }) => folderOf(table.place.file)).map(([, own]) => inFolder(own, model)));
}

function inFolder(wanted: readonly Wanted[], model: Model): Written {
  const [first] = wanted;
  const [last] = first === undefined ? [] : migrationsBeside(first.table.place.file, model);
  if (first === undefined || last === undefined) return together([]);
  const file = nextNumbered(last, namesOf(wanted), model);
  if (file === null) return together([]);
  const isPostgres = first.table.engine === "postgres";
  return {
    edits: [{ kind: "create", file, text: wanted.map((each) => statementFor(each, model)).join("") }],
    cured: wanted.map(({ finding }) => finding),
    notes: isPostgres ? [holdsUpWrites("mark the migration as done, or write `IF NOT EXISTS` into it")] : [],
  };
}

/** In the case and with the quotes of the migration that made the table. */
function statementFor({ table, column }: Wanted, { repo }: Model): string {
  const text = repo.read(table.place.file) ?? "";
  const named = (name: string): string => {
    const sign = ['"', "`"].find((each) => text.includes(`${each}${name}${each}`)) ?? "";
    return `${sign}${name}${sign}`;
  };
  const isLower = /\bcreate table\b/.test(text) && !/\bCREATE TABLE\b/.test(text);
  const [create, on] = isLower ? ["create index", "on"] : ["CREATE INDEX", "ON"];
  const schema =
    new RegExp(`table\\s+(?:if\\s+not\\s+exists\\s+)?("?\\w+"?\\.)["\`]?${table.names[0] ?? ""}\\b`, "i").exec(
      text,
    )?.[1] ?? "";
  const name = indexName(table, column, table.engine ?? "postgres");
  return `${create} ${name} ${on} ${schema}${named(table.names[0] ?? "")} (${named(column.names[0] ?? "")});\n`;
}
