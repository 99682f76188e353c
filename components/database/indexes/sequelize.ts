/** `indexes` in the options of Sequelize models that `sync` brings into the database, or a migration where the app has some. */
import type { Model } from "../../../analyzers/model.ts";
import type { Column, Table } from "../../../analyzers/schema/index.ts";
import type { Edit } from "../../../patches/edit.ts";
import { addToList } from "../../../patches/editors/list-options.ts";
import { openSource, type Source } from "../../../patches/editors/source.ts";
import { lineAt, typescript, walk, type ts } from "../../../patches/editors/typescript.ts";
import { holdsUpWrites } from "./notes.ts";
import { isPlainMigration } from "./migration-like.ts";
import { migrationsBeside, nextNumbered } from "./numbered-files.ts";
import { once } from "./once.ts";
import { hasMigrations, migrated, sequelizeMigration } from "./sequelize-migrations.ts";
import { grouped, servedBy, together, type Wanted, type Written } from "./wanted.ts";

export function sequelizeObstacle(table: Table, column: Column, model: Model): string | null {
  const { file } = table.place;
  if (/json|blob/.test(column.type ?? "") || (table.engine !== "postgres" && /text/.test(column.type ?? "")))
    return "its type is none that a plain index can hold";
  const made = migrated(table, column, model);
  if (made !== null) {
    const files = migrationsBeside(made.file, model);
    const hasModel = files.some((each) => isPlainMigration(model.repo.read(each) ?? ""));
    return hasModel && nextNumbered(files[0] ?? "", [], model) !== null
      ? null
      : "the migrations are written in a form of the app's own";
  }
  if (hasMigrations(file, model))
    return "the app has migrations, and what they call this column is not certain from the code";
  if (!isSynced(file, model))
    return "nothing in the repo brings the models into the database, neither migrations nor `sync`";
  if (column.place.file !== file) return "the column comes from an association, not from the model itself";
  const isRenamed = column.names.length < 2 && /[A-Z]/.test(column.names[0] ?? "") && isUnderscored("", model);
  return isRenamed ? "what the column is called in the database is not certain (`underscored`)" : null;
}

/** Whether the server itself brings all models into the database when it starts. */
function isSynced(file: string, model: Model): boolean {
  return ["sequelize:**.sync", "sequelize-typescript:**.sync"]
    .flatMap((api) => model.usesOf(api))
    .some(
      ({ api, call }) =>
        /(?<!\.define)\(\)\.sync$/.test(api) &&
        model.context(call.file) === "server" &&
        model.service(call.file) === model.service(file),
    );
}

const isUnderscored = once((_, { repo, summary }) =>
  repo.files.some((file) => summary(file) !== null && /\bunderscored\s*:\s*true/.test(repo.read(file) ?? "")),
);

export function sequelizeIndexes(wanted: readonly Wanted[], model: Model): Written {
  const withFile = wanted.map((each) => ({ each, made: migrated(each.table, each.column, model) }));
  const synced = withFile.flatMap(({ each, made }) => (made === null ? [each] : []));
  const folders = grouped(
    withFile.flatMap(({ each, made }) => (made === null ? [] : [{ ...each, made }])),
    ({ made }) => migrationsBeside(made.file, model)[0] ?? "",
  );
  return together([
    ...grouped(synced, ({ table }) => table.place.file).map(([, own]) => inFile(own, model)),
    ...folders.map(([last, own]) => sequelizeMigration(last, own, model)),
  ]);
}

function inFile(wanted: readonly Wanted[], model: Model): Written {
  const source = openSource(model.repo, wanted[0]?.table.place.file ?? "");
  if (source === null) return together([]);
  const tables = grouped(wanted, ({ table }) => String(table.place.line)).map(([, own]) =>
    servedBy(own, inOptions(source, own)),
  );
  const all = together(tables);
  const isPostgres = wanted.some(({ table }) => table.engine === "postgres");
  const note = "`sync` makes the new indexes when the app starts next, also without `alter`.";
  return { ...all, notes: all.cured.length === 0 ? [] : [note, ...(isPostgres ? [holdsUpWrites(null)] : [])] };
}

/** `define(name, fields, options)` and `Model.init(fields, options)`. */
function inOptions(source: Source, wanted: readonly Wanted[]): Edit[] | null {
  const ts = typescript();
  const call = definitionAt(source, wanted[0]?.table.place.line ?? 0);
  if (call === null) return null;
  const at = call.expression.getText(source.tree).endsWith(".define") ? 2 : 1;
  const fields = call.arguments[at - 1];
  if (fields === undefined || !ts.isObjectLiteralExpression(fields)) return null;
  const items = wanted.map(({ column }) => `{ fields: [${JSON.stringify(column.names.at(-1) ?? "")}] }`);
  return addToList(source, { start: call.getStart(source.tree), end: call.end }, { at, key: "indexes" }, items);
}

function definitionAt(source: Source, line: number): ts.CallExpression | null {
  const ts = typescript();
  const found = [...walk(source.tree)].find(
    (node): node is ts.CallExpression =>
      ts.isCallExpression(node) &&
      /\.(define|init)$/.test(node.expression.getText(source.tree)) &&
      lineAt(source.text, node.getStart(source.tree)) === line,
  );
  return found ?? null;
}
