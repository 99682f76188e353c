/** Gives a service one logger, in the way of its framework: a line for each request with its id, and the errors that handlers catch. */
import type { CallSite, Model, Service } from "../../analyzers/model.ts";
import { serverFiles } from "../../analyzers/serving/server-files.ts";
import type { Edit } from "../../patches/edit.ts";
import { afterCreation } from "../../patches/editors/after-creation.ts";
import { importOf } from "../../patches/editors/import-of.ts";
import { addImport, freeName, type ImportWish } from "../../patches/editors/imports.ts";
import { openSource, type Source } from "../../patches/editors/source.ts";
import type { Templates } from "../component.ts";
import { accessLog, type AccessLogs } from "./access-log.ts";
import { caughtErrors } from "./caught-errors.ts";
import { servingApp } from "./health-way.ts";
import { fastifyLog } from "./log-fastify.ts";
import { type Logged, loggerFile, pretty, written } from "./log-file.ts";
import { nestLog } from "./log-nest.ts";

/** A middleware that writes a line for each request. */
interface MiddlewareWay {
  template: string;
  /** Majors that fit each other, late 2026. */
  packages: Readonly<Record<string, string>>;
  /** Methods that return the app itself. */
  chain: RegExp;
  /** What it takes the place of. */
  takesOver: AccessLogs;
}

const pino = { pino: "^10.4.0", ...pretty };

const ways: Readonly<Record<string, MiddlewareWay>> = {
  express: {
    template: "logger.ts",
    packages: { pino: pino.pino, "pino-http": "^11.0.0", ...pretty },
    chain: /^(use|set|enable|disable)$/,
    takesOver: { package: "morgan", apis: ["morgan:", "morgan:default"], named: true },
  },
  koa: {
    template: "logger-koa.ts",
    packages: pino,
    chain: /^use$/,
    takesOver: { package: "koa-logger", apis: ["koa-logger:", "koa-logger:default"], named: false },
  },
  hono: {
    template: "logger-hono.ts",
    packages: pino,
    chain: /^(basePath|use|onError|notFound)$/,
    takesOver: { package: null, apis: ["hono/logger:logger"], named: false },
  },
};

/** Pino 10 asks for it. */
const oldestNode = 20;

/** Whether the recipe writes for the service's framework, on Node. */
export function isLoggable(model: Model, service: Service): boolean {
  const framework = servingApp(model, service)?.framework ?? "";
  return (
    !/\bbunx?\b/.test(service.start ?? "") &&
    (framework === "fastify" || framework === "nestjs" || Object.hasOwn(ways, framework))
  );
}

export function structuredLogs(service: Service, model: Model, templates: Templates): Logged {
  const app = servingApp(model, service);
  if (app === null) return { cannot: "the app that serves was not found" };
  if (app.framework === "fastify") return fastifyLog(app.creation, service, model, templates);
  if (app.framework === "nestjs") return nestLog(service, model, templates);
  const way = Object.hasOwn(ways, app.framework) ? ways[app.framework] : undefined;
  return way === undefined
    ? { cannot: `the recipe does not know how ${app.framework} takes in a middleware` }
    : middlewareLog(way, app.creation, service, model, templates);
}

function middlewareLog(
  way: MiddlewareWay,
  creation: CallSite,
  service: Service,
  model: Model,
  templates: Templates,
): Logged {
  const file = loggerFile(creation.file, service, model, oldestNode);
  const source = openSource(model.repo, creation.file);
  if (typeof file !== "string") return file;
  if (source === null) return { cannot: "the app's file could not be parsed" };
  const before = accessLog(source, way.takesOver, model, service);
  if ("cannot" in before) return before;
  const middleware = importOf(source, { file, exported: "logRequests", local: "logRequests" });
  const put = requestLog(source, creation, way.chain, middleware.name, before.place);
  if (put === null) return { cannot: "the app is made in a place where no statement can follow it" };
  return written(file, templates(way.template), way.packages, service, model, {
    edits: [put, ...before.edits, ...caughtIn(source, file, middleware.wish, service, model)],
    notes: [
      "Requests and the errors that handlers catch are logged as JSON in production; other calls of console are left as they are, and can follow one by one.",
      ...before.notes,
    ],
  });
}

/** In the place of the access log that was there, else as the first thing done with a request. */
function requestLog(
  source: Source,
  creation: CallSite,
  chain: RegExp,
  name: string,
  place: { start: number; end: number } | null,
): Edit | null {
  if (place !== null) return { kind: "replace", file: source.file, ...place, text: name };
  return afterCreation(source, creation.span, chain, (app) => `${app}.use(${name});`);
}

/** The errors that the service's own files catch; the app's file gets all its imports in one go. */
function caughtIn(app: Source, logger: string, wish: ImportWish | null, service: Service, model: Model): Edit[] {
  const files = new Set([app.file, ...serverFiles(model, service)]);
  return [...files].flatMap((file) => {
    const source = model.service(file)?.root === service.root ? openSource(model.repo, file) : null;
    if (source === null) return [];
    const local = freeName(source, "logger") === "logger" ? "logger" : "log";
    const { name, wish: own } = importOf(source, { file: logger, exported: "logger", local });
    const edits = caughtErrors(source, name);
    const wishes = [...(file === app.file ? [wish] : []), ...(edits.length > 0 ? [own] : [])];
    return [...addImport(source, ...wishes.flatMap((each) => each ?? [])), ...edits];
  });
}
