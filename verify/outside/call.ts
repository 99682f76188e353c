/** Turns a request that arrived at the stand-in into the plain value that hosts answer. */
import type { IncomingMessage } from "node:http";
import type { Http2ServerRequest } from "node:http2";
import type { OutsideCall } from "./host.ts";

/** Bodies beyond this are read and dropped: uploads need no answer that depends on them. */
const bodyBytes = 8 * 1024 * 1024;

async function readBody(request: IncomingMessage | Http2ServerRequest): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    size += bytes.length;
    if (size <= bodyBytes) chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

/** The text fields of a multipart body; files are left out. */
function parseMultipart(text: string, boundary: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const part of text.split(`--${boundary}`)) {
    const split = part.indexOf("\r\n\r\n");
    const head = part.slice(0, Math.max(split, 0));
    const name = /name="([^"]*)"/i.exec(head)?.[1];
    if (split < 0 || name === undefined || /filename=/i.test(head)) continue;
    fields[name] = part.slice(split + 4).replace(/\r\n$/, "");
  }
  return fields;
}

function parseBody(bytes: Buffer, type: string): unknown {
  const text = bytes.toString("utf8");
  if (type.includes("x-www-form-urlencoded")) return Object.fromEntries(new URLSearchParams(text));
  const boundary = /multipart\/form-data;.*boundary="?([^";]+)/i.exec(type)?.[1];
  if (boundary !== undefined) return parseMultipart(text, boundary);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function plainHeaders(request: IncomingMessage | Http2ServerRequest): Record<string, string> {
  const entries = Object.entries(request.headers).filter(([name]) => !name.startsWith(":"));
  return Object.fromEntries(
    entries.map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : (value ?? "")]),
  );
}

/** The host a request is for, without its port; `servername` is what TLS was asked for. */
export function hostOf(request: IncomingMessage | Http2ServerRequest): string {
  const authority = request.headers[":authority"];
  const named = (typeof authority === "string" ? authority : request.headers.host) ?? "unknown";
  return named.replace(/:\d+$/, "").toLowerCase();
}

/** Reads the whole request. Rejects when the client goes away before its end. */
export async function readCall(
  request: IncomingMessage | Http2ServerRequest,
  unique: OutsideCall["unique"],
): Promise<OutsideCall> {
  const headers = plainHeaders(request);
  const url = new URL(request.url ?? "/", "http://lab");
  const bytes = await readBody(request);
  return {
    host: hostOf(request),
    method: request.method ?? "GET",
    path: url.pathname,
    query: url.searchParams,
    headers,
    body: parseBody(bytes, headers["content-type"] ?? ""),
    unique,
  };
}
