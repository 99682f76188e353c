/** Sends one request the way a user's client would and says what came of it. */
import { request, type Agent, type ClientRequest, type IncomingMessage } from "node:http";
import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import type { FilledStep } from "./template.ts";

/** An answer to its end; `bytes` is what its body took on the way, `body` the text it stands for. */
export interface Answered {
  kind: "answered";
  status: number;
  headers: IncomingMessage["headers"];
  body: string;
  bytes: number;
  milliseconds: number;
}

/** What a request ended in. Milliseconds run from the moment it was sent. */
export type Answer = Answered | { kind: "lost"; why: "timeout" | "reset" | "refused"; milliseconds: number };

export interface Sending {
  /** Base address of the stack, `http://127.0.0.1:4000`. */
  url: string;
  agent: Agent;
  /** Source address; null for the system's choice. */
  address: string | null;
  cookies: ReadonlyMap<string, string>;
  patienceMilliseconds: number;
  /** Called once the whole request has left. */
  onSent?(): void;
}

/** Answers are read to the end, but no more of them is kept than this many bytes, packed or not. */
const kept = 1_000_000;

/** Never rejects: whatever goes wrong is an answer too. */
export function send(step: FilledStep, sending: Sending): Promise<Answer> {
  return new Promise((resolve) => {
    const began = performance.now();
    const elapsed = (): number => performance.now() - began;
    const { text, type } = encoded(step);
    const outgoing = open(step, sending, text, type);
    const patience = setTimeout(() => {
      resolve({ kind: "lost", why: "timeout", milliseconds: elapsed() });
      outgoing.destroy();
    }, sending.patienceMilliseconds);
    const lost = (error: NodeJS.ErrnoException): void => {
      clearTimeout(patience);
      resolve({ kind: "lost", why: error.code === "ECONNREFUSED" ? "refused" : "reset", milliseconds: elapsed() });
    };
    outgoing.on("error", lost);
    outgoing.on("finish", () => sending.onSent?.());
    outgoing.on("response", (incoming) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      incoming.on("data", (chunk: Buffer) => {
        if (bytes < kept) chunks.push(chunk);
        bytes += chunk.length;
      });
      incoming.on("error", lost);
      incoming.on("end", () => {
        clearTimeout(patience);
        const { statusCode: status = 0, headers } = incoming;
        const body = unpacked(Buffer.concat(chunks), headers["content-encoding"]);
        resolve({ kind: "answered", status, headers, body, bytes, milliseconds: elapsed() });
      });
    });
    outgoing.end(text);
  });
}

const unpackers = { gzip: gunzipSync, deflate: inflateSync, br: brotliDecompressSync };

/** What cannot be unpacked, cut off or damaged, stays as it is: two such answers are at least compared. */
function unpacked(body: Buffer, encoding = "identity"): string {
  const unpack = unpackers[encoding.trim().toLowerCase() as keyof typeof unpackers];
  try {
    return (unpack?.(body, { maxOutputLength: kept }) ?? body).toString("utf8");
  } catch {
    return body.toString("latin1");
  }
}

function open(step: FilledStep, sending: Sending, text: string | undefined, type: string): ClientRequest {
  const { hostname, port } = new URL(sending.url);
  const cookie = [...sending.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  return request({
    agent: sending.agent,
    host: hostname === "localhost" ? "127.0.0.1" : hostname,
    port,
    ...(sending.address === null ? {} : { localAddress: sending.address, family: 4 }),
    method: step.method,
    path: step.path,
    headers: {
      host: `${hostname}:${port}`,
      // As browsers ask.
      "accept-encoding": "gzip, deflate, br",
      accept: "application/json, text/html;q=0.9, */*;q=0.8",
      ...(text === undefined ? {} : { "content-type": type, "content-length": Buffer.byteLength(text) }),
      ...(cookie === "" ? {} : { cookie }),
      ...step.headers,
    },
  });
}

/** JSON unless the step's own content type says form or the body is a ready text. */
function encoded({ body, headers }: FilledStep): { text: string | undefined; type: string } {
  if (body === undefined || body === null) return { text: undefined, type: "" };
  if (typeof body === "string") return { text: body, type: "text/plain" };
  const isForm = headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ?? false;
  if (!isForm) return { text: JSON.stringify(body), type: "application/json" };
  const pairs = Object.entries(body).map(([key, value]): [string, string] => [key, String(value)]);
  return { text: new URLSearchParams(pairs).toString(), type: "application/x-www-form-urlencoded" };
}
