/** Hands out what the bucket has of a folder; `@fastify/static` does the disk. */
import { join, posix } from "node:path";
import type { FastifyReply, FastifyRequest } from "fastify";
import { isPlain, storedAnswer, typeOf } from "./stored-answer.ts";

/** Handler of a route that ends in `/*`. `below`: the folder's place in `@fastify/static`'s. */
export function storedFiles(folder: string, below = "") {
  return async function storedFile(request: FastifyRequest, reply: FastifyReply) {
    const { "*": name } = request.params as { "*": string };
    const path = join(folder, name);
    const asked = (header: string) => request.headers[header]?.toString();
    const answer = isPlain(name) ? await storedAnswer(path, asked) : null;
    if (answer === null) return reply.sendFile(posix.join(below, name));
    const { status, headers, body } = answer;
    reply.code(status).headers(headers).header("Cache-Control", "public, max-age=0");
    if (body === null) return reply.send();
    reply.type(typeOf(path));
    if (request.method !== "HEAD") return reply.send(body);
    body.destroy();
    return reply.send("");
  };
}
