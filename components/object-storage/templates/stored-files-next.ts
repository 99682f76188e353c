/** Hands out uploaded files: those of the bucket, else those that lie on this machine's disk. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { NextRequest } from "next/server";
import { nameIn, storedAnswer, typeOf } from "./stored-answer.ts";

/** The path of the request is the file's below `public`, as it is for the files of the build. */
export async function storedFile(request: NextRequest): Promise<Response> {
  const name = nameIn(request.nextUrl.pathname);
  if (name === null) return new Response(null, { status: 404 });
  const path = join("public", name);
  const asked = (header: string) => request.headers.get(header) ?? undefined;
  const answer = (await storedAnswer(path, asked)) ?? (await onDisk(path));
  if (answer === null) return new Response(null, { status: 404 });
  const { status, body } = answer;
  const headers = {
    "Cache-Control": "public, max-age=0",
    "Content-Type": typeOf(path),
    ...answer.headers,
  };
  if (body === null || request.method === "HEAD") {
    body?.destroy();
    return new Response(null, { status, headers });
  }
  return new Response(Readable.toWeb(body) as ReadableStream, { status, headers });
}

async function onDisk(path: string) {
  try {
    return { status: 200, headers: {}, body: Readable.from([await readFile(path)]) };
  } catch {
    return null;
  }
}
