/** How an app brings a database up to the migrations that lie in its repo: its own script, else its tool's command. */
import { posix } from "node:path";
import type { Service } from "../model.ts";
import type { Repo } from "../repo/repo.ts";
import { commandsOf } from "./toolchain.ts";

/** Names under which apps keep it, the most telling first. */
export const migrateScripts = [
  "migrate:deploy",
  "db:migrate:deploy",
  "db:deploy",
  "migrate",
  "db:migrate",
  "migrate:up",
  "migrate:latest",
  "migrations:run",
  "migration:run",
  "typeorm:migration:run",
] as const;

/** Commands that ask, make new migrations, fill in made-up rows, or may drop what is there. */
const notForProduction =
  /migrate\s+(dev|reset)\b|\bgenerate\b|\bpush\b|\bseed\b|\b(undo|down|rollback|drop|refresh|fresh)\b/;

/** Runs what is not applied yet and nothing else; null when the app has no such command, or only one for development. */
export function migrateCommand(service: Service, repo: Repo): string | null {
  const commands = commandsOf(service, repo);
  const script = migrateScripts.find((name) => name in service.scripts);
  if (script !== undefined && !notForProduction.test(service.scripts[script] ?? "")) return commands.run(script);
  const tool = toolOf(service, repo);
  return tool === null ? null : commands.exec(tool);
}

function toolOf(service: Service, repo: Repo): string | null {
  const packages = { ...service.dependencies, ...service.devDependencies };
  const holds = (...parts: string[]): boolean =>
    repo.files.some((file) => file.startsWith(posix.join(service.root, ...parts)));
  if ("prisma" in packages && holds("prisma/migrations/")) return "prisma migrate deploy";
  if ("drizzle-kit" in packages && holds("drizzle.config.") && hasJournal(service, repo)) return "drizzle-kit migrate";
  if ("knex" in packages && holds("knexfile.")) return "knex migrate:latest";
  if ("sequelize-cli" in packages && (holds(".sequelizerc") || holds("migrations/"))) return "sequelize-cli db:migrate";
  return null;
}

/** Drizzle names its recorded migrations in a journal; without one it only pushes. */
function hasJournal({ root }: Service, repo: Repo): boolean {
  const folder = root === "." ? "" : `${root}/`;
  return repo.files.some((file) => file.startsWith(folder) && file.endsWith("/meta/_journal.json"));
}
