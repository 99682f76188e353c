/**
 * A small HTTP proxy that treats its upstreams as nginx does by default: round robin, kept-alive connections, requests buffered,
 * a replica that fails is left alone for ten seconds, and a request is tried elsewhere only when that cannot do a thing twice.
 */
import {
  Agent,
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Upstream } from "./balancer.ts";

/** nginx's fail_timeout, proxy_read_timeout and keepalive_timeout. */
const downMilliseconds = 10_000;
const readMilliseconds = 60_000;
const keepAliveMilliseconds = 75_000;
/** Bodies up to this are held so that they can be sent again; nginx spools larger ones to disk, here they are passed through. */
const bufferBytes = 1024 * 1024;
/** Methods that nginx does not send twice. */
const onceOnly = new Set(["POST", "LOCK", "PATCH"]);
const hopByHop = new Set([
  "connection",
  "expect",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Keeps connections whatever the server hints about their life, as nginx does. */
class PatientAgent extends Agent {
  override keepSocketAlive(socket: Duplex): boolean {
    if ("unref" in socket && typeof socket.unref === "function") socket.unref();
    return true;
  }
}

interface Target extends Upstream {
  agent: Agent;
  downUntil: number;
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  body: Buffer;
  /** The body did not fit the buffer: the rest is still to be read, and the request can be sent only once. */
  isPartial: boolean;
  tried: Set<Target>;
}

interface Attempt {
  exchange: Exchange;
  target: Target;
  /** The connection stood, so the upstream may have the request. */
  isSent: boolean;
  hasTimedOut: boolean;
}

/** Headers for the upstream, told who called and that TLS ended here, as platforms do. */
function forwarded(request: IncomingMessage, bytes: number | null): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && !hopByHop.has(name)) headers[name] = value;
  }
  const address = request.socket.remoteAddress?.replace(/^::ffff:/, "") ?? "127.0.0.1";
  const before = request.headers["x-forwarded-for"];
  headers["x-forwarded-for"] = before === undefined ? address : `${String(before)}, ${address}`;
  headers["x-forwarded-proto"] = "https";
  headers["x-forwarded-host"] = request.headers.host ?? "";
  headers["x-real-ip"] = address;
  const isUnsized = bytes === null && headers["content-length"] === undefined;
  if (isUnsized) headers["transfer-encoding"] = "chunked";
  else if (bytes !== null && (bytes > 0 || onceOnly.has(request.method ?? "")))
    headers["content-length"] = String(bytes);
  return headers;
}

function withoutHops(response: IncomingMessage): Record<string, string | string[]> {
  const entries = Object.entries(response.headersDistinct).filter(([name]) => !hopByHop.has(name));
  return Object.fromEntries(
    entries.map(([name, values = []]) => [name, values.length === 1 ? (values[0] ?? "") : values]),
  );
}

function fail(response: ServerResponse, status: number): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { "content-type": "text/plain" });
  response.end(status === 504 ? "Gateway Timeout" : "Bad Gateway");
}

/** Reads the body until its end or until the buffer is full. Rejects when the client goes away. */
async function readBody(request: IncomingMessage): Promise<{ body: Buffer; isPartial: boolean }> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const done = (isPartial: boolean): void => {
      request.off("data", onData);
      request.pause();
      resolve({ body: Buffer.concat(chunks), isPartial });
    };
    const onData = (chunk: Buffer): void => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > bufferBytes) done(true);
    };
    request.on("data", onData);
    request.once("end", () => done(false));
    request.once("close", () => reject(new Error("the client went away")));
  });
}

/** The proxy; its server does not listen yet. */
export class Proxy {
  readonly server: Server;
  #targets: Target[] = [];
  #turn = 0;

  constructor() {
    this.server = createServer((request, response) => {
      this.#handle(request, response).catch(() => response.destroy());
    });
    this.server.on("upgrade", (request, client, head) => this.#upgrade(request, client, head));
    this.server.keepAliveTimeout = keepAliveMilliseconds;
  }

  /** Makes these the replicas that get requests; those that go keep what they are answering. */
  set(upstreams: readonly Upstream[]): void {
    const kept = this.#targets;
    this.#targets = upstreams.map(
      (one) =>
        kept.find((target) => target.host === one.host && target.port === one.port) ?? {
          ...one,
          agent: new PatientAgent({ keepAlive: true }),
          downUntil: 0,
        },
    );
    for (const { agent } of kept.filter((target) => !this.#targets.includes(target))) {
      agent.maxFreeSockets = 0;
      for (const socket of Object.values(agent.freeSockets).flatMap((list) => list ?? [])) socket.destroy();
    }
  }

  #next(tried: ReadonlySet<Target>): Target | null {
    const left = this.#targets.filter((target) => !tried.has(target));
    const up = left.filter((target) => target.downUntil <= Date.now());
    // When every replica is marked down the marks say nothing: all are tried again.
    const candidates = up.length > 0 || tried.size > 0 ? up : left;
    return candidates.length === 0 ? null : (candidates[this.#turn++ % candidates.length] ?? null);
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { body, isPartial } = await readBody(request);
    this.#attempt({ request, response, body, isPartial, tried: new Set() });
  }

  #attempt(exchange: Exchange): void {
    const { request, response, body, isPartial, tried } = exchange;
    const target = this.#next(tried);
    if (target === null) {
      fail(response, 502);
      return;
    }
    tried.add(target);
    const { host, port, agent } = target;
    const options = { host, port, agent, method: request.method, path: request.url, timeout: readMilliseconds };
    const upstream = httpRequest({ ...options, headers: forwarded(request, isPartial ? null : body.length) });
    const attempt: Attempt = { exchange, target, isSent: false, hasTimedOut: false };
    upstream.once("socket", (socket: Socket) => {
      if (socket.connecting) socket.once("connect", () => (attempt.isSent = true));
      else attempt.isSent = true;
    });
    upstream.once("timeout", () => {
      attempt.hasTimedOut = true;
      upstream.destroy(new Error("timeout"));
    });
    upstream.once("response", (answer) => {
      response.writeHead(answer.statusCode ?? 502, withoutHops(answer));
      answer.pipe(response);
      answer.once("error", () => response.destroy());
    });
    upstream.once("error", () => this.#recover(attempt));
    response.once("close", () => upstream.destroy());
    upstream.write(body.length > 0 ? body : "");
    if (isPartial && !request.readableEnded) request.pipe(upstream);
    else upstream.end();
  }

  /** Marks the replica down, and tries another when the request cannot have done anything yet, or may be done twice. */
  #recover({ exchange, target, isSent, hasTimedOut }: Attempt): void {
    const { request, response, isPartial } = exchange;
    if (response.destroyed || response.headersSent) {
      response.destroy();
      return;
    }
    if (this.#targets.length > 1) target.downUntil = Date.now() + downMilliseconds;
    const mayTryAgain = !isPartial && (!isSent || !onceOnly.has(request.method ?? ""));
    if (mayTryAgain && !hasTimedOut) this.#attempt(exchange);
    else fail(response, hasTimedOut ? 504 : 502);
  }

  #upgrade(request: IncomingMessage, client: Duplex, head: Buffer): void {
    const target = this.#next(new Set());
    if (target === null) {
      client.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
      return;
    }
    const upstream = connect({ host: target.host, port: target.port }, () => {
      const lines = [`${request.method} ${request.url} HTTP/1.1`];
      for (let at = 0; at < request.rawHeaders.length; at += 2) {
        lines.push(`${request.rawHeaders[at]}: ${request.rawHeaders[at + 1]}`);
      }
      upstream.write(`${lines.join("\r\n")}\r\nX-Forwarded-Proto: https\r\n\r\n`);
      upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on("error", () => client.destroy());
    client.on("error", () => upstream.destroy());
    client.once("close", () => upstream.destroy());
  }
}
