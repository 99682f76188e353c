/** The migrations of a TypeORM app: where they are, what tables they make, and the next one. */
import { posix } from "node:path";
import type { Model } from "../../../analyzers/model.ts";
import { plain, type Column, type Table } from "../../../analyzers/schema/index.ts";
import { migrationWords, numberAfter, typeormIndexName } from "./index-names.ts";
import { likeTheLast } from "./migration-like.ts";
import { once } from "./once.ts";
import type { Wanted } from "./wanted.ts";

/** Migration files of the service that a table belongs to, the last one first. */
export function typeormMigrations(file: string, model: Model): string[] {
  return migrationsIn(model.service(file)?.root ?? "", model);
}

const migrationsIn = once((root, { repo, service }) =>
  repo.files
    .filter(
      (file) =>
        /(^|\/)\d{13}-[\w-]+\.[jt]s$/.test(file) &&
        (service(file)?.root ?? "") === root &&
        /\bqueryRunner\b/.test(repo.read(file) ?? ""),
    )
    .toSorted((a, b) => (posix.basename(a) < posix.basename(b) ? 1 : -1)),
);

/** Whether the tables follow the entities at the start: always, somewhere (for development, as a rule), or never. */
export function synchronizing(file: string, model: Model): "always" | "somewhere" | "never" {
  return synchronizingIn(model.service(file)?.root ?? "", model);
}

const synchronizingIn = once((root, { repo, service, summary }) => {
  const texts = repo.files
    .filter(
      (file) =>
        /(^|\/)ormconfig[.\w-]*$/.test(file) || (summary(file) !== null && (service(file)?.root ?? "") === root),
    )
    .map((file) => repo.read(file) ?? "")
    .filter((text) => text.includes("synchronize"))
    .map((text) => text.replaceAll(/(^|\s)\/\/.*$/gm, ""));
  if (!texts.some((text) => /\bsynchronize["']?\s*:\s*(?!\s|false\b)/.test(text))) return "never";
  return texts.some((text) => /\bsynchronize["']?\s*:\s*false\b/.test(text)) ? "somewhere" : "always";
});

export interface NewMigration {
  file: string;
  text: string;
}

/** Null where the names in the database are not certain, or the last migration cannot be followed: then TypeORM has to write it. */
export function nextMigration(wanted: readonly Wanted[], model: Model): NewMigration | null {
  const files = typeormMigrations(wanted[0]?.table.place.file ?? "", model);
  const [last] = files;
  const named = wanted.map(({ table, column }) => storedNames(table, column, files, model));
  const first = named[0];
  if (last === undefined || first === undefined || first === null || hasOwnNames(model)) return null;
  const known = named.flatMap((each) => each ?? []);
  const stamp = numberAfter(posix.basename(last).slice(0, 13));
  const isListed = model.repo.files.some((file) =>
    model
      .summary(file)
      ?.imports.some(({ specifier }) => posix.basename(specifier).startsWith(posix.basename(last).slice(0, 14))),
  );
  if (known.length < wanted.length || stamp === null || isListed) return null;
  const words = migrationWords(known);
  const title = words.replaceAll(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());
  const quote = (name: string): string => (wanted[0]?.table.engine === "mysql" ? `\`${name}\`` : `"${name}"`);
  const step = (sql: string) => (tool: string) => `${tool}.query(${written(sql)})`;
  const up = known.map(({ name, table, column }) =>
    step(`CREATE INDEX ${quote(name)} ON ${quote(table)} (${quote(column)})`),
  );
  const on = (table: string): string => (wanted[0]?.table.engine === "mysql" ? ` ON ${quote(table)}` : "");
  const down = known.toReversed().map(({ name, table }) => step(`DROP INDEX ${quote(name)}${on(table)}`));
  const text = likeTheLast(
    files,
    {
      name: `${title}${stamp}`,
      up: (tool) => up.map((each) => each(tool)),
      down: (tool) => down.map((each) => each(tool)),
    },
    model,
  );
  const ending = posix.extname(last);
  return text === null ? null : { file: posix.join(posix.dirname(last), `${stamp}-${title}${ending}`), text };
}

/** As TypeORM writes SQL: between backticks, unless it holds some itself. */
function written(sql: string): string {
  return sql.includes("`") ? JSON.stringify(sql) : `\`${sql}\``;
}

/** A naming strategy of the app's own may call indexes otherwise. */
function hasOwnNames(model: Model): boolean {
  return model.repo.files.some(
    (file) => model.summary(file) !== null && /\bindexName\s*\(/.test(model.repo.read(file) ?? ""),
  );
}

interface Stored {
  name: string;
  table: string;
  column: string;
}

/** The names of table and column as the migrations write them; null where they do not make the column. */
function storedNames(
  { names: [own = "", given] }: Table,
  { names }: Column,
  files: readonly string[],
  model: Model,
): Stored | null {
  const wanted = new Set(names.map(plain));
  const made = files.flatMap((file) => madeIn(model.repo.read(file) ?? ""));
  const found = made.find(
    ({ table, column }) =>
      (given === undefined ? plain(table) === plain(own) : table === given) && wanted.has(plain(column)),
  );
  return found === undefined ? null : { ...found, name: typeormIndexName(found.table, [found.column]) };
}

/** Every column that the statements of one migration make: a name in quotes with a type behind it. */
function madeIn(text: string): { table: string; column: string }[] {
  const statements = text.split(/\.query\(/).slice(1);
  return statements.flatMap((statement) => {
    const [head = "", table = ""] =
      /(?:CREATE TABLE (?:IF NOT EXISTS )?|ALTER TABLE )["`]+(\w+)["`]+/i.exec(statement) ?? [];
    if (head === "") return [];
    const columns = statement
      .slice(statement.indexOf(head) + head.length)
      .matchAll(/(?:[(,]|\bADD(?: COLUMN)?)\s*["`](\w+)["`] [A-Za-z]/gi);
    return [...columns].map(([, column = ""]) => ({ table, column }));
  });
}
