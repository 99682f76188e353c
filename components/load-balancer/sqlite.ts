/** Looks for the app's database in a file on the machine's own disk. */
import { isDevOnly } from "../../analyzers/code/dev-only.ts";
import { diskOf, holds, type Disk } from "../../analyzers/deployment/disk.ts";
import type { CallSite, Known, Model, Place, Service } from "../../analyzers/model.ts";
import { severalOf } from "../../analyzers/deployment/replicas.ts";
import { servingOf } from "../../analyzers/serving/serving.ts";
import { advice } from "../advice.ts";
import type { Confidence, Match } from "../finding.ts";

/** Calls that open a file as a database, by the argument that names it. */
const openers: readonly { api: string; isFile: (args: readonly Known[]) => boolean }[] = [
  ...[
    "better-sqlite3:",
    "sqlite3:Database",
    "sqlite3:verbose().Database",
    "sqlite3:default.Database",
    "node:sqlite:DatabaseSync",
    "bun:sqlite:Database",
  ].map((api) => ({
    api,
    isFile: ([name]: readonly Known[]) => name !== undefined && !isInMemory(name),
  })),
  { api: "sqlite:open", isFile: ([options]) => isLocal(entry(options, "filename")) },
  {
    api: "@libsql/client:createClient",
    isFile: ([options]) => isFileUrl(entry(options, "url")) && entry(options, "syncUrl") === null,
  },
  {
    api: "sequelize:Sequelize",
    isFile: (args) => args.some((arg) => isSqlite(entry(arg, "dialect")) && !isInMemory(entry(arg, "storage"))),
  },
  ...["knex:", "knex:knex", "knex:default"].map((api) => ({
    api,
    isFile: ([options]: readonly Known[]) => isSqlite(entry(options, "client")),
  })),
  ...["typeorm:DataSource", "typeorm:createConnection"].map((api) => ({
    api,
    isFile: ([options]: readonly Known[]) =>
      isSqlite(entry(options, "type")) && !isInMemory(entry(options, "database")),
  })),
];

export function sqliteFiles(model: Model): Match[] {
  return model.services.flatMap((service) => {
    if (servingOf(model, service).kind === "none") return [];
    const [first, ...others] = [...openedBy(model, service), ...prismaSchema(service)];
    return first === undefined ? [] : [matchOf(model, service, first, others)];
  });
}

function openedBy(model: Model, service: Service): CallSite[] {
  return openers.flatMap(({ api, isFile }) =>
    model
      .usesOf(api)
      .map(({ call }) => call)
      .filter(
        (call) =>
          model.service(call.file)?.root === service.root &&
          model.context(call.file) === "server" &&
          isFile(call.args) &&
          !isDevOnly(model, call),
      ),
  );
}

/** The schema fixes the provider, whatever the address; adapters for hosted databases are the exception. */
function prismaSchema({ dependencies, backing }: Service): Place[] {
  if (Object.keys(dependencies).some((name) => /^@prisma\/adapter-(libsql|d1)$|^@libsql\/client$/.test(name)))
    return [];
  return backing
    .filter(({ kind, evidence }) => kind === "sqlite" && evidence.file.endsWith(".prisma"))
    .map(({ evidence }) => evidence);
}

function matchOf(model: Model, service: Service, first: Place, others: readonly Place[]): Match {
  const disk = diskOf(model, service);
  const several = severalOf(model, service);
  const fate =
    several !== null
      ? `There are several processes (${several.note}); on different machines each has data of its own.`
      : disk.kind === "ephemeral"
        ? `Here ${disk.note}: every deploy empties it.`
        : "It ties the app to this one machine: a second instance has no part in it, and a lost disk is lost data.";
  return advice("load-balancer/sqlite-on-local-disk", first, {
    confidence: confidenceOf(model, service, disk, several !== null),
    message: `The database is a file on the disk of the machine that runs the app. ${fate}`,
    also: others.map(({ file, line }) => ({ file, line })),
    anchor: "sqlite",
  });
}

/** A disk that stays, or a real database beside it, makes the file a choice. */
function confidenceOf(model: Model, service: Service, disk: Disk, isSplit: boolean): Confidence {
  const other = service.backing.some(({ kind }) => ["postgres", "mysql", "mongodb"].includes(kind));
  const copies =
    Object.keys(service.dependencies).some((name) => /litestream|litefs|turso/.test(name)) ||
    model.repo.files.some((file) => /(^|\/)(lite(stream|fs)\.ya?ml|wrangler[\w.]*\.(toml|jsonc?))$/.test(file));
  if (other || copies || holds(disk, "data/db/database")) return "low";
  return isSplit || disk.kind === "ephemeral" ? "high" : "medium";
}

function entry(options: Known | undefined, key: string): Known | null {
  return options?.kind === "object" ? (options.entries[key] ?? null) : null;
}

function isSqlite(value: Known | null): boolean {
  return value?.kind === "literal" && /sqlite/i.test(String(value.value));
}

function isInMemory(value: Known | null): boolean {
  return value?.kind === "literal" && /^(:memory:)?$/.test(String(value.value));
}

function isLocal(value: Known | null): boolean {
  return value !== null && !isInMemory(value);
}

function isFileUrl(value: Known | null): boolean {
  const text =
    value?.kind === "literal"
      ? String(value.value)
      : value?.kind === "env"
        ? String(value.default ?? "")
        : value?.kind === "template"
          ? (value.parts[0] ?? "")
          : "";
  return text.startsWith("file:");
}
