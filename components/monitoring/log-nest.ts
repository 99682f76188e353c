/** Lets Nest's logger write through pino (nestjs-pino): JSON in production, the request's id in each of its lines. */
import { majorOf } from "../../analyzers/services/version-range.ts";
import type { CallSite, Model, Service } from "../../analyzers/model.ts";
import { type NestApp, nestApp } from "../../analyzers/serving/nest-app.ts";
import { serverFiles } from "../../analyzers/serving/server-files.ts";
import { afterCreation } from "../../patches/editors/after-creation.ts";
import { setOptions } from "../../patches/editors/calls.ts";
import type { Edit } from "../../patches/edit.ts";
import { importOf } from "../../patches/editors/import-of.ts";
import { addImport, freeName } from "../../patches/editors/imports.ts";
import { addToList } from "../../patches/editors/list-options.ts";
import { openSource } from "../../patches/editors/source.ts";
import type { Templates } from "../component.ts";
import { type Logged, loggerFile, pretty, written } from "./log-file.ts";

/** Majors that fit each other, late 2026: nestjs-pino 5 asks for Nest 11.0.8 and Node 22.12. */
const packages = { "nestjs-pino": "^5.2.0", pino: "^10.4.0", "pino-http": "^11.0.0", ...pretty };
const oldestNode = 22;
const oldestNest = 11;

/** Whether Nest's logger writes as it does of itself: coloured lines for people, one request's lines among all others. */
export function isPlainNest(model: Model, service: Service): boolean {
  const app = nestApp(model, service);
  if (app === null || majorOf(service.dependencies["@nestjs/core"]) < oldestNest) return false;
  if (serverFiles(model, service).some((file) => /\.useLogger\s*\(/.test(model.repo.read(file) ?? ""))) return false;
  return app.creation.args.slice(1).every((arg) => {
    if (arg.kind === "object") return !arg.open && arg.entries["logger"] === undefined;
    return arg.kind === "external" && /platform-\w+:\w+Adapter\(\)/.test(arg.api);
  });
}

export function nestLog(service: Service, model: Model, templates: Templates): Logged {
  const app = nestApp(model, service);
  if (app === null) return { cannot: "the app is not created from one module of its own in its start file" };
  const file = loggerFile(app.module.file, service, model, oldestNode);
  if (typeof file !== "string") return file;
  const edits = app.module.file === app.creation.file ? null : nestEdits(app, file, model);
  if (edits === null) return { cannot: "its module or its start is written in a way the recipe does not know" };
  return written(file, templates("logger-nest.ts"), packages, service, model, {
    edits,
    notes: [
      "What Nest's `Logger` writes, each request and each error that Nest answers are JSON in production; calls of console are left as they are, and can become `Logger` one by one.",
    ],
  });
}

function nestEdits({ creation, module }: NestApp, file: string, model: Model): Edit[] | null {
  const root = openSource(model.repo, module.file);
  const start = openSource(model.repo, creation.file);
  if (root === null || start === null) return null;
  const logging = importOf(root, { file, exported: "logging", local: "logging" });
  const loggerModule = freeName(root, "LoggerModule");
  const forRoot = `${loggerModule}.forRoot(${logging.name})`;
  const list = addToList(root, module.span, { at: 0, key: "imports" }, [forRoot], "first");
  const options = setOptions(start, creation.span, optionsAt(creation), { bufferLogs: "true" });
  const logger = freeName(start, freeName(start, "Logger") === "Logger" ? "Logger" : "PinoLogger");
  const use = afterCreation(start, creation.span, /^$/, (app) => `${app}.useLogger(${app}.get(${logger}));`, "awaited");
  if (list === null || options === null || use === null) return null;
  return [
    ...addImport(
      root,
      { from: "nestjs-pino", names: [{ name: "LoggerModule", as: loggerModule }] },
      ...(logging.wish === null ? [] : [logging.wish]),
    ),
    ...list,
    ...addImport(start, { from: "nestjs-pino", names: [{ name: "Logger", as: logger }] }),
    ...options,
    use,
  ];
}

/** `create(AppModule, options)`, `create(AppModule, adapter, options)`. */
function optionsAt({ args: [, second] }: CallSite): number {
  return second !== undefined && second.kind !== "object" ? 2 : 1;
}
