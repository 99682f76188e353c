/** The migrations of a Sequelize app: what they call a column, and the next one. */
import type { Model } from "../../../analyzers/model.ts";
import { columnOf, tablesNamed, type Column, type Table } from "../../../analyzers/schema/index.ts";
import { likeTheLast } from "./migration-like.ts";
import { holdsUpWrites } from "./notes.ts";
import { once } from "./once.ts";
import { migrationsBeside, nextNumbered } from "./numbered-files.ts";
import { together, type Wanted, type Written } from "./wanted.ts";

/** A table as the app's migrations make it. */
export function migrated(
  table: Table,
  column: Column,
  model: Model,
): { table: string; column: string; file: string } | null {
  for (const other of table.names.flatMap((name) => tablesNamed(model, name, table.place.file))) {
    const own = other.source === "builder" ? column.names.flatMap((name) => columnOf(other, name) ?? [])[0] : undefined;
    if (own !== undefined && migrationsBeside(other.place.file, model).length > 0)
      return { table: other.names[0] ?? "", column: own.names.at(-1) ?? "", file: other.place.file };
  }
  return null;
}

export function hasMigrations(file: string, model: Model): boolean {
  return hasMigrationsIn(model.service(file)?.root ?? "", model);
}

const hasMigrationsIn = once((root, { repo, service }) =>
  repo.files.some(
    (file) =>
      /(^|\/)migrations?\//.test(file) &&
      (service(file)?.root ?? "") === root &&
      /\bqueryInterface\b/.test(repo.read(file) ?? ""),
  ),
);

export type Migrated = Wanted & { made: { table: string; column: string } };

export function sequelizeMigration(last: string, wanted: readonly Migrated[], model: Model): Written {
  const file = nextNumbered(
    last,
    wanted.map(({ made }) => made),
    model,
  );
  const all = (tool: string, method: string, list: readonly Migrated[], isOne: boolean): string[] => {
    const calls = list.map(
      ({ made }) => `${tool}.${method}(${JSON.stringify(made.table)}, [${JSON.stringify(made.column)}])`,
    );
    return isOne && calls.length > 1 ? [`Promise.all([\n${calls.map((call) => `  ${call},\n`).join("")}])`] : calls;
  };
  const text = likeTheLast(
    migrationsBeside(last, model),
    {
      name: "",
      up: (tool, isOne) => all(tool, "addIndex", wanted, isOne),
      down: (tool, isOne) => all(tool, "removeIndex", wanted.toReversed(), isOne),
    },
    model,
  );
  if (file === null || text === null) return together([]);
  const notes =
    wanted[0]?.table.engine === "postgres" ? [holdsUpWrites("leave the migration's own statements out")] : [];
  return { edits: [{ kind: "create", file, text }], cured: wanted.map(({ finding }) => finding), notes };
}
