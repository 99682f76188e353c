/** Which command brings an app's database up to date, and which never may. */
import { expect, it } from "vitest";
import { analyze } from "../index.ts";
import { memoryRepo } from "../repo/memory.ts";
import { migrateCommand } from "./migrate-command.ts";

it.each<[string, object, string[], string | null]>([
  ["its own script", { scripts: { "db:migrate": "node-pg-migrate up" } }, [], "npm run db:migrate"],
  [
    "a deploying script before a plain one",
    { scripts: { migrate: "x", "migrate:deploy": "y" } },
    [],
    "npm run migrate:deploy",
  ],
  ["a script that asks questions", { scripts: { migrate: "prisma migrate dev" } }, [], null],
  ["a script that pushes", { scripts: { "db:deploy": "drizzle-kit push --force" } }, [], null],
  ["a script that also seeds", { scripts: { migrate: "knex migrate:latest && knex seed:run" } }, [], null],
  [
    "Prisma with migrations",
    { devDependencies: { prisma: "6" } },
    ["prisma/migrations/1/migration.sql"],
    "npx prisma migrate deploy",
  ],
  [
    "Prisma behind a developer's script",
    { scripts: { migrate: "prisma migrate dev" }, devDependencies: { prisma: "6" } },
    ["prisma/migrations/1/migration.sql"],
    "npx prisma migrate deploy",
  ],
  ["Prisma without migrations", { devDependencies: { prisma: "6" } }, ["prisma/schema.prisma"], null],
  [
    "Drizzle with its journal",
    { devDependencies: { "drizzle-kit": "1" } },
    ["drizzle.config.ts", "drizzle/meta/_journal.json"],
    "npx drizzle-kit migrate",
  ],
  ["Drizzle that pushes", { devDependencies: { "drizzle-kit": "1" } }, ["drizzle.config.ts"], null],
  ["Knex", { dependencies: { knex: "3" } }, ["knexfile.js"], "npx knex migrate:latest"],
  ["Sequelize", { devDependencies: { "sequelize-cli": "6" } }, ["migrations/1.js"], "npx sequelize-cli db:migrate"],
  ["nothing", {}, ["migrations/1.sql"], null],
])("%s", async (_what, manifest, files, command) => {
  const repo = memoryRepo({
    "package.json": JSON.stringify({ name: "app", ...manifest }),
    "index.js": "",
    ...Object.fromEntries(files.map((file) => [file, ""])),
  });
  const { services } = await analyze(repo, { cacheFolder: null });
  expect(services.map((service) => migrateCommand(service, repo))).toEqual([command]);
});
