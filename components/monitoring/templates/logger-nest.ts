/** What the app's log is told: a line of JSON each in production, with an id per request. */
import { randomUUID } from "node:crypto";
import type { Params } from "nestjs-pino";

const { LOG_LEVEL, NODE_ENV } = process.env;

export const logging: Params = {
  pinoHttp: {
    level: LOG_LEVEL ?? (NODE_ENV === "test" ? "silent" : "info"),
    redact: ["*.password", "*.token", "*.headers.authorization", "*.headers.cookie"],
    genReqId: ({ headers }, response) => {
      const id = idFrom(headers["x-request-id"]);
      response.setHeader("X-Request-Id", id);
      return id;
    },
    // Of the request each line has the id alone.
    quietReqLogger: true,
    customAttributeKeys: { reqId: "requestId" },
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
    ...(NODE_ENV === "production" || NODE_ENV === "test"
      ? {}
      : { transport: { target: "pino-pretty", options: { singleLine: true } } }),
  },
};

/** The id that a proxy in front has given the request, if it is one. */
function idFrom(given: string | string[] | undefined): string {
  return typeof given === "string" && /^[\w-]{8,64}$/.test(given) ? given : randomUUID();
}
