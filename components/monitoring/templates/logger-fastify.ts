/** What Fastify's log is told: a line of JSON each in production, with an id per request. */
import { randomUUID } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";

const { LOG_LEVEL, NODE_ENV } = process.env;

export const logging = {
  level: LOG_LEVEL ?? (NODE_ENV === "test" ? "silent" : "info"),
  redact: ["*.password", "*.token", "*.headers.authorization", "*.headers.cookie"],
  // Without the query: it carries secrets.
  serializers: {
    req: ({ method, url }: { method: string; url: string }) => ({
      method,
      path: url.split("?", 1).join(),
    }),
  },
  ...(NODE_ENV === "production" || NODE_ENV === "test"
    ? {}
    : { transport: { target: "pino-pretty", options: { singleLine: true } } }),
};

/** The id that a proxy in front has given the request, if it is one. */
export function requestId({
  headers,
}: {
  headers: Record<string, string | string[] | undefined>;
}): string {
  const given = headers["x-request-id"];
  return typeof given === "string" && /^[\w-]{8,64}$/.test(given) ? given : randomUUID();
}

/** Tells whoever asks which id the request has in the log. */
export async function sayRequestId(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  reply.header("X-Request-Id", request.id);
}
