/** The migration of a Prisma app that makes new indexes: word for word what `prisma migrate dev` would write. */
import { posix } from "node:path";
import { migrationWords, numberAfter } from "./index-names.ts";
import { once } from "./once.ts";

/** An index by the names that the database knows. */
export interface NewIndex {
  name: string;
  /** `auth` of `@@schema("auth")`; null without one. */
  schema: string | null;
  table: string;
  column: string;
}

export type Migrations =
  | { kind: "none" }
  | { kind: "folder"; folder: string; files: string[] }
  | { kind: "unclear"; why: string };

/** The folder that belongs to a schema: beside it, or beside the folder that it is a part of. */
export const migrationsOf = once((schema, model): Migrations => {
  const files = model.repo.files.flatMap((file) => {
    const [, folder] = /^(?:(.*)\/)?[^/]+\/migration\.sql$/.exec(file) ?? [];
    return folder === undefined ? [] : [{ folder, file }];
  });
  const own = files.filter(({ folder }) => isAbove(posix.dirname(folder), posix.dirname(schema)));
  const nearest = Math.max(...own.map(({ folder }) => folder.split("/").length));
  const folders = new Set(own.map(({ folder }) => folder).filter((each) => each.split("/").length === nearest));
  const [folder] = folders;
  if (folders.size > 1)
    return { kind: "unclear", why: "there is more than one folder of migrations beside the schema" };
  if (folder !== undefined)
    return { kind: "folder", folder, files: files.filter((each) => each.folder === folder).map(({ file }) => file) };
  const service = model.service(schema);
  if (files.some(({ file }) => model.service(file) === service))
    return { kind: "unclear", why: "the migrations lie in a folder that is not beside the schema" };
  const locks = model.repo.files.filter((file) => posix.basename(file) === "migration_lock.toml");
  return locks.some((file) => isAbove(posix.dirname(posix.dirname(file)), posix.dirname(schema)))
    ? { kind: "unclear", why: "there are migrations by what lies beside the schema, and none of them can be read" }
    : { kind: "none" };
});

function isAbove(folder: string, inner: string): boolean {
  return folder === "." || inner === folder || inner.startsWith(`${folder}/`);
}

/** Null when the last one has no number that another could follow. */
export function migrationName(files: readonly string[], indexes: readonly NewIndex[]): string | null {
  const last =
    files
      .map((file) => posix.basename(posix.dirname(file)))
      .toSorted()
      .at(-1) ?? "";
  const number = numberAfter(/^\d*/.exec(last)?.[0] ?? "");
  if (number === null || indexes.length === 0) return null;
  return `${number}_${migrationWords(indexes)}`;
}

function quote(name: string, engine: "postgres" | "mysql" | "sqlite"): string {
  return engine === "mysql" ? `\`${name}\`` : `"${name}"`;
}

export function createIndexes(indexes: readonly NewIndex[], engine: "postgres" | "mysql" | "sqlite"): string {
  const statements = indexes.map(({ name, schema, table, column }) => {
    const on = [...(schema === null ? [] : [schema]), table].map((each) => quote(each, engine)).join(".");
    return `-- CreateIndex\nCREATE INDEX ${quote(name, engine)} ON ${on}(${quote(column, engine)});\n`;
  });
  return statements.join("\n");
}
