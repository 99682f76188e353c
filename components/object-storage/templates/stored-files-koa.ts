/** Hands out what the bucket has of a folder, as `koa-static` does of the disk. */
import { join } from "node:path";
import type { Middleware } from "koa";
import { nameIn, storedAnswer, typeOf } from "./stored-answer.ts";

/**
 * Stands in front of `koa-static` for the same folder, which answers for what is only on the disk.
 * `below`: the part of the folder that the bucket has.
 */
export function storedFiles(folder: string, below = ""): Middleware {
  return async function storedFile(ctx, next) {
    const isHead = ctx.method === "HEAD";
    const name = isHead || ctx.method === "GET" ? nameIn(ctx.path) : null;
    if (name === null || !name.startsWith(`/${below}`)) return next();
    const path = join(folder, name);
    const answer = await storedAnswer(path, (header) => ctx.get(header) || undefined);
    if (answer === null) return next();
    const { status, headers, body } = answer;
    if (isHead) body?.destroy();
    ctx.body = isHead ? null : body;
    ctx.status = status;
    if (body !== null) ctx.type = typeOf(path);
    ctx.set({ "Cache-Control": "public, max-age=0", ...headers });
  };
}
