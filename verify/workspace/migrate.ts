/** Finds out how an app sets up its database, and with what it fills it. */
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { PackageJson } from "./package-json.ts";
import { dependsOn, readPackage, readText } from "./package-json.ts";

export interface DatabaseStep {
  name: "migrate" | "seed";
  /** Command to run in the service's folder, or an SQL file to load. */
  run: { command: string[] } | { sqlFile: string };
  /** How it was found: `script "db:migrate"`. */
  origin: string;
}

const migrateScripts = [
  "db:migrate:deploy",
  "migrate:deploy",
  "db:deploy",
  "db:migrate",
  "migrate",
  "migrate:up",
  "migrate:latest",
  "migrations:run",
  "migration:run",
  "typeorm:migration:run",
  "prisma:migrate",
  "db:setup",
  "setup:db",
  "db:init",
  "init:db",
  "init-db",
  "db:push",
  "db:schema",
  "db:create-tables",
];
const seedScripts = ["db:seed", "seed", "seed:db", "prisma:seed", "seed:run", "db:seed:all"];
const schemaFiles = [
  "schema.sql",
  "db/schema.sql",
  "database/schema.sql",
  "sql/schema.sql",
  "src/db/schema.sql",
  "db/init.sql",
  "init.sql",
  "database/init.sql",
  "sql/init.sql",
];

const prismaSchemas = ["prisma/schema.prisma", "schema.prisma", "src/prisma/schema.prisma", "db/schema.prisma"];

/** Path of the Prisma schema in the folder, null when the app has none. */
export function prismaSchema(folder: string): string | null {
  const own = readPackage(folder).prisma?.schema;
  return [...(own === undefined ? [] : [own]), ...prismaSchemas].find((path) => existsSync(join(folder, path))) ?? null;
}

/** `postgresql`, `sqlite`, ... of the schema's datasource. */
export function prismaProvider(folder: string): string | null {
  const schema = prismaSchema(folder);
  const text = schema === null ? "" : (readText(folder, schema) ?? "");
  return /datasource\s+\w+\s*\{[^}]*provider\s*=\s*"(\w+)"/.exec(text)?.[1] ?? null;
}

function hasEntries(...path: string[]): boolean {
  const folder = join(...path);
  return existsSync(folder) && readdirSync(folder).length > 0;
}

function tool(origin: string, ...command: string[]): DatabaseStep {
  return { name: "migrate", run: { command: ["npx", "--no-install", ...command] }, origin };
}

function prismaMigration(folder: string, schema: string): DatabaseStep {
  if (hasEntries(folder, dirname(schema), "migrations")) {
    return tool("Prisma migrations", "prisma", "migrate", "deploy", "--schema", schema);
  }
  return tool("Prisma schema", "prisma", "db", "push", "--accept-data-loss", "--schema", schema);
}

/** A development command of Prisma asks questions and wants a second database: the deploying one does the same work. */
const asksQuestions = /prisma\s+migrate\s+dev/;

function byTool(folder: string, manifest: PackageJson): DatabaseStep | null {
  const has = (name: string): boolean => dependsOn(manifest, name);
  const file = (stem: string): boolean =>
    ["ts", "js", "mjs", "cjs", "json"].some((end) => existsSync(join(folder, `${stem}.${end}`)));
  const schema = prismaSchema(folder);
  if (has("prisma") && schema !== null) return prismaMigration(folder, schema);
  if (has("drizzle-kit") && file("drizzle.config")) {
    const isKept = ["drizzle", "migrations", "src/db/migrations", "db/migrations"].some((path) =>
      existsSync(join(folder, path, "meta/_journal.json")),
    );
    return isKept
      ? tool("Drizzle migrations", "drizzle-kit", "migrate")
      : tool("Drizzle schema", "drizzle-kit", "push", "--force");
  }
  if (has("knex") && file("knexfile")) return tool("Knex migrations", "knex", "migrate:latest");
  if (has("sequelize-cli") && (existsSync(join(folder, ".sequelizerc")) || hasEntries(folder, "migrations"))) {
    return tool("Sequelize migrations", "sequelize-cli", "db:migrate");
  }
  if (has("node-pg-migrate") && hasEntries(folder, "migrations"))
    return tool("node-pg-migrate", "node-pg-migrate", "up");
  return null;
}

function migration(folder: string, manifest: PackageJson): DatabaseStep | null {
  const script = migrateScripts.find((name) => manifest.scripts[name] !== undefined);
  if (script !== undefined && !asksQuestions.test(manifest.scripts[script] ?? "")) {
    return { name: "migrate", run: { command: ["npm", "run", script] }, origin: `script "${script}"` };
  }
  const found = byTool(folder, manifest);
  if (found !== null) return found;
  const sqlFile = schemaFiles.find((name) => existsSync(join(folder, name)));
  return sqlFile === undefined ? null : { name: "migrate", run: { sqlFile }, origin: sqlFile };
}

function seed(folder: string, manifest: PackageJson): DatabaseStep | null {
  const script = seedScripts.find((name) => manifest.scripts[name] !== undefined);
  if (script !== undefined)
    return { name: "seed", run: { command: ["npm", "run", script] }, origin: `script "${script}"` };
  if (manifest.prisma?.seed !== undefined) return { ...tool("Prisma seed", "prisma", "db", "seed"), name: "seed" };
  if (dependsOn(manifest, "knex") && hasEntries(folder, "seeds"))
    return { ...tool("Knex seeds", "knex", "seed:run"), name: "seed" };
  if (dependsOn(manifest, "sequelize-cli") && hasEntries(folder, "seeders")) {
    return { ...tool("Sequelize seeders", "sequelize-cli", "db:seed:all"), name: "seed" };
  }
  return null;
}

/** The steps in the order in which they are run; empty when the app has no way of its own. */
export function databaseSteps(folder: string, manifest: PackageJson): DatabaseStep[] {
  const first = migration(folder, manifest);
  const text = first && "command" in first.run ? (manifest.scripts[first.run.command[2] ?? ""] ?? "") : "";
  const second = /seed/.test(text) ? null : seed(folder, manifest);
  return [first, second].filter((step) => step !== null);
}
