/** The mail server of the outside: takes every mail, and counts it only when its 250 was sent while the client was still there. */
import { createServer, type Server, type Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { SMTPServer, type SMTPServerDataStream, type SMTPServerOptions, type SMTPServerSession } from "smtp-server";
import type { Mail } from "../stack.ts";
import type { Authority } from "./certificates.ts";
import type { Dials } from "./dials.ts";
import { closeServer, portOf } from "./listening.ts";
import { readHeaders } from "./mail-headers.ts";

type Done = (error?: Error | null, message?: string) => void;

/** Only the beginning of a message is read: the headers. */
const headBytes = 64 * 1024;
const idleMilliseconds = 600_000;
const acceptedByAll = { authOptional: true, allowInsecureAuth: true, authMethods: ["PLAIN", "LOGIN", "XOAUTH2"] };

function refusal(): Error {
  return Object.assign(new Error("Try again later"), { responseCode: 451 });
}

/** The sink. `on` gets each mail at the moment it counts as accepted. */
export class MailSink {
  readonly #authority: Authority;
  readonly #dials: Dials;
  readonly #on: (mail: Mail) => void;
  readonly #plain: SMTPServer;
  readonly #secure: SMTPServer;
  readonly #fronts: Server[] = [];
  readonly #sockets = new Set<Socket>();
  /** Connections that were met by silence. */
  readonly #held = new Set<Socket>();
  /** Conversations that began and have no accepted mail. */
  readonly #open = new Set<string>();
  #count = 0;

  constructor(authority: Authority, dials: Dials, on: (mail: Mail) => void) {
    this.#authority = authority;
    this.#dials = dials;
    this.#on = on;
    this.#plain = this.#server(false);
    this.#secure = this.#server(true);
  }

  /** Listens on two loopback ports: `port` offers STARTTLS, `tlsPort` speaks TLS from the first byte. */
  async listen(): Promise<{ port: number; tlsPort: number }> {
    for (const isSecure of [false, true]) {
      const front = createServer((socket) => void this.#accept(socket, isSecure));
      await new Promise<void>((resolve) => front.listen(0, "127.0.0.1", resolve));
      this.#fronts.push(front);
    }
    const [port = 0, tlsPort = 0] = this.#fronts.map(portOf);
    return { port, tlsPort };
  }

  /** How many conversations began and have no accepted mail. */
  open(): number {
    return this.#open.size;
  }

  reset(): void {
    for (const socket of this.#held) socket.destroy();
    this.#held.clear();
    this.#open.clear();
  }

  async close(): Promise<void> {
    await Promise.all(this.#fronts.map((front) => closeServer(front, this.#sockets)));
  }

  #server(secure: boolean): SMTPServer {
    const options: SMTPServerOptions = {
      ...this.#authority.issue(["localhost", "127.0.0.1"]),
      ...acceptedByAll,
      SNICallback: (host, done) => done(null, this.#authority.contextFor(host)),
      secure,
      name: "mail.lab",
      banner: "lab",
      logger: false,
      disableReverseLookup: true,
      socketTimeout: idleMilliseconds,
      onAuth: (auth, _session, done) => done(null, { user: auth.username ?? "anybody" }),
      onMailFrom: (_address, session, done) => {
        this.#open.add(tokenOf(session));
        void this.#pass(server, session, done, done);
      },
      onRcptTo: (_address, session, done) => void this.#pass(server, session, done, done),
      onData: (stream, session, done) => this.#read(server, stream, session, done),
    };
    const server = new SMTPServer(options);
    server.on("error", () => undefined);
    return server;
  }

  async #accept(socket: Socket, isSecure: boolean): Promise<void> {
    this.#sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => {
      this.#sockets.delete(socket);
      this.#held.delete(socket);
    });
    const { dial } = this.#dials.mail;
    if (dial === "hang" || dial === "reset") this.#open.add(`connection ${++this.#count}`);
    if (dial === "hang") {
      this.#held.add(socket);
      socket.resume();
    } else if (dial === "reset") {
      socket.resetAndDestroy();
    } else {
      if (dial === "slow") await this.#dials.slowMail();
      this.#greet(socket, isSecure);
    }
  }

  #greet(socket: Socket, isSecure: boolean): void {
    if (!isSecure) {
      this.#plain.connect(socket);
      return;
    }
    const wrapped = new TLSSocket(socket, {
      isServer: true,
      secureContext: this.#authority.contextFor("localhost"),
      SNICallback: (host, done) => done(null, this.#authority.contextFor(host)),
    });
    wrapped.on("error", () => socket.destroy());
    wrapped.once("secure", () => this.#secure.connect(wrapped));
  }

  /** Lets a command pass as the dial says; a command that hangs never comes back. */
  async #pass(server: SMTPServer, session: SMTPServerSession, done: Done, go: () => void): Promise<void> {
    const { dial } = this.#dials.mail;
    const socket = socketOf(server, session);
    if (dial === "hang") {
      if (socket) this.#held.add(socket);
      return;
    }
    if (dial === "slow") await this.#dials.slowMail();
    if (dial === "reset") socket?.destroy();
    else if (dial === "reject" || dial === "error") done(refusal());
    else go();
  }

  #read(server: SMTPServer, stream: SMTPServerDataStream, session: SMTPServerSession, done: Done): void {
    const chunks: Buffer[] = [];
    let size = 0;
    stream.on("data", (chunk: Buffer) => {
      if (size < headBytes) chunks.push(chunk);
      size += chunk.length;
    });
    stream.once("end", () => {
      void this.#pass(server, session, done, () => this.#take(server, session, Buffer.concat(chunks), done));
    });
  }

  #take(server: SMTPServer, session: SMTPServerSession, message: Buffer, done: Done): void {
    const socket = socketOf(server, session);
    if (!socket || socket.destroyed || socket.readableEnded) return;
    const token = tokenOf(session);
    const { mailFrom, rcptTo } = session.envelope;
    const mail = {
      from: mailFrom === false ? "" : mailFrom.address,
      to: rcptTo.map((one) => one.address),
      ...readHeaders(message.subarray(0, headBytes)),
    };
    done(null, "OK: message accepted");
    // Writes leave in order: when this empty one is out, so is the 250.
    socket.write("", (error) => {
      if (error || socket.destroyed) return;
      this.#open.delete(token);
      this.#on({ ...mail, receivedAt: Date.now() });
    });
  }
}

function tokenOf(session: SMTPServerSession): string {
  return `${session.id} ${session.transaction}`;
}

function socketOf(server: SMTPServer, session: SMTPServerSession): Socket | null {
  for (const connection of server.connections) if (connection.id === session.id) return connection._socket;
  return null;
}
