/** Tables, models and collections as an app declares them, with what is indexed. */
import type { Place } from "../model.ts";

export type Engine = "postgres" | "mysql" | "sqlite" | "mongodb";

export interface Column {
  /** Every name it goes by: the field, the database's column. */
  names: string[];
  place: Place;
  primary: boolean;
  unique: boolean;
  /** Indexed on its own, or as the first of several. */
  indexed: boolean;
  /** The table that it points to; null when it points to none. */
  references: string | null;
  /** As declared, lower case; null when not said. */
  type: string | null;
}

export interface Index {
  /** Names of columns, the leading one first. */
  columns: string[];
  unique: boolean;
}

export interface Table {
  /** Every name it goes by: model, variable, table in the database. */
  names: string[];
  place: Place;
  source: "prisma" | "drizzle" | "typeorm" | "sequelize" | "mongoose" | "sql" | "builder";
  engine: Engine | null;
  columns: Column[];
  indexes: Index[];
  /** Fields that stand for rows of another table which point here: `posts` of a user. */
  lists: { name: string; table: string }[];
  /** True when columns may be missing here: a spread, a mixin, a base class. */
  open: boolean;
}

/** `user_id`, `userId`, `"UserID"`: one name. */
export function plain(name: string): string {
  return name.replaceAll(/[_\W]/g, "").toLowerCase();
}

export function columnOf(table: Table, name: string): Column | null {
  const wanted = plain(name);
  return table.columns.find(({ names }) => names.some((each) => plain(each) === wanted)) ?? null;
}

/** Whether the database finds rows by this column without reading the whole table. */
export function isIndexed(table: Table, column: Column): boolean {
  const names = new Set(column.names.map(plain));
  const leads = table.indexes.some(({ columns: [first] }) => first !== undefined && names.has(plain(first)));
  return leads || column.unique || column.indexed || (column.primary && isSoleOrFirstKey(table, column));
}

function isSoleOrFirstKey({ columns }: Table, column: Column): boolean {
  return columns.find(({ primary }) => primary) === column;
}

/** Whether at most one row can have these values: a unique column or all columns of a unique index among them. */
export function isUnique(table: Table, columns: readonly string[]): boolean {
  const given = new Set(columns.map(plain));
  const has = (column: Column): boolean => column.names.some((name) => given.has(plain(name)));
  const keys = table.columns.filter(({ primary }) => primary);
  if (table.columns.some((column) => column.unique && has(column)) || (keys.length > 0 && keys.every(has))) return true;
  return table.indexes.some(({ unique, columns: own }) => unique && own.every((name) => isGiven(table, name, given)));
}

function isGiven(table: Table, name: string, given: ReadonlySet<string>): boolean {
  return given.has(plain(name)) || columnOf(table, name)?.names.some((each) => given.has(plain(each))) === true;
}

/** Line of an offset in a text, counted from 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) line += 1;
  return line;
}

/** The same for many offsets of one text that ascend, more or less: it goes on from the last one. */
export function lineReader(text: string): (offset: number) => number {
  let line = 1;
  let start = 0;
  return (offset) => {
    if (offset < start) [line, start] = [1, 0];
    for (let next = text.indexOf("\n", start); next !== -1 && next < offset; next = text.indexOf("\n", start)) {
      line += 1;
      start = next + 1;
    }
    return line;
  };
}
