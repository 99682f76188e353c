/** How written code reaches the app's Postgres for sessions: by its own pool, else by the address that the app reads. */
import type { Model, Service } from "../../analyzers/model.ts";
import { prismaAddress } from "../../analyzers/services/prisma-address.ts";
import { type OwnClient, ownClient } from "../own-client.ts";
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
  const address = own === null ? addressOf(model, service) : null;
  return own === null && address === null ? null : { own, address: address ?? "DATABASE_URL" };
}

const connecting = [
  ...["Pool", "Client", "default.Pool", "default.Client"].map((name) => `pg:${name}`),
  ...["", "default"].map((name) => `postgres:${name}`),
  ...["neon", "Pool"].map((name) => `@neondatabase/serverless:${name}`),
];

/** The variable that the app hands to its driver as it is; what it changes on the way may be needed to connect. */
function addressOf(model: Model, service: Service): string | null {
  for (const { call } of connecting.flatMap((api) => model.usesOf(api))) {
    const [first] = call.args;
    const url = first?.kind === "object" ? first.entries["connectionString"] : first;
    if (url?.kind === "env" && model.service(call.file) === service && model.context(call.file) === "server")
      return url.name;
  }
  return prismaAddress(model.repo, service.root);
}

/** The store reads its table from a file of its package, which is not there when the package is bundled. */
function isBundledWhole({ scripts }: Service): boolean {
  const build = scripts["build"] ?? "";
  return /\b(esbuild|ncc|webpack)\b/.test(build) && !/--packages=external|--external:?[= ]?\S*connect-pg/.test(build);
}
