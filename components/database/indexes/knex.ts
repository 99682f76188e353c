/** A migration for Knex with the new indexes, in the form of the app's last one. */
import type { Model } from "../../../analyzers/model.ts";
import { tablesNamed, type Column, type Table } from "../../../analyzers/schema/index.ts";
import { holdsUpWrites } from "./notes.ts";
import { isPlainMigration, likeTheLast, type Steps } from "./migration-like.ts";
import { migrationsBeside, nextNumbered } from "./numbered-files.ts";
import { grouped, namesOf, together, type Wanted, type Written } from "./wanted.ts";

export function knexObstacle(table: Table, _: Column, model: Model): string | null {
  const { file } = table.place;
  if (model.service(file)?.dependencies["knex"] === undefined)
    return "the recipe knows Knex's way of writing migrations alone";
  const [last] = migrationsBeside(file, model);
  if (last === undefined) return "the table is not made in a folder of migrations whose names begin with numbers";
  if (tablesNamed(model, table.names[0] ?? "", file).length > 1) return "the table is declared in more than one place";
  if (!migrationsBeside(file, model).some((each) => isPlainMigration(model.repo.read(each) ?? "")))
    return "the migrations are written in a form of the app's own";
  return nextNumbered(last, [], model) === null
    ? "the last migration's name has no number that another one could follow, or code names each migration"
    : null;
}

export function knexIndexes(wanted: readonly Wanted[], model: Model): Written {
  return together(
    grouped(wanted, ({ table }) => migrationsBeside(table.place.file, model)[0] ?? "").map(([last, own]) =>
      inFolder(last, own, model),
    ),
  );
}

function inFolder(last: string, wanted: readonly Wanted[], model: Model): Written {
  const file = nextNumbered(last, namesOf(wanted), model);
  const text = likeTheLast(migrationsBeside(last, model), stepsFor(wanted), model);
  if (file === null || text === null) return together([]);
  const isPostgres = wanted[0]?.table.engine === "postgres";
  return {
    edits: [{ kind: "create", file, text }],
    cured: wanted.map(({ finding }) => finding),
    notes: isPostgres ? [holdsUpWrites("leave the migration's own statements out")] : [],
  };
}

/** One chain for all tables where it has to be a single promise. */
function stepsFor(wanted: readonly Wanted[]): Steps {
  const tables = grouped(wanted, ({ table }) => table.names[0] ?? "");
  const all = (tool: string, method: string, list: readonly [string, Wanted[]][], isOne: boolean): string[] => {
    const calls = list.map(([table, own]) => {
      const lines = own.map(({ column }) => `  table.${method}(${JSON.stringify(column.names[0] ?? "")});`);
      return `.alterTable(${JSON.stringify(table)}, (table) => {\n${lines.join("\n")}\n})`;
    });
    return isOne ? [`${tool}.schema${calls.join("")}`] : calls.map((call) => `${tool}.schema${call}`);
  };
  return {
    name: "",
    up: (tool, isOne) => all(tool, "index", tables, isOne),
    down: (tool, isOne) => all(tool, "dropIndex", tables.toReversed(), isOne),
  };
}
