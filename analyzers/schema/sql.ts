/** CREATE TABLE, CREATE INDEX and ALTER TABLE, in SQL files and in texts within code. */
import { bracketed, isSign, isWord, splitBy, tokensOf, type Token } from "../queries/sql/tokens.ts";
import type { Model } from "../model.ts";
import { lineAt, lineReader, plain, type Column, type Engine, type Index, type Table } from "./table.ts";

/** A text of SQL with the place where it begins. */
interface Script {
  file: string;
  text: string;
  /** Line of the file on which an offset of the text lies. */
  lineOf: (offset: number) => number;
}

/** Dumps larger than this are data. */
const MAX_LENGTH = 1_000_000;

/** What the scripts have made so far. `named`: indexes by their names, by which a later script takes them out again. */
interface Made {
  tables: Map<string, Table>;
  named: Map<string, { table: Table; index: Index }>;
}

export function sqlTables(model: Model): Table[] {
  const made: Made = { tables: new Map(), named: new Map() };
  for (const script of scriptsOf(model)) readScript(script, engineOf(model, script.file), made);
  return [...made.tables.values()];
}

function scriptsOf(model: Model): Script[] {
  const { repo } = model;
  const files = repo.files.filter(
    (file) => /\.sql$/i.test(file) && !/down\.sql$|(^|\/)(tests?|fixtures|examples?)\//i.test(file),
  );
  const written = files.map((file) => script(file, repo.read(file) ?? "", 1));
  const code = repo.files.filter(
    (file) => model.summary(file) !== null && !["test", "browser"].includes(model.context(file)),
  );
  return [...written, ...code.flatMap((file) => textsIn(file, repo.read(file) ?? ""))].filter(
    ({ text }) => text.length < MAX_LENGTH && /\b(create|alter|drop)\s/i.test(text),
  );
}

const quoted = /(["'`])(\s*(?:CREATE|ALTER)\s+(?:UNIQUE\s+)?(?:TABLE|INDEX)\b[^]*?)(?<!\\)\1/gi;

/** `db.exec("CREATE TABLE ...")`, `queryRunner.query("CREATE INDEX ...")`. */
function textsIn(file: string, text: string): Script[] {
  if (!/create /i.test(text) || !/create\s+(unique\s+)?(table|index)/i.test(text)) return [];
  return [...text.matchAll(quoted)].map((match) => script(file, match[2] ?? "", lineAt(text, match.index)));
}

function script(file: string, text: string, line: number): Script {
  const lineOf = lineReader(text);
  return { file, text, lineOf: (offset) => line + lineOf(offset) - 1 };
}

function engineOf(model: Model, file: string): Engine | null {
  if (/(^|\/)supabase\//.test(file)) return "postgres";
  const kinds = (model.service(file)?.backing ?? model.services.flatMap(({ backing }) => backing)).map(
    ({ kind }) => kind,
  );
  return (["postgres", "mysql", "sqlite"] as const).find((kind) => kinds.includes(kind)) ?? null;
}

/** Sections that take the migration back: `-- +goose Down`, `-- migrate:down`. */
const backwards = /--[ \t]*(\+goose[ \t]+|migrate:)?down\b/i;

function readScript(script: Script, engine: Engine | null, made: Made): void {
  const { tables } = made;
  const tokens = tokensOf([script.text]);
  const isOneWay = !backwards.test(script.text);
  for (const statement of splitBy(tokens, (token) => isSign(token, ";"))) {
    const isCreate = isWord(statement[0], "create");
    const what = statement.slice(1, 5).find((token) => isWord(token, "table", "index"));
    if (isCreate && isWord(what, "table")) createTable(script, statement, engine, tables);
    else if (isCreate && isWord(what, "index")) createIndex(script, statement, engine, made);
    else if (isWord(statement[0], "alter") && isWord(statement[1], "table")) alterTable(script, statement, tables);
    else if (isOneWay && isWord(statement[0], "drop") && isWord(statement[1], "index")) dropIndex(statement, made);
  }
}

/** Behind `IF NOT EXISTS`, `CONCURRENTLY`, `ONLY`: the last part of the name that stands there. */
function nameAt(tokens: readonly Token[], from: number): { name: string | null; next: number } {
  let at = from;
  while (isWord(tokens[at], "if", "not", "exists", "only", "concurrently")) at += 1;
  let name: string | null = null;
  for (let token = tokens[at]; token?.kind === "word"; token = tokens[at]) {
    name = token.text;
    at += 1;
    if (!isSign(tokens[at], ".")) break;
    at += 1;
  }
  return { name, next: at };
}

function createTable(
  script: Script,
  tokens: readonly Token[],
  engine: Engine | null,
  tables: Map<string, Table>,
): void {
  const { name, next } = nameAt(tokens, tokens.findIndex((token) => isWord(token, "table")) + 1);
  const body = bracketed(tokens, next);
  if (name === null || body === null) return;
  const known = tables.get(plain(name));
  if (known !== undefined && known.columns.length > 0) return;
  const table = { ...emptyTable(name, placeOf(script, tokens[0]), engine), indexes: known?.indexes ?? [] };
  for (const piece of splitBy(body, (token) => isSign(token, ","))) addPiece(script, table, piece);
  tables.set(plain(name), table);
}

function emptyTable(name: string, place: Table["place"], engine: Engine | null): Table {
  return { names: [name], place, source: "sql", engine, columns: [], indexes: [], lists: [], open: false };
}

function placeOf({ file, lineOf }: Script, token: Token | undefined): Table["place"] {
  return { file, line: lineOf(token?.at ?? 0) };
}

/** A column or a constraint of the table. */
function addPiece(script: Script, table: Table, piece: readonly Token[]): void {
  const [first] = piece;
  const named = isWord(first, "constraint") ? piece.slice(2) : piece;
  const [head] = named;
  const isConstraint = isWord(
    head,
    "primary",
    "unique",
    "foreign",
    "key",
    "index",
    "check",
    "exclude",
    "fulltext",
    "spatial",
    "like",
  );
  if (!isConstraint) {
    const column = isWord(first, "constraint") ? null : readColumn(script, piece);
    if (column !== null) table.columns.push(column);
    return;
  }
  addConstraint(table, named);
}

function addConstraint(table: Table, tokens: readonly Token[]): void {
  const at = tokens.findIndex((token) => isSign(token, "("));
  const columns = columnsIn(bracketed(tokens, at) ?? []);
  const [head] = tokens;
  if (columns.length === 0 || isWord(head, "check", "like")) return;
  if (isWord(head, "foreign")) {
    const to = tokens.findIndex((token) => isWord(token, "references"));
    const target = nameAt(tokens, to + 1).name;
    for (const column of table.columns) if (isAmong(column, columns)) column.references = target;
    if (table.engine === "mysql") table.indexes.push({ columns, unique: false });
    return;
  }
  if (isWord(head, "primary")) for (const column of table.columns) if (isAmong(column, columns)) column.primary = true;
  table.indexes.push({ columns, unique: isWord(head, "primary", "unique") });
}

function isAmong({ names }: Column, columns: readonly string[]): boolean {
  return columns.some((each) => names.some((name) => plain(name) === plain(each)));
}

/** The columns of an index; an expression such as `lower(email)` is none. */
function columnsIn(tokens: readonly Token[]): string[] {
  return splitBy(tokens, (token) => isSign(token, ",")).map(([first, second]) =>
    first?.kind === "word" && !(isSign(second, "(") && !first.quoted) ? first.text : "",
  );
}

function readColumn(script: Script, piece: readonly Token[]): Column | null {
  const [name, type] = piece;
  if (name?.kind !== "word") return null;
  const has = (...words: string[]): boolean => piece.slice(1).some((token) => isWord(token, ...words));
  const to = piece.findIndex((token) => isWord(token, "references"));
  return {
    names: [name.text],
    place: placeOf(script, name),
    primary: has("primary"),
    unique: has("unique"),
    indexed: false,
    references: to < 0 ? null : nameAt(piece, to + 1).name,
    type: type?.kind === "word" ? type.text : null,
  };
}

/** Of a table that is declared elsewhere only the index is known here. */
function createIndex(script: Script, tokens: readonly Token[], engine: Engine | null, { tables, named }: Made): void {
  const on = tokens.findIndex((token) => isWord(token, "on"));
  const { name, next } = nameAt(tokens, on + 1);
  if (on < 0 || name === null) return;
  const at = isWord(tokens[next], "using") ? next + 2 : next;
  const columns = columnsIn(bracketed(tokens, at) ?? []);
  const unique = isWord(tokens[1], "unique") && !tokens.some((token) => isWord(token, "where"));
  const table = tables.get(plain(name)) ?? emptyTable(name, placeOf(script, tokens[0]), engine);
  tables.set(plain(name), table);
  const index = { columns, unique };
  table.indexes.push(index);
  const own = nameAt(tokens, tokens.findIndex((token) => isWord(token, "index")) + 1);
  if (own.name !== null && own.next === on) named.set(plain(own.name), { table, index });
}

/** `DROP INDEX "Order_userId_key"` of a later migration. */
function dropIndex(tokens: readonly Token[], { named }: Made): void {
  const { name } = nameAt(tokens, 2);
  const dropped = name === null ? undefined : named.get(plain(name));
  if (name === null || dropped === undefined) return;
  named.delete(plain(name));
  dropped.table.indexes.splice(dropped.table.indexes.indexOf(dropped.index), 1);
}

function alterTable(script: Script, tokens: readonly Token[], tables: Map<string, Table>): void {
  const { name, next } = nameAt(tokens, 2);
  const table = name === null ? undefined : tables.get(plain(name));
  if (table === undefined) return;
  for (const piece of splitBy(tokens.slice(next), (token) => isSign(token, ","))) {
    if (!isWord(piece[0], "add")) continue;
    const rest = piece.slice(1).filter((token, index) => index > 4 || !isWord(token, "column", "if", "not", "exists"));
    addPiece(script, table, rest);
  }
}
