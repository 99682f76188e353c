/** A stand-in for S3, one per stack: objects in memory, named by path, for whoever asks; signatures are not looked at. */
import { createHash, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { freePort, giveBack } from "../boot/ports.ts";
import { closeServer } from "../outside/listening.ts";
import { bodyOf } from "./bucket-body.ts";

export interface BucketServer {
  readonly part: string;
  readonly url: string;
  /** Names of what lies there, `bucket/key`, in order. */
  names(): string[];
  stop(): Promise<void>;
}

interface Kept {
  bytes: Buffer;
  type: string;
  etag: string;
  at: Date;
}

interface Shelf {
  objects: Map<string, Kept>;
  /** Parts of uploads that are under way, by their id. */
  uploads: Map<string, Map<number, Buffer>>;
}

/** What is asked for: `name` is `bucket/key`, without a slash where the bucket itself is meant. */
interface Asked {
  name: string;
  query: URLSearchParams;
  request: IncomingMessage;
  response: ServerResponse;
}

export async function startBucket(): Promise<BucketServer> {
  const shelf: Shelf = { objects: new Map(), uploads: new Map() };
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://bucket");
    const name = decodeURIComponent(pathname).replace(/^\/|\/$/g, "");
    answer(shelf, { name, query: searchParams, request, response }).catch(() => request.socket.destroy());
  });
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  const port = await freePort();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    part: "S3: a stand-in of the lab, in memory, one per side",
    url: `http://127.0.0.1:${port}`,
    names: () => [...shelf.objects.keys()].toSorted(),
    stop: async () => {
      await closeServer(server, sockets);
      giveBack(port);
    },
  };
}

async function answer(shelf: Shelf, asked: Asked): Promise<void> {
  const { name, query, request, response } = asked;
  if (!name.includes("/")) return ofBucket(shelf, asked);
  switch (request.method) {
    case "GET":
    case "HEAD":
      return give(shelf.objects.get(name), request, response);
    case "PUT":
      return put(shelf, asked);
    case "POST":
      return query.has("uploads") ? begin(shelf, asked) : complete(shelf, asked);
    case "DELETE":
      if (query.has("uploadId")) shelf.uploads.delete(query.get("uploadId") ?? "");
      else shelf.objects.delete(name);
      return end(response, 204);
    default:
      return fail(response, 405, "MethodNotAllowed");
  }
}

/** Buckets are there when they are asked for; one can be listed. */
function ofBucket({ objects }: Shelf, { name, query, request, response }: Asked): void {
  if (request.method !== "GET") return end(response, request.method === "DELETE" ? 204 : 200);
  const prefix = `${name}/${query.get("prefix") ?? ""}`;
  const contents = [...objects]
    .filter(([each]) => each.startsWith(prefix))
    .map(
      ([each, { bytes, etag }]) =>
        `<Contents><Key>${escaped(each.slice(name.length + 1))}</Key><Size>${bytes.length}</Size><ETag>${escaped(etag)}</ETag></Contents>`,
    );
  xml(
    response,
    `<ListBucketResult><Name>${escaped(name)}</Name><IsTruncated>false</IsTruncated><KeyCount>${contents.length}</KeyCount>${contents.join("")}</ListBucketResult>`,
  );
}

async function put({ objects, uploads }: Shelf, { name, query, request, response }: Asked): Promise<void> {
  const bytes = await bodyOf(request);
  const upload = query.get("uploadId");
  if (upload !== null) {
    uploads.get(upload)?.set(Number(query.get("partNumber")), bytes);
    return end(response, uploads.has(upload) ? 200 : 404, { etag: etagOf(bytes) });
  }
  const from = request.headers["x-amz-copy-source"];
  const copied = typeof from === "string" ? objects.get(decodeURIComponent(from).replace(/^\/|\?.*$/g, "")) : undefined;
  if (typeof from === "string" && copied === undefined) return fail(response, 404, "NoSuchKey");
  const type = request.headers["content-type"] ?? "application/octet-stream";
  const kept = copied ?? { bytes, type, etag: etagOf(bytes), at: new Date() };
  objects.set(name, kept);
  if (copied === undefined) return end(response, 200, { etag: kept.etag });
  xml(response, `<CopyObjectResult><ETag>${escaped(kept.etag)}</ETag></CopyObjectResult>`);
}

async function begin({ uploads }: Shelf, { name, request, response }: Asked): Promise<void> {
  await bodyOf(request);
  const id = randomUUID();
  uploads.set(id, new Map());
  xml(
    response,
    `<InitiateMultipartUploadResult><Key>${escaped(keyOf(name))}</Key><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
  );
}

async function complete(shelf: Shelf, { name, query, request, response }: Asked): Promise<void> {
  await bodyOf(request);
  const id = query.get("uploadId") ?? "";
  const parts = shelf.uploads.get(id);
  if (parts === undefined) return fail(response, 404, "NoSuchUpload");
  const bytes = Buffer.concat([...parts].toSorted(([a], [b]) => a - b).map(([, part]) => part));
  shelf.uploads.delete(id);
  shelf.objects.set(name, { bytes, type: "application/octet-stream", etag: etagOf(bytes), at: new Date() });
  xml(
    response,
    `<CompleteMultipartUploadResult><Key>${escaped(keyOf(name))}</Key><ETag>${escaped(etagOf(bytes))}</ETag></CompleteMultipartUploadResult>`,
  );
}

/** Whole or in part; nothing but the status where the client has it already. */
function give(kept: Kept | undefined, { method, headers }: IncomingMessage, response: ServerResponse): void {
  if (kept === undefined) return fail(response, 404, "NoSuchKey");
  const { bytes, type, etag, at } = kept;
  const common = { etag, "last-modified": at.toUTCString(), "accept-ranges": "bytes", "content-type": type };
  if (headers["if-none-match"] === etag) return end(response, 304, common);
  const range = /^bytes=(\d*)-(\d*)$/.exec(headers.range ?? "");
  const isTail = range?.[1] === "";
  const start = isTail ? Math.max(0, bytes.length - Number(range?.[2])) : Number(range?.[1] ?? 0);
  const last = isTail || !range?.[2] ? bytes.length - 1 : Math.min(Number(range[2]), bytes.length - 1);
  if (range !== null && start > last) return fail(response, 416, "InvalidRange");
  const part = bytes.subarray(start, last + 1);
  const length = { "content-length": String(part.length) };
  const where = range === null ? {} : { "content-range": `bytes ${start}-${last}/${bytes.length}` };
  response.writeHead(range === null ? 200 : 206, { ...common, ...length, ...where });
  response.end(method === "HEAD" ? undefined : part);
}

function keyOf(name: string): string {
  return name.slice(name.indexOf("/") + 1);
}

function etagOf(bytes: Buffer): string {
  return `"${createHash("md5").update(bytes).digest("hex")}"`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

function xml(response: ServerResponse, text: string, status = 200): void {
  response.writeHead(status, { "content-type": "application/xml" });
  response.end(`<?xml version="1.0" encoding="UTF-8"?>${text}`);
}

function fail(response: ServerResponse, status: number, code: string): void {
  xml(response, `<Error><Code>${code}</Code><Message>${code}</Message></Error>`, status);
}

function end(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, headers);
  response.end();
}
