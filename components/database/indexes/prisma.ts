/** `@@index` in the models of a Prisma schema, and one migration for all of them where the app keeps migrations. */
import { posix } from "node:path";
import type { Model } from "../../../analyzers/model.ts";
import { tablesNamed, type Column, type Engine, type Table } from "../../../analyzers/schema/index.ts";
import type { Edit } from "../../../patches/edit.ts";
import { addAttributes, modelBody } from "../../../patches/editors/prisma.ts";
import { plainIndexName } from "./index-names.ts";
import { holdsUpWrites } from "./notes.ts";
import { once } from "./once.ts";
import { createIndexes, migrationName, migrationsOf, type NewIndex } from "./prisma-migrations.ts";
import { grouped, together, type Wanted, type Written } from "./wanted.ts";

export function prismaIndexes(wanted: readonly Wanted[], model: Model): Written {
  const byFolder = grouped(wanted, ({ table }) => {
    const migrations = migrationsOf(table.place.file, model);
    return migrations.kind === "folder" ? migrations.folder : posix.dirname(table.place.file);
  });
  return together(byFolder.map(([, own]) => ofOneDatabase(own, model)));
}

/** Why no index can be written for this column; null when one can. */
export function prismaObstacle(table: Table, column: Column, model: Model): string | null {
  const { file } = column.place;
  const [name = "", field = ""] = [table.names[0], column.names[0]];
  const text = model.repo.read(file) ?? "";
  const body = modelBody(text, name);
  if (body === null || addAttributes(text, name, ["@@index"]) === null)
    return "the model could not be read as the one that the database has";
  if (hasTwin(file, name, model)) return "more than one schema file declares this model, and they have to stay alike";
  if (!isScalar(column, file, model)) return "its type is none that a plain index can hold";
  if (table.engine === null) return "the database behind the schema is not known";
  if (table.engine === "mysql" && isLongText(body, field))
    return "MySQL indexes a text of this type only up to a length, and which one suits is for its author to say";
  return table.engine === "mongodb" ? null : migrationObstacle(table, column, table.engine, model);
}

function migrationObstacle(table: Table, column: Column, engine: Sql, model: Model): string | null {
  const migrations = migrationsOf(table.place.file, model);
  if (migrations.kind === "unclear") return migrations.why;
  const { name, table: stored, column: key } = newIndex(table, column, engine, model);
  if (quotedIn(table.place.file, model).has(name)) return nameTaken(name);
  if (migrations.kind === "none") return madeElsewhere(table, model);
  const known = quotedBelow(migrations.folder, model);
  if (known.has(name)) return nameTaken(name);
  if (!known.has(stored) || !known.has(key))
    return "the migrations do not make this column: the schema has moved on without them";
  return migrationName(migrations.files, [newIndex(table, column, engine, model)]) === null
    ? "the last migration's name has no number that another one could follow"
    : null;
}

function nameTaken(name: string): string {
  return `there is something else of the name ${name} that the index would get`;
}

/** Every name in quotes. */
const quotedIn = once((file, { repo }) => {
  const names = [...(repo.read(file) ?? "").matchAll(/"([^"\n]+)"|`([^`\n]+)`/g)];
  return new Set(names.map(([, first, second]) => first ?? second ?? ""));
});

/** Every name in quotes in the migrations of a folder. */
const quotedBelow = once((folder, model) => {
  const files = model.repo.files.filter((file) => file.startsWith(`${folder}/`) && file.endsWith("/migration.sql"));
  return new Set(files.flatMap((file) => [...quotedIn(file, model)]));
});

/** Without migrations of Prisma's own: a schema that only describes what other SQL makes. */
function madeElsewhere(table: Table, model: Model): string | null {
  const scripts = Object.values(model.service(table.place.file)?.scripts ?? {});
  if (scripts.some((command) => /\bprisma\s+(db\s+pull|introspect)\b/.test(command)))
    return "the schema is read from the database with `prisma db pull`, and the index belongs where the database is made";
  const sql = tablesNamed(model, table.names.at(-1) ?? "", table.place.file).find(
    ({ source, columns }) => source === "sql" && columns.length > 0,
  );
  return sql === undefined
    ? null
    : `the table is made by ${sql.place.file}, where the index belongs; the schema only describes it`;
}

type Sql = Exclude<Engine, "mongodb">;

function newIndex(table: Table, column: Column, engine: Sql, { repo }: Model): NewIndex {
  const stored = table.names.at(-1) ?? "";
  const key = column.names.at(-1) ?? "";
  const body = modelBody(repo.read(table.place.file) ?? "", table.names[0] ?? "") ?? "";
  const schema = /^[ \t]*@@schema\("([^"]+)"\)/m.exec(body)?.[1] ?? null;
  return { name: plainIndexName(stored, [key], engine), schema, table: stored, column: key };
}

/** `mysql.prisma` beside `postgres.prisma`: one app for two databases. */
function hasTwin(file: string, name: string, { repo }: Model): boolean {
  return repo.files.some(
    (other) =>
      other !== file &&
      other.endsWith(".prisma") &&
      posix.dirname(other) === posix.dirname(file) &&
      modelBody(repo.read(other) ?? "", name) !== null,
  );
}

const scalars: ReadonlySet<string> = new Set(["string", "int", "bigint", "datetime", "boolean", "float", "decimal"]);

function isScalar({ type }: Column, file: string, model: Model): boolean {
  return type !== null && (scalars.has(type) || enumsIn(model.service(file)?.root ?? "", model).has(type));
}

const enumsIn = once((root, { repo, service }) => {
  const own = repo.files.filter((file) => file.endsWith(".prisma") && (service(file)?.root ?? "") === root);
  const enums = own.flatMap((file) => [...(repo.read(file) ?? "").matchAll(/^[ \t]*enum[ \t]+(\w+)/gm)]);
  return new Set(enums.map(([, name = ""]) => name.toLowerCase()));
});

function isLongText(body: string, field: string): boolean {
  const line = body.split("\n").find((each) => each.trim().split(/\s/)[0] === field) ?? "";
  return /@db\.(\w*Text|\w*Blob)\b/.test(line);
}

function ofOneDatabase(wanted: readonly Wanted[], model: Model): Written {
  const edits = grouped(wanted, ({ table }) => `${table.place.file} ${table.names[0] ?? ""}`).flatMap(([, own]) =>
    inModel(own, model),
  );
  const [first] = wanted;
  const engine = first?.table.engine ?? null;
  const cured = wanted.map(({ finding }) => finding);
  const migrations = first === undefined ? null : migrationsOf(first.table.place.file, model);
  if (engine === null || engine === "mongodb" || migrations?.kind !== "folder") {
    const note =
      "There is no folder of migrations, so nothing but the schema says it: `npx prisma db push` brings it into the database.";
    return { edits, cured, notes: engine === "postgres" ? [note, holdsUpWrites(null)] : [note] };
  }
  const indexes = wanted.map(({ table, column }) => newIndex(table, column, engine, model));
  const name = migrationName(migrations.files, indexes) ?? "";
  return {
    edits: [
      ...edits,
      {
        kind: "create",
        file: posix.join(migrations.folder, name, "migration.sql"),
        text: createIndexes(indexes, engine),
      },
    ],
    cured,

    notes:
      engine === "postgres"
        ? [holdsUpWrites(`tell Prisma that it is done: \`npx prisma migrate resolve --applied ${name}\``)]
        : [],
  };
}

function inModel(wanted: readonly Wanted[], { repo }: Model): Edit[] {
  const [first] = wanted;
  const { file } = first?.table.place ?? { file: "" };
  const attributes = wanted.map(({ column }) => `@@index([${column.names[0] ?? ""}])`);
  const edit = addAttributes(repo.read(file) ?? "", first?.table.names[0] ?? "", attributes);
  return edit === null ? [] : [{ kind: "replace", file, ...edit }];
}
