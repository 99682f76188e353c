/** The app's log: one line of JSON each in production, readable lines in development. */
import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";
import type { NextFunction, Request, Response } from "express";
import { pino } from "pino";
import { pinoHttp } from "pino-http";

const { LOG_LEVEL, NODE_ENV } = process.env;
const requests = new AsyncLocalStorage<string>();

export const logger = pino({
  level: LOG_LEVEL ?? (NODE_ENV === "test" ? "silent" : "info"),
  // What is written while a request is answered carries its id.
  mixin: () => ({ requestId: requests.getStore() }),
  redact: ["*.password", "*.token", "*.headers.authorization", "*.headers.cookie"],
  ...(NODE_ENV === "production" || NODE_ENV === "test"
    ? {}
    : { transport: { target: "pino-pretty", options: { singleLine: true } } }),
});

const access = pinoHttp({
  logger,
  // Probes ask every few seconds.
  autoLogging: { ignore: ({ url = "" }) => /^\/(livez|readyz|healthz?)\b/.test(url) },
  // Without headers and query: both carry secrets.
  serializers: {
    req: ({ method, url }: { method: string; url: string }) => ({
      method,
      path: url.split("?", 1).join(),
    }),
    res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
  },
});

/** Writes a line for each answered request, and gives all lines of one request the same id. */
export function logRequests(req: Request, res: Response, next: NextFunction): void {
  const id = idFrom(req.get("x-request-id"));
  res.setHeader("X-Request-Id", id);
  requests.run(id, () => {
    access(req, res);
    next();
  });
}

/** The id that a proxy in front has given the request, if it is one. */
function idFrom(given: string | undefined): string {
  return given !== undefined && /^[\w-]{8,64}$/.test(given) ? given : randomUUID();
}
