/** The app's log: one line of JSON each in production, readable lines in development. */
import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { pino } from "pino";

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

// Probes ask every few seconds.
const unsaid = /^\/(livez|readyz|healthz?)\b/;

/** Writes a line for each answered request, and gives all lines of one request the same id. */
export const logRequests: MiddlewareHandler = async (c, next) => {
  const id = idFrom(c.req.header("x-request-id"));
  const start = performance.now();
  await requests.run(id, next);
  c.header("X-Request-Id", id);
  const { method, path } = c.req;
  if (unsaid.test(path)) return;
  const milliseconds = Math.round(performance.now() - start);
  const { status: statusCode } = c.res;
  requests.run(id, () => logger.info({ method, path, statusCode, milliseconds }, "answered"));
};

/** The id that a proxy in front has given the request, if it is one. */
function idFrom(given: string | undefined): string {
  return given !== undefined && /^[\w-]{8,64}$/.test(given) ? given : randomUUID();
}
