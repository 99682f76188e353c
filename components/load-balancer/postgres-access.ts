/** How written code reaches the app's Postgres for sessions: by its own pool, else by the address that the app reads. */
import type { Model, Service } from "../../analyzers/model.ts";
import { type OwnClient, ownClient } from "./own-client.ts";
import { mayBeOlder } from "../../analyzers/deployment/node-version.ts";

export interface PostgresAccess {
  own: OwnClient | null;
  /** Name of the variable that holds the address. */
  address: string;
}

/** A table called `session` that is the app's own; the store would take it for its. */
const taken =
  /(pgTable\(\s*["']session["']|create\s+table\s+(if\s+not\s+exists\s+)?["`]?session["`]?[\s(]|@@map\("session"\)|model\s+session\s*\{)/i;

/** Null where the app has no Postgres, or none that sessions can safely be put into. */
export function postgresAccess(model: Model, service: Service): PostgresAccess | null {
  if (!service.backing.some(({ kind }) => kind === "postgres")) return null;
  if (mayBeOlder(model, service, { major: 18, minor: 18 }) || isBundledWhole(service)) return null;
  const files = model.repo.files.filter((file) => /\.(sql|prisma)$|schema[^/]*\.[jt]s$/.test(file));
  if (files.some((file) => taken.test(model.repo.read(file) ?? ""))) return null;
  const own = ownClient(model, service, ["pg:Pool", "pg:default.Pool", "@neondatabase/serverless:Pool"]);
  const address = service.env.find(({ name }) => /^(DATABASE|POSTGRES|PG|DB)_?(URL|URI)$/.test(name))?.name;
  if (own === null && address === undefined) return null;
  return { own, address: address ?? "DATABASE_URL" };
}

/** The store reads its table from a file of its package, which is not there when the package is bundled. */
function isBundledWhole({ scripts }: Service): boolean {
  const build = scripts["build"] ?? "";
  return /\b(esbuild|ncc|webpack)\b/.test(build) && !/--packages=external|--external:?[= ]?\S*connect-pg/.test(build);
}
