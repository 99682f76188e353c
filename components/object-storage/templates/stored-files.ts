/** Hands out what the bucket has of a folder, as `express.static` does of the disk. */
import { extname, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import type { Request, RequestHandler, Response } from "express";
import { isMissing, keyOf, openBucket, statusOf } from "./bucket.ts";

/**
 * Stands in front of `express.static` for the same folder, which answers for what is only on the
 * disk. `maxAge` is in milliseconds.
 */
export function storedFiles(folder: string, { maxAge = 0 } = {}): RequestHandler {
  return async function storedFile(request, response, next) {
    const bucket = openBucket();
    const name = bucket === null ? null : nameIn(request);
    if (bucket === null || name === null) return next();
    const path = join(folder, name);
    try {
      const object = await bucket.client.send(
        new GetObjectCommand({ Bucket: bucket.name, Key: keyOf(path), ...conditionsOf(request) }),
      );
      response.status(object.ContentRange === undefined ? 200 : 206);
      response.type(extname(path) || "application/octet-stream");
      setHeaders(response, {
        "Accept-Ranges": "bytes",
        "Cache-Control": `public, max-age=${Math.floor(maxAge / 1000)}`,
        "Content-Length": object.ContentLength,
        "Content-Range": object.ContentRange,
        ETag: object.ETag,
        "Last-Modified": object.LastModified?.toUTCString(),
      });
      const body = object.Body as Readable;
      if (request.method === "HEAD") {
        body.destroy();
        response.end();
      } else await pipeline(body, response);
    } catch (error) {
      if (response.headersSent) response.destroy();
      else if (isMissing(error)) next();
      else if ([304, 412, 416].includes(statusOf(error))) response.status(statusOf(error)).end();
      else next(error);
    }
  };
}

/** Null for what `express.static` would not hand out either. */
function nameIn({ method, path }: Request): string | null {
  if ((method !== "GET" && method !== "HEAD") || path.endsWith("/")) return null;
  try {
    const name = decodeURIComponent(path);
    return name.includes("\0") || /(^|[/\\])\./.test(name) ? null : name;
  } catch {
    return null;
  }
}

type Headers = Record<string, string | number | undefined>;

/** Whether the browser's copy is still good, and which part of the file it wants. */
function conditionsOf({ headers }: Request) {
  const since = new Date(headers["if-modified-since"] ?? "");
  return {
    Range: headers["if-range"] === undefined ? headers.range : undefined,
    IfNoneMatch: headers["if-none-match"],
    IfModifiedSince: Number.isNaN(since.getTime()) ? undefined : since,
  };
}

function setHeaders(response: Response, headers: Headers): void {
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) response.setHeader(name, value);
  }
}
