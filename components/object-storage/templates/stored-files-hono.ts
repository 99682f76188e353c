/** Hands out what the bucket has of a folder, as `serveStatic` does of the disk. */
import { join } from "node:path";
import { Readable } from "node:stream";
import type { MiddlewareHandler } from "hono";
import { nameIn, storedAnswer, typeOf } from "./stored-answer.ts";

/**
 * Stands in front of `serveStatic` with the same root, which answers for what is only on the disk:
 * the path of the request is the file's below the root.
 */
export function storedFiles(root: string): MiddlewareHandler {
  return async function storedFile(c, next) {
    const isHead = c.req.method === "HEAD";
    const name = isHead || c.req.method === "GET" ? nameIn(c.req.path) : null;
    const path = join(root, name ?? "");
    const answer = name === null ? null : await storedAnswer(path, (asked) => c.req.header(asked));
    if (answer === null) return next();
    const { status, body } = answer;
    const headers = {
      "Cache-Control": "public, max-age=0",
      "Content-Type": typeOf(path),
      ...answer.headers,
    };
    if (body === null || isHead) {
      body?.destroy();
      return new Response(null, { status, headers });
    }
    return new Response(Readable.toWeb(body) as ReadableStream, { status, headers });
  };
}
