/** Gives an Express service one logger: a line for each request with its id, and the errors that handlers catch. */
import { posix } from "node:path";
import { isHeldBelow } from "../../analyzers/deployment/node-version.ts";
import type { CallSite, Model, Service } from "../../analyzers/model.ts";
import { expressApps } from "../../analyzers/serving/express-apps.ts";
import { serverFiles } from "../../analyzers/serving/server-files.ts";
import type { Edit, EnvVar } from "../../patches/edit.ts";
import { afterCreation } from "../../patches/editors/after-creation.ts";
import { toDialect } from "../../patches/editors/dialect.ts";
import { addEnv } from "../../patches/editors/dotenv.ts";
import { importOf } from "../../patches/editors/import-of.ts";
import { addImport, type ImportWish } from "../../patches/editors/imports.ts";
import { addDependency, installNote } from "../../patches/editors/package-json.ts";
import { openSource, type Source, styleFor } from "../../patches/editors/source.ts";
import { newFile } from "../../patches/new-file.ts";
import type { Templates } from "../component.ts";
import { accessLog } from "./access-log.ts";
import { caughtErrors } from "./caught-errors.ts";

/** Majors that fit each other, late 2026; the first asks for Node 20. */
const ranges = { pino: "^10.4.0", "pino-http": "^11.0.0", "pino-pretty": "^13.2.0" };
const oldestNode = 20;

const level: EnvVar = {
  name: "LOG_LEVEL",
  example: "info",
  note: "What is logged at least: trace, debug, info, warn, error",
};

export type Logged = { edits: Edit[]; notes: string[]; env: EnvVar[] } | { cannot: string };

/** Whether the recipe writes for the service's framework. */
export function isLoggable(model: Model, service: Service): boolean {
  return expressApps(model, service).length > 0;
}

export function structuredLogs(service: Service, model: Model, templates: Templates): Logged {
  const [app] = expressApps(model, service);
  const source = app === undefined ? null : openSource(model.repo, app.creation.file);
  if (app === undefined || source === null) return { cannot: "the Express app was not found" };
  if (isHeldBelow(model, service, oldestNode))
    return {
      cannot: "the app is held on a Node older than 20, which gets no security fixes any more: raise Node first",
    };
  const file = newFile(model.repo, folderFor(model, service, app.creation.file), "logger", app.creation.file);
  const before = accessLog(source, model, service);
  if ("cannot" in before) return before;
  const middleware = importOf(source, { file, exported: "logRequests", local: "logRequests" });
  const put = requestLog(source, app.creation, middleware.name, before.place);
  if (put === null) return { cannot: "the app is made in a place where no statement can follow it" };
  const caught = caughtIn(source, file, middleware.wish, service, model);
  const needed = Object.entries(ranges).flatMap(([name, range]) => addDependency(service, name, range));
  return {
    edits: [
      { kind: "create", file, text: toDialect(templates("logger.ts"), styleFor(model.repo, file)) },
      put,
      ...before.edits,
      ...caught,
      ...needed,
      ...addEnv(model.repo, service.root, [level]),
    ],
    env: [level],
    notes: [
      installNote(service),
      "Requests and the errors that handlers catch are logged as JSON in production; other calls of console are left as they are, and can follow one by one.",
      ...before.notes,
    ],
  };
}

/** In the place of the access log that was there, else as the first thing done with a request. */
function requestLog(
  source: Source,
  creation: CallSite,
  name: string,
  place: { start: number; end: number } | null,
): Edit | null {
  if (place !== null) return { kind: "replace", file: source.file, ...place, text: name };
  return afterCreation(source, creation.span, /^(use|set|enable|disable)$/, (app) => `${app}.use(${name});`);
}

/** The errors that the service's own files catch; the app's file gets all its imports in one go. */
function caughtIn(app: Source, logger: string, wish: ImportWish | null, service: Service, model: Model): Edit[] {
  const files = new Set([app.file, ...serverFiles(model, service)]);
  return [...files].flatMap((file) => {
    const source = model.service(file)?.root === service.root ? openSource(model.repo, file) : null;
    if (source === null) return [];
    const { name, wish: own } = importOf(source, { file: logger, exported: "logger", local: "logger" });
    const edits = caughtErrors(source, name);
    const wishes = [...(file === app.file ? [wish] : []), ...(edits.length > 0 ? [own] : [])];
    return [...addImport(source, ...wishes.flatMap((each) => each ?? [])), ...edits];
  });
}

/** Among the app's own helpers where it has a folder for them; else beside the app. */
function folderFor(model: Model, service: Service, app: string): string {
  const base = posix.dirname(app);
  const folders = ["utils", "lib", "helpers", "config"].map((name) => posix.join(base, name));
  const files = new Set(serverFiles(model, service).map((file) => posix.dirname(file)));
  return folders.find((folder) => files.has(folder)) ?? base;
}
