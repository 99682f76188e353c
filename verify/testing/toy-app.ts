/** A small shop in memory whose faults can be chosen. For the lab's own tests. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { ToyWorld } from "./toy-world.ts";

export interface ToyTraits {
  /** `inline`: checkout waits for its receipt. `queue`: a worker sends it. */
  mail: "inline" | "queue";
  /** On SIGTERM finishes what was begun. */
  isGraceful: boolean;
  /** Attempts to log in that one address has, null without a limit. */
  loginLimit: number | null;
  /** Milliseconds of work in every checkout. */
  checkoutTime: number;
  /** What checkout answers with. */
  checkoutBody: Record<string, unknown>;
  checkoutStatus: number;
}

export const toyTraits: ToyTraits = {
  mail: "inline",
  isGraceful: false,
  loginLimit: null,
  checkoutTime: 5,
  checkoutBody: { ok: true, price: 12 },
  checkoutStatus: 201,
};

interface ToyJob {
  to: string;
  lockedBy: AbortSignal | null;
}

/** What outlives the processes: accounts, limits, the queue. */
export interface ToyStore {
  accounts: Set<string>;
  attempts: Map<string, number>;
  jobs: ToyJob[];
}

/** One process of the shop. `life` ends when it is killed. */
export function toyServer(traits: ToyTraits, store: ToyStore, world: ToyWorld, life: AbortSignal): Server {
  return createServer((request, response) => {
    void answer(request, traits, store, world, life).then(
      ({ status, body }) => respond(response, status, body),
      () => response.destroy(),
    );
  });
}

async function answer(
  request: IncomingMessage,
  traits: ToyTraits,
  store: ToyStore,
  world: ToyWorld,
  life: AbortSignal,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const { method = "", url = "" } = request;
  const body = await readBody(request);
  const address = String(request.headers["x-forwarded-for"] ?? request.socket.remoteAddress);
  if (method === "GET" && url === "/items") return { status: 200, body: { items: [{ id: 1, name: "Tea" }] } };
  if (url === "/sign-up") {
    store.accounts.add(body);
    return { status: 201, body: { token: Buffer.from(body).toString("base64url") } };
  }
  if (url === "/login") {
    const attempts = (store.attempts.get(address) ?? 0) + 1;
    store.attempts.set(address, attempts);
    if (traits.loginLimit !== null && attempts > traits.loginLimit)
      return { status: 429, body: { error: "slow down" } };
    return store.accounts.has(body) ? { status: 200, body: { ok: true } } : { status: 401, body: { error: "no" } };
  }
  if (url !== "/checkout") return { status: 404, body: { error: "not found" } };
  await sleep(traits.checkoutTime, undefined, { signal: life });
  const to = String(request.headers["x-mail"]);
  if (traits.mail === "queue") store.jobs.push({ to, lockedBy: null });
  else if (!(await world.deliver(to, "receipt", life))) return { status: 500, body: { error: "mail failed" } };
  return { status: traits.checkoutStatus, body: traits.checkoutBody };
}

/** Takes one job after the other until it is killed; a job whose worker died is taken up again. */
export async function toyWorker(store: ToyStore, world: ToyWorld, life: AbortSignal): Promise<void> {
  while (!life.aborted) {
    const job = store.jobs.find(({ lockedBy }) => lockedBy === null || lockedBy.aborted);
    if (!job) {
      await sleep(5);
      continue;
    }
    job.lockedBy = life;
    const isDone = await world.deliver(job.to, "receipt", life);
    if (isDone) store.jobs.splice(store.jobs.indexOf(job), 1);
    else if (!life.aborted) job.lockedBy = null;
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}

function respond(response: ServerResponse, status: number, body: Record<string, unknown>): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  response.end(text);
}
