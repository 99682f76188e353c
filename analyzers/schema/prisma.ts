/** Prisma schema files, one or many. */
import { posix } from "node:path";
import type { Model } from "../model.ts";
import { lineAt, type Column, type Engine, type Index, type Table } from "./table.ts";

const engines: Readonly<Record<string, Engine>> = {
  postgresql: "postgres",
  postgres: "postgres",
  cockroachdb: "postgres",
  mysql: "mysql",
  sqlite: "sqlite",
  mongodb: "mongodb",
};
const block = /^[ \t]*model\s+(\w+)\s*\{([^]*?)^[ \t]*\}/gm;
const field = /^([A-Za-z]\w*)\s+([A-Za-z]\w*)(\[\])?(\?)?\s*(.*)$/;

export function prismaTables({ repo }: Model): Table[] {
  const files = repo.files.filter((file) => file.endsWith(".prisma"));
  const texts = files.map((file) => ({ file, text: withoutComments(repo.read(file) ?? "") }));
  const tables = texts.flatMap(({ file, text }) => {
    const settings = texts.find((other) => other.file === file && hasSource(text)) ?? nearest(texts, file);
    const { engine, emulated } = sourceIn(settings?.text ?? "");
    return [...text.matchAll(block)].map((match) => tableOf(file, text, match, engine, emulated));
  });
  const kept = withoutDrafts(tables);
  const models = new Set(kept.map(({ names: [name = ""] }) => name.toLowerCase()));
  return kept.map((table) => ({ ...table, columns: table.columns.filter(({ type }) => !models.has(type ?? "")) }));
}

/** Prisma takes a model once: beside `schema.prisma`, another file of its folder that declares the same one is a draft. */
function withoutDrafts(tables: readonly Table[]): Table[] {
  const isMain = ({ place }: Table): boolean => posix.basename(place.file) === "schema.prisma";
  const keyOf = ({ place, names: [name = ""] }: Table): string => `${posix.dirname(place.file)} ${name}`;
  const taken = new Set(tables.filter(isMain).map(keyOf));
  return tables.filter((table) => isMain(table) || !taken.has(keyOf(table)));
}

/** Line numbers stay: only what stands behind `//` goes. */
function withoutComments(text: string): string {
  return text.replaceAll(/(^|\s)\/\/.*$/gm, "$1");
}

function hasSource(text: string): boolean {
  return /^[ \t]*datasource\s/m.test(text);
}

/** The file with the data source that lies closest, for schemas that are split. */
function nearest(texts: readonly { file: string; text: string }[], file: string): { text: string } | undefined {
  const shared = (other: string): number =>
    other.split("/").filter((part, index) => file.split("/")[index] === part).length;
  return texts.filter(({ text }) => hasSource(text)).toSorted((a, b) => shared(b.file) - shared(a.file))[0];
}

function sourceIn(text: string): { engine: Engine | null; emulated: boolean } {
  const body = /datasource\s+\w+\s*\{([^}]*)\}/.exec(text)?.[1] ?? "";
  const provider = /provider\s*=\s*"(\w+)"/.exec(body)?.[1] ?? "";
  return {
    engine: Object.hasOwn(engines, provider) ? (engines[provider] ?? null) : null,
    emulated: /relationMode\s*=\s*"prisma"/.test(body),
  };
}

function tableOf(file: string, text: string, match: RegExpExecArray, engine: Engine | null, emulated: boolean): Table {
  const [whole, name = "", body = ""] = match;
  const start = match.index + whole.indexOf(body);
  const place = { file, line: lineAt(text, match.index + whole.indexOf("model")) };
  const columns: Column[] = [];
  const indexes: Index[] = [];
  const names = [name];
  const keys: string[] = [];
  const lists: Table["lists"] = [];
  const firstLine = lineAt(text, start);
  const relations: { fields: string[]; target: string }[] = [];
  for (const [index, line] of body.split("\n").entries()) {
    const trimmed = line.replace(/\s\/\/.*$/, "").trim();
    const attribute = /^@@(\w+)\s*\(([^]*)\)\s*$/.exec(trimmed);
    if (attribute !== null) {
      readAttribute(attribute[1] ?? "", attribute[2] ?? "", { names, keys, indexes });
      continue;
    }
    const [, column, type = "", list, , rest = ""] = field.exec(trimmed) ?? [];
    if (column === undefined) continue;
    if (list !== undefined) lists.push({ name: column, table: type });
    const related = /@relation\s*\((?:[^)]*?)fields:\s*\[([^\]]*)\]/.exec(rest)?.[1];
    if (related !== undefined) relations.push({ fields: listed(related), target: type });
    if (related === undefined && list === undefined && !rest.includes("@relation"))
      columns.push(columnOf(column, type, rest, { file, line: firstLine + index }));
  }
  for (const column of columns) if (keys.includes(column.names[0] ?? "")) column.primary = true;
  for (const { fields, target } of relations) {
    for (const column of columns) if (fields.includes(column.names[0] ?? "")) column.references = target;
    // MySQL makes an index for every foreign key; PostgreSQL and SQLite do not, and emulated relations have none.
    if (engine === "mysql" && !emulated) indexes.push({ columns: fields, unique: false });
  }
  return { names, place, source: "prisma", engine, columns, indexes, lists, open: false };
}

function readAttribute(
  name: string,
  content: string,
  into: { names: string[]; keys: string[]; indexes: Index[] },
): void {
  // One column may stand without brackets: `@@index(authorId)`.
  const columns = listed(/\[([^\]]*)\]/.exec(content)?.[1] ?? /^\s*(?:fields:\s*)?(\w+)/.exec(content)?.[1] ?? "");
  if (name === "map") into.names.push(/"([^"]+)"/.exec(content)?.[1] ?? "");
  if (name === "id") {
    into.keys.push(...columns);
    into.indexes.push({ columns, unique: true });
  }
  if (name === "index" || name === "fulltext") into.indexes.push({ columns, unique: false });
  if (name === "unique") into.indexes.push({ columns, unique: true });
}

/** `a, b(sort: Desc)` */
function listed(text: string): string[] {
  return text
    .replaceAll(/\([^)]*\)/g, "")
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "");
}

function columnOf(name: string, type: string, rest: string, place: Column["place"]): Column {
  const mapped = /@map\s*\(\s*"([^"]+)"/.exec(rest)?.[1];
  return {
    names: mapped === undefined ? [name] : [name, mapped],
    place,
    primary: /@id\b/.test(rest),
    unique: /@unique\b/.test(rest),
    indexed: false,
    references: null,
    type: type.toLowerCase(),
  };
}
