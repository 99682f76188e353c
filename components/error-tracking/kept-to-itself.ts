/** Handlers that catch an error, answer it with a 500 and say nothing more: no tracker can see it there. */
import type { Model, Place, Service } from "../../analyzers/model.ts";
import { serverFiles } from "../../analyzers/serving/server-files.ts";

/** Answers that blame the server: `res.status(500)`, `{ status: 500 }`, `reply.code(502)`. */
const answered = /\b(status|code|sendStatus)\b\W{0,3}50\d|INTERNAL_SERVER_ERROR/;
/** The error goes on to a log, to whoever called, or to the error handler. */
const told = /\b(console|log|logger|winston|pino|next|throw|report\w*|capture\w*|notify\w*)\b|\blog\w*\(/i;

export function keptToItself(model: Model, service: Service): Place[] {
  return serverFiles(model, service).flatMap((file) => {
    const text = model.repo.read(file) ?? "";
    return (model.summary(file)?.tries ?? []).flatMap(({ handler }) => {
      const body = handler === null ? "" : text.slice(handler.start, handler.end);
      return handler !== null && answered.test(body) && !told.test(body) ? [{ file, line: handler.line }] : [];
    });
  });
}
