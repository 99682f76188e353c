/** The files of the queue in the user's repo, in the app's dialect. */
import { posix } from "node:path";
import type { Model, Service } from "../../analyzers/model.ts";
import type { Edit } from "../../patches/edit.ts";
import { toDialect } from "../../patches/editors/dialect.ts";
import { importStatement } from "../../patches/editors/import-of.ts";
import { styleFor } from "../../patches/editors/source.ts";
import { specifierFor } from "../../patches/editors/specifier.ts";
import { fill } from "../../patches/fill.ts";
import { appLogger } from "../app-logger.ts";
import type { AppLogger } from "../app-logger.ts";
import type { Templates } from "../component.ts";
import { jobsFile } from "./jobs-file.ts";
import { isNest, rootModule, type RootModule } from "./nest.ts";
import type { Move } from "./plan-moves.ts";
import { connectionOf, storeFor } from "./services.ts";
import type { Store } from "./services.ts";
import { workerScript } from "./worker-process.ts";
import type { WorkerProcess } from "./worker-process.ts";

/** Where the queue of a service lives and what it keeps its jobs in. */
export interface Home {
  service: Service;
  worker: WorkerProcess;
  store: Store;
  /** What a worker of a Nest app starts from; null for other apps. */
  root: RootModule | null;
  /** Path of one of the queue's files by its template name. */
  file(name: string): string;
}

export function homeOf(service: Service, model: Model): Home | null {
  const worker = workerScript(service, model.repo);
  const store = storeFor(model, service);
  if ("obstacle" in worker || "obstacle" in store) return null;
  const taken = model.repo.files.some((file) => file.startsWith(`${worker.folder}/`));
  const folder = taken ? `${worker.folder}-jobs` : worker.folder;
  const moved = taken ? { ...worker, folder, command: renamed(worker.command), build: renamed(worker.build) } : worker;
  const file = (name: string): string => posix.join(folder, `${name}${worker.extension}`);
  return { service, worker: moved, store, root: isNest(service) ? rootModule(model, service) : null, file };
}

function renamed<Text extends string | null>(text: Text): Text extends null ? null : string;
function renamed(text: string | null): string | null {
  return text === null ? null : text.replace(/\bqueue\/worker\b/, "queue-jobs/worker");
}

export interface QueueFiles {
  edits: Edit[];
  /** The moves with the names their jobs have got. */
  named: Move[];
}

export function queueFiles(home: Home, moves: readonly Move[], model: Model, templates: Templates): QueueFiles {
  const jobs = jobsFile(home, moves, model);
  const logger = appLogger(model, home.service);
  const own = home.root === null ? ".ts" : "-nest.ts";
  const write = (name: string, template: string): Edit => ({
    kind: "create",
    file: home.file(name),
    text: inDialect(home, name, withLogger(template, home.file(name), logger, model), model),
  });
  return {
    edits: [
      write("queue", templates(`queue${own}`)),
      ...storeFiles(home.store, connectionOf(home.store, model, home.service), templates, write),
      write("once", templates("once.ts")),
      write("payload", templates("payload.ts")),
      write("worker", fill(withRootModule(templates(`worker${own}`), home), { dotenv: readsDotenv(home, model) })),
      { kind: "create", file: home.file("jobs"), text: jobs.text },
      ...jobs.edits,
    ],
    named: jobs.named,
  };
}

function storeFiles(
  store: Store,
  connection: string,
  templates: Templates,
  write: (name: string, template: string) => Edit,
): Edit[] {
  if (store.kind === "pg-boss")
    return [write("store", fill(templates("store-pg-boss.ts"), { CONNECTION: connection }))];
  if (store.kind === "agenda") return [write("store", fill(templates("store-agenda.ts"), { CONNECTION: connection }))];
  const client = store.client === "ioredis" ? "ioredis.ts" : "node-redis.ts";
  return [
    write("store", templates("store-bullmq.ts")),
    write("redis", fill(templates(client), { CONNECTION: connection })),
  ];
}

/** The template writing to the app's own logger instead of the console; unless its name is taken here. */
function withLogger(template: string, file: string, logger: AppLogger | null, model: Model): string {
  if (logger === null || !template.includes("console.")) return template;
  const { local, form } = logger;
  if (new RegExp(`(?<![\\w$.])${local.replaceAll("$", "\\$")}(?![\\w$])`).test(template)) return template;
  const written = template
    .replaceAll("console.log(", `${local}.info(`)
    .replace(/console\.error\((?:"(.*?):?"|(\w+)), (error)(?:\.message)?\)/g, (_, text?: string, name?: string) => {
      const message = name ?? JSON.stringify(text);
      return form === "object-first"
        ? `${local}.error({ err: error }, ${message})`
        : `${local}.error(${message}, error)`;
    });
  const last = [...written.matchAll(/^import .*\n/gm)].at(-1);
  const at = last === undefined ? written.indexOf("*/\n") + 3 : last.index + last[0].length;
  return `${written.slice(0, at)}${importStatement(file, styleFor(model.repo, file), logger)};\n${written.slice(at)}`;
}

function inDialect(home: Home, name: string, template: string, model: Model): string {
  const file = home.file(name);
  const style = styleFor(model.repo, file);
  const specifiers = home.root === null ? {} : { "./app.module.ts": specifierFor(file, home.root.file, style) };
  return toDialect(template, style, { specifiers });
}

/** The worker's template under the name that the app's own module has. */
function withRootModule(template: string, { root }: Home): string {
  return root === null ? template : template.replaceAll("AppModule", root.name);
}

/** Whether the entry reads `.env`: the worker then does the same. */
function readsDotenv({ service }: Home, model: Model): boolean {
  const [entry = ""] = service.entry;
  return (model.summary(entry)?.imports ?? []).some(({ specifier }) => /^dotenv(\/config)?$/.test(specifier));
}
