/** Switches Fastify's own log on: JSON in production, an id for each request that comes back in the answer. */
import type { CallSite, Model, Service } from "../../analyzers/model.ts";
import { afterCreation } from "../../patches/editors/after-creation.ts";
import { setOptions } from "../../patches/editors/calls.ts";
import { importOf } from "../../patches/editors/import-of.ts";
import { addImport } from "../../patches/editors/imports.ts";
import { openSource } from "../../patches/editors/source.ts";
import type { Templates } from "../component.ts";
import { type Logged, loggerFile, pretty, written } from "./log-file.ts";

/** Fastify 5 asks for it. */
const oldestNode = 20;

/** Without an option that says otherwise Fastify logs nothing, not even the errors that it answers with 500. */
export function isMute({ args }: CallSite): boolean {
  const [options] = args;
  if (options === undefined) return true;
  if (options.kind !== "object" || options.open) return false;
  return ["logger", "loggerInstance", "genReqId"].every((name) => options.entries[name] === undefined);
}

export function fastifyLog(creation: CallSite, service: Service, model: Model, templates: Templates): Logged {
  const file = loggerFile(creation.file, service, model, oldestNode);
  const source = openSource(model.repo, creation.file);
  if (typeof file !== "string") return file;
  if (source === null) return { cannot: "the app's file could not be parsed" };
  const [logging, id, said] = ["logging", "requestId", "sayRequestId"].map((name) =>
    importOf(source, { file, exported: name, local: name }),
  );
  if (logging === undefined || id === undefined || said === undefined) return { cannot: "its names are taken" };
  const options = setOptions(source, creation.span, 0, { logger: logging.name, genReqId: id.name });
  const hook = afterCreation(
    source,
    creation.span,
    /^withTypeProvider$/,
    (app) => `${app}.addHook("onRequest", ${said.name});`,
  );
  if (options === null || hook === null)
    return { cannot: "the app is made in a place where neither options nor a statement can be added" };
  return written(file, templates("logger-fastify.ts"), pretty, service, model, {
    edits: [...addImport(source, ...[logging, id, said].flatMap(({ wish }) => wish ?? [])), ...options, hook],
    notes: [
      "Requests, and the errors that no handler catches, are logged as JSON in production; calls of console are left as they are: `request.log` writes with the request's id.",
    ],
  });
}
