/** What a web process has to close when it stops, and in which order. */
import { textOf } from "../../analyzers/code/text.ts";
import { instancesOf } from "../../analyzers/state/instances.ts";
import type { Fn, Model, Place, Service } from "../../analyzers/model.ts";
import { serverFiles } from "../../analyzers/serving/server-files.ts";
import type { Edit } from "../../patches/edit.ts";
import { presenceOf, type Presence } from "./conditional.ts";
import { openRunners, runnerApis, withExport } from "./runners.ts";

/** Something another module can import and close. */
export interface Closer {
  file: string;
  /** Exported name, `default`, or `*` for a whole CommonJS module. */
  exported: string;
  /** What to call it in the importing file. */
  local: string;
  /** `pool.end()` has the method `end`; a function that closes by itself has none. */
  method: string | null;
  /** Whether there is anything to close: under a condition there may be nothing, or something without the method. */
  presence: Presence;
}

export interface Closers {
  /** In the order to close in: what uses others first. */
  closers: Closer[];
  /** Exports that the closing needs. */
  edits: Edit[];
  /** Made where no other module can reach it, or not for certain what it seems. */
  unreachable: (Place & { api: string })[];
  /** What goes on working until the process ends, for which everything is left open; null when nothing does. */
  runner: Place | null;
}

/** Clients by kind, in the order to close them: jobs need Redis and the database, which come last. */
const clients: readonly { apis: readonly string[]; method: string }[] = [
  { apis: ["pg-boss:", "pg-boss:PgBoss"], method: "stop" },
  { apis: ["bullmq:Worker"], method: "close" },
  { apis: ["bullmq:Queue", "bullmq:QueueEvents", "bullmq:FlowProducer", "bull:"], method: "close" },
  {
    apis: ["ioredis:", "ioredis:Redis", "ioredis:Cluster", "redis:createClient", "@redis/client:createClient"],
    method: "quit",
  },
  { apis: ["mongodb:MongoClient", "sequelize:Sequelize", "sequelize:"], method: "close" },
  { apis: ["@prisma/client:PrismaClient"], method: "$disconnect" },
  { apis: ["typeorm:DataSource", "knex:", "knex:knex"], method: "destroy" },
  { apis: ["pg:Pool", "pg:Client", "@neondatabase/serverless:Pool", "postgres:"], method: "end" },
  { apis: ["mysql2:createPool", "mysql2/promise:createPool", "mysql:createPool"], method: "end" },
  { apis: ["mysql2:createConnection", "mysql2/promise:createConnection", "mysql:createConnection"], method: "end" },
];

/** `from` is the file that will close them: what it makes itself needs no export. */
export function closersOf(model: Model, service: Service, from: string): Closers {
  const files = new Set(serverFiles(model, service));
  const functions = [...files].flatMap((file) => closingFunctions(model, file));
  const covered = new Set(functions.map(({ closer }) => closer.file));
  const [runner = null] = openRunners(model, files, covered, from);
  if (runner !== null) return { closers: [], edits: [], unreachable: [], runner };
  const unreachable: Closers["unreachable"] = [];
  const edits: Edit[] = [];
  const instances = clients.flatMap(({ apis, method }, rank) =>
    instancesOf(model, apis).flatMap((instance) => {
      const { api, file, line, local } = instance;
      if (!files.has(file) || covered.has(file)) return [];
      const opened = runnerApis.includes(api) && file !== from ? withExport(model, instance) : null;
      const exported = file === from ? local : (instance.exported ?? opened?.as ?? null);
      const presence = presenceOf(model, instance);
      if (exported === null || presence === "uncertain") {
        unreachable.push({ file, line, api });
        return [];
      }
      if (instance.exported === null) edits.push(...(opened?.edits ?? []));
      const named = local ?? nameFor(exported, file);
      return [{ rank, closer: { file, exported, local: named, method: methodFor(api, method, service), presence } }];
    }),
  );
  const ordered = [...functions, ...instances].sort((a, b) => a.rank - b.rank);
  return { closers: ordered.map(({ closer }) => closer), edits, unreachable, runner };
}

/** node-redis says `close` from version 5 on, where `quit` is deprecated. */
function methodFor(api: string, method: string, { dependencies }: Service): string {
  if (!/^(@redis\/client|redis):/.test(api)) return method;
  const major = Number(/\d+/.exec(dependencies["redis"] ?? dependencies["@redis/client"] ?? "")?.[0] ?? 5);
  return major >= 5 ? "close" : "quit";
}

/** A variable name for what its module exports without naming it: the file's. */
function nameFor(exported: string, file: string): string {
  if (exported !== "default" && exported !== "*") return exported;
  const stem = (file.split("/").at(-1) ?? "").replace(/\..*$/, "");
  const camel = stem.replace(/\W+(\w?)/g, (_, letter: string) => letter.toUpperCase());
  return /^[A-Za-z_$][\w$]*$/.test(camel) ? camel : "client";
}

/**
 * Exported functions without parameters whose name and body say that they close the client of their module (`closeStore`).
 * One that other server code calls is left to that code.
 */
function closingFunctions(model: Model, file: string): { rank: number; closer: Closer }[] {
  const rank = rankOf(model, file);
  if (rank < 0) return [];
  return model.functions(file).flatMap((fn) => {
    const exported = fn.exportedAs.find((name) => !name.includes("."));
    if (exported === undefined || fn.name === null || !closes(model, fn)) return [];
    if (model.callers(fn.id).some((call) => model.context(call.file) === "server")) return [];
    return [{ rank, closer: { file, exported, local: fn.name, method: null, presence: "certain" } }];
  });
}

/** The first kind of client whose package the module imports; -1 when it imports none. */
function rankOf(model: Model, file: string): number {
  const imported = new Set(model.summary(file)?.imports.map(({ specifier }) => specifier));
  return clients.findIndex(({ apis }) => apis.some((api) => imported.has(api.slice(0, api.indexOf(":")))));
}

function closes(model: Model, fn: Fn): boolean {
  const { name, params } = fn;
  if (!/^(close|disconnect|shutdown)([A-Z_]|$)/.test(name ?? "") || params.some(({ optional }) => !optional))
    return false;
  const body = textOf(model, fn);
  return /\.(close|end|quit|stop|disconnect|destroy|\$disconnect)\s*\(/.test(body);
}
