/** A file of the bucket as an HTTP answer, in parts where a player asks for parts. */
// @if typeOf
import { extname } from "node:path";
// @end
import type { Readable } from "node:stream";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { isMissing, keyOf, openBucket, statusOf } from "./bucket.ts";

export interface StoredAnswer {
  /** 200, or 206 for a part; 304, 412 and 416 come without a body. */
  status: number;
  headers: Record<string, string>;
  body: Readable | null;
}

/** What the request says of itself, by a header's name. */
type Asked = (header: string) => string | undefined;

/** Null where the bucket has no such file, or none is set. */
export async function storedAnswer(path: string, asked: Asked): Promise<StoredAnswer | null> {
  const bucket = openBucket();
  if (bucket === null) return null;
  try {
    const object = await bucket.client.send(
      new GetObjectCommand({ Bucket: bucket.name, Key: keyOf(path), ...conditionsOf(asked) }),
    );
    const headers = given({
      "Accept-Ranges": "bytes",
      "Content-Length": object.ContentLength,
      "Content-Range": object.ContentRange,
      ETag: object.ETag,
      "Last-Modified": object.LastModified?.toUTCString(),
    });
    const status = object.ContentRange === undefined ? 200 : 206;
    return { status, headers, body: object.Body as Readable };
  } catch (error) {
    if (isMissing(error)) return null;
    const status = statusOf(error);
    if ([304, 412, 416].includes(status)) return { status, headers: {}, body: null };
    throw error;
  }
}

/** The name that a path asks for; null for what a server of files would not hand out either. */
export function nameIn(path: string): string | null {
  try {
    const name = decodeURIComponent(path);
    return isPlain(name) ? name : null;
  } catch {
    return null;
  }
}

/** Hidden files and ways out of the folder are not handed out. */
export function isPlain(name: string): boolean {
  return !name.includes("\0") && !/(^|[/\\])\./.test(name) && !name.endsWith("/");
}

/** Whether the browser's copy is still good, and which part of the file it wants. */
function conditionsOf(asked: Asked) {
  const since = new Date(asked("if-modified-since") ?? "");
  return {
    Range: asked("if-range") === undefined ? asked("range") : undefined,
    IfNoneMatch: asked("if-none-match"),
    IfModifiedSince: Number.isNaN(since.getTime()) ? undefined : since,
  };
}

function given(headers: Record<string, string | number | undefined>): Record<string, string> {
  const known = Object.entries(headers).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known.map(([name, value]) => [name, String(value)]));
}
// @if typeOf

const types: Record<string, string> = {
  ".avif": "image/avif",
  ".csv": "text/csv; charset=utf-8",
  ".gif": "image/gif",
  ".jpeg": "image/jpeg",
  ".jpg": "image/jpeg",
  ".json": "application/json",
  ".mp3": "audio/mpeg",
  ".mp4": "video/mp4",
  ".pdf": "application/pdf",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".webm": "video/webm",
  ".webp": "image/webp",
  ".zip": "application/zip",
};

/** By the name's ending: what a sender says of a file's type is not to be trusted. */
export function typeOf(path: string): string {
  return types[extname(path).toLowerCase()] ?? "application/octet-stream";
}
// @end
