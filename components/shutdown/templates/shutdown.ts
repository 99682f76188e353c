/**
 * Stops the process without losing a request: it reports that it is not ready, gives the load
 * balancer time to notice, answers what it has taken on, closes what the app has opened and exits
 * with code 0.
 */
import type { Server, ServerResponse } from "node:http";
import { Server as NetServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
// @if logger
__LOGGER_IMPORT__;
// @end

interface Duties {
  // @if express
  /** The Express app, for a readiness check that looks at `app.locals.stopping`. */
  app?: { locals: Record<string, unknown> };
  // @end
  // @if reports
  /** Told first, for a readiness check. */
  onStop?: () => void;
  // @end
  /** What to close once the last request is answered, in this order. */
  close?: (() => unknown)[];
}

/**
 * Ends the process in order on SIGTERM (deploys, `docker stop`) and SIGINT (Ctrl-C). Returns the
 * server.
 */
export function closeOnSignal<Http extends Server>(
  server: Http,
  // @if express
  { app, close = [] }: Duties = {},
  // @end
  // @if reports
  { onStop, close = [] }: Duties = {},
  // @end
  // @if silent
  { close = [] }: Duties = {},
  // @end
): Http {
  const { delay, deadline, keepAlive } = settings();
  server.keepAliveTimeout = keepAlive;
  const sockets = new Set<Socket>();
  const answers = new Set<ServerResponse>();
  let stoppingSince = 0;

  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.prependListener("request", (_request, response: ServerResponse) => {
    answers.add(response);
    response.once("close", () => answers.delete(response));
    if (stoppingSince > 0) response.setHeader("Connection", "close");
  });

  async function stop(): Promise<void> {
    // @if express
    if (app) app.locals.stopping = true;
    // @end
    // @if reports
    onStop?.();
    // @end
    for (const answer of answers) if (!answer.headersSent) answer.setHeader("Connection", "close");
    await sleep(delay);
    await drain(server, answers, sockets);
    for (const closeOne of close) {
      try {
        await closeOne();
      } catch (error) {
        __ERROR__(`Not closed cleanly: ${String(error)}`);
      }
    }
    process.exit(0);
  }

  function onSignal(signal: NodeJS.Signals): void {
    if (stoppingSince === 0) {
      stoppingSince = Date.now();
      __INFO__(`${signal}: answering what is under way, then stopping`);
      setTimeout(() => {
        __ERROR__(`Still busy ${deadline} ms after ${signal}: stopping anyway`);
        process.exit(1);
      }, deadline);
      void stop();
      return;
    }
    // npm hands Ctrl-C on to a process that the terminal has told already: no second wish.
    if (Date.now() - stoppingSince > 500) process.exit(1);
  }

  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
  return server;
}

/** All in milliseconds, and read when the server starts: by then the env file is loaded. */
function settings() {
  const { env } = process;
  return {
    /** For which new requests are still answered: load balancers look every few seconds. */
    delay: numberFrom(env.SHUTDOWN_DELAY_MS, env.NODE_ENV === "production" ? 3000 : 0),
    /** When the process ends, ready or not: `docker stop` kills after 10 seconds. */
    deadline: numberFrom(env.SHUTDOWN_DEADLINE_MS, 9000),
    /**
     * For which an idle connection stays open. Whoever closes it first must be the load balancer,
     * or it sends a request into a closed connection now and then. AWS's and nginx's let go after
     * 60 seconds by default, Node after 5.
     */
    keepAlive: numberFrom(env.KEEP_ALIVE_TIMEOUT_MS, 65000),
  };
}

/** Takes no new connections, and ends when every open one is gone. */
async function drain(
  server: Server,
  answers: Set<ServerResponse>,
  sockets: Set<Socket>,
): Promise<void> {
  await listened(server);
  // Not http's own close(): that cuts idle connections, on which a request may be on its way.
  const closed = new Promise<void>((resolve) => {
    NetServer.prototype.close.call(server, () => resolve());
  });
  const sweep = setInterval(() => {
    // Immediates run right after Node has read from its sockets: what has arrived is known then.
    setImmediate(() => {
      for (const answer of answers) if (isEventStream(answer)) answer.destroy();
      if (answers.size === 0) for (const socket of sockets) socket.destroy();
    });
  }, 200);
  await closed;
  clearInterval(sweep);
}

/** Ends after a turn of the event loop that met no new connection: nobody is turned away then. */
async function listened(server: Server): Promise<void> {
  let arrived = 0;
  let before = -1;
  server.on("connection", () => {
    arrived += 1;
  });
  while (before < arrived) {
    before = arrived;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** It never ends by itself; the browser opens it again elsewhere. So it does with WebSockets. */
function isEventStream(answer: ServerResponse): boolean {
  return String(answer.getHeader("Content-Type")).startsWith("text/event-stream");
}

function numberFrom(text: string | undefined, otherwise: number): number {
  const value = Number(text);
  return text === undefined || text.trim() === "" || Number.isNaN(value) ? otherwise : value;
}
