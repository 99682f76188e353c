/** The web of the outside: one port that plays every HTTP and HTTPS host, each with a certificate of its own name. */
import { createHash } from "node:crypto";
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";
import { createServer, Socket as NetSocket, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { SecureContext } from "node:tls";
import type { Mail, OutsideRequest } from "../stack.ts";
import { hostOf, readCall } from "./call.ts";
import type { Authority } from "./certificates.ts";
import type { Dials, Setting } from "./dials.ts";
import type { OutsideCall, Reply } from "./host.ts";
import { standInFor } from "./hosts/index.ts";
import { closeServer, portOf } from "./listening.ts";

type Request = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;

export interface WebEvents {
  request(request: OutsideRequest): void;
  mail(mail: Mail): void;
}

const tlsHandshake = 0x16;
const silenceMilliseconds = 10_000;
/** Longer than clients keep idle connections: a connection closed under a request would look like a fault of the app. */
const keepAliveTimeout = 300_000;

/** Ends a connection as a host does where nobody listens. */
function refuse(socket: Socket): void {
  if (socket instanceof NetSocket && !socket.destroyed) socket.resetAndDestroy();
  else socket.destroy();
}

function reply(call: OutsideCall): Reply {
  const host = standInFor(call.host);
  if (host === null) return { status: 200, json: {} };
  return host.answer(call) ?? { status: 404, json: { error: { message: `The lab does not know ${call.path} here` } } };
}

function send(response: Response, answer: Reply): void {
  const isStream = answer.events !== undefined;
  const text = answer.events?.join("") ?? answer.text ?? JSON.stringify(answer.json ?? {});
  const type = isStream ? "text/event-stream" : answer.text === undefined ? "application/json" : "text/plain";
  response.statusCode = answer.status;
  for (const [name, value] of Object.entries({ "content-type": type, ...answer.headers }))
    response.setHeader(name, value);
  response.end(text);
}

/** The stand-in. */
export class Web {
  readonly #dials: Dials;
  readonly #events: WebEvents;
  readonly #front: Server;
  readonly #sockets = new Set<Socket>();
  /** Requests that were met by silence. */
  readonly #held = new Set<Request>();
  readonly #unknown = new Set<string>();
  #count = 0;

  constructor(authority: Authority, dials: Dials, events: WebEvents) {
    this.#dials = dials;
    this.#events = events;
    const onRequest = (request: Request, response: Response): void => {
      this.#answer(request, response).catch(() => request.socket.destroy());
    };
    const http = createHttpServer({ keepAliveTimeout }, onRequest);
    const tlsOptions = {
      ...authority.issue(["localhost"]),
      allowHTTP1: true,
      // Node reads it for its HTTP/1 side; its types do not know it.
      keepAliveTimeout,
      SNICallback: (host: string, done: (error: Error | null, context: SecureContext) => void) => {
        done(null, authority.contextFor(host));
      },
    };
    const tls = createSecureServer(tlsOptions, onRequest);
    for (const server of [http, tls]) {
      server.on("upgrade", (_request: IncomingMessage, socket: Socket) =>
        socket.end("HTTP/1.1 501 Not Implemented\r\n\r\n"),
      );
      server.on("clientError", (_error: Error, socket: Socket) => refuse(socket));
      server.on("error", () => undefined);
    }
    tls.on("tlsClientError", () => undefined);
    this.#front = createServer((socket) => this.#accept(socket, http, tls));
  }

  /** Listens on a loopback port and answers it. */
  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#front.listen(0, "127.0.0.1", resolve));
    return portOf(this.#front);
  }

  /** Hosts that nobody plays by name; they were answered `{}`. */
  unknownHosts(): readonly string[] {
    return [...this.#unknown].sort();
  }

  reset(): void {
    for (const request of this.#held) request.socket.destroy();
    this.#held.clear();
  }

  async close(): Promise<void> {
    await closeServer(this.#front, this.#sockets);
  }

  /** The first byte tells TLS from plain HTTP. */
  #accept(socket: Socket, http: Server, tls: Server): void {
    this.#sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => this.#sockets.delete(socket));
    // Who waits for us to speak first speaks a protocol that nobody plays here.
    const late = setTimeout(() => refuse(socket), silenceMilliseconds);
    socket.once("close", () => clearTimeout(late));
    socket.once("data", (first) => {
      clearTimeout(late);
      socket.pause();
      socket.unshift(first);
      (first[0] === tlsHandshake ? tls : http).emit("connection", socket);
      process.nextTick(() => socket.resume());
    });
  }

  #settingFor(host: string): Setting {
    const own = this.#dials.take(host);
    return own.dial === "normal" && standInFor(host)?.mail === true ? this.#dials.mail : own;
  }

  async #answer(request: Request, response: Response): Promise<void> {
    const host = hostOf(request);
    const { dial, milliseconds } = this.#settingFor(host);
    const call = await readCall(request, (prefix) => `${prefix}lab${(++this.#count).toString(36).padStart(10, "0")}`);
    const { method, headers } = call;
    const digest = createHash("sha256").update(JSON.stringify(call.body)).digest("hex").slice(0, 16);
    const note = (outcome: string): void => {
      this.#events.request({ host, method, path: request.url ?? "/", headers, digest, at: Date.now(), outcome });
    };
    if (standInFor(host) === null) this.#unknown.add(host);
    if (dial === "hang") {
      this.#held.add(request);
      request.once("close", () => this.#held.delete(request));
      note("hung");
    } else if (dial === "reset") {
      note("reset");
      request.socket.destroy();
    } else if (dial === "error" || dial === "reject") {
      note("error");
      send(response, { status: 503, json: { error: { message: "Service unavailable", type: "api_error" } } });
    } else {
      if (dial === "slow") await sleep(milliseconds);
      if (request.socket.destroyed) return;
      note("answered");
      const made = reply(call);
      this.#countMails(response, made);
      send(response, made);
    }
  }

  #countMails(response: Response, made: Reply): void {
    for (const mail of made.mails ?? []) {
      response.once("finish", () => this.#events.mail({ ...mail, receivedAt: Date.now() }));
    }
  }
}
