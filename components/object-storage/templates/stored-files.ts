/** Hands out what the bucket has of a folder, as `express.static` does of the disk. */
import { extname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Request, RequestHandler } from "express";
import { nameIn, storedAnswer } from "./stored-answer.ts";

/**
 * Stands in front of `express.static` for the same folder, which answers for what is only on the
 * disk. `maxAge` is in milliseconds.
 */
export function storedFiles(folder: string, { maxAge = 0 } = {}): RequestHandler {
  return async function storedFile(request, response, next) {
    const name = isRead(request) ? nameIn(request.path) : null;
    if (name === null) return next();
    try {
      const path = join(folder, name);
      const answer = await storedAnswer(path, (header) => request.get(header));
      if (answer === null) return next();
      response.status(answer.status);
      response.type(extname(path) || "application/octet-stream");
      response.set("Cache-Control", `public, max-age=${Math.floor(maxAge / 1000)}`);
      response.set(answer.headers);
      if (answer.body === null) response.end();
      else if (request.method === "HEAD") {
        answer.body.destroy();
        response.end();
      } else await pipeline(answer.body, response);
    } catch (error) {
      if (response.headersSent) response.destroy();
      else next(error);
    }
  };
}

function isRead({ method }: Request): boolean {
  return method === "GET" || method === "HEAD";
}
