/** The toy shop behind a toy balancer, as a stack. For the lab's own tests. */
import { Agent, createServer, request, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Runtime, Side } from "../runtime.ts";
import type { Replica, Stack } from "../stack.ts";
import { toyServer, toyTraits, toyWorker, type ToyStore, type ToyTraits } from "./toy-app.ts";
import { toyWorld } from "./toy-world.ts";

const drainMilliseconds = 100;

interface ToyReplica {
  describe(): Replica;
  start(): Promise<void>;
  kill(how: "SIGKILL" | "SIGTERM"): Promise<void>;
}

function toyReplica(index: number, isGraceful: boolean, spawn: (life: AbortSignal) => Server): ToyReplica {
  let [server, life, port]: [Server | null, AbortController, number] = [null, new AbortController(), 0];
  return {
    describe: () => ({ index, pid: 0, port, url: `http://127.0.0.1:${port}`, alive: server !== null }),
    async start() {
      life = new AbortController();
      const born = spawn(life.signal);
      port = await listen(born, port);
      server = born;
    },
    async kill(how) {
      const dying = server;
      server = null;
      if (!dying) return;
      const isDrained = how === "SIGTERM" && isGraceful;
      // Out of the balancer by now, still open to what it sent a moment ago: to close at once would reset connections not yet accepted.
      if (isDrained) await sleep(drainMilliseconds);
      else life.abort();
      const closed = new Promise((resolve) => dying.close(resolve));
      if (!isDrained) dying.closeAllConnections();
      await closed;
    },
  };
}

async function bootToy(side: Side, chosen: Partial<ToyTraits>): Promise<Stack> {
  const traits = { ...toyTraits, ...chosen };
  const store: ToyStore = { accounts: new Set(), attempts: new Map(), jobs: [] };
  const world = toyWorld();
  const spawn = (life: AbortSignal): Server => toyServer(traits, store, world, life);
  const replicas = [0, 1].map((index) => toyReplica(index, traits.isGraceful, spawn));
  let worker = new AbortController();
  const startProcess = async (): Promise<void> => {
    worker = new AbortController();
    void toyWorker(store, world, worker.signal);
  };
  for (const replica of replicas) await replica.start();
  if (traits.mail === "queue") await startProcess();
  const balancer = toyBalancer(replicas);
  return {
    side,
    url: `http://127.0.0.1:${await listen(balancer, 0)}`,
    replicas: () => replicas.map((replica) => replica.describe()),
    processes: () => (traits.mail === "queue" ? ["worker"] : []),
    backing: () => [],
    outside: world.outside,
    parts: ["toy shop", "toy balancer"],
    kill: async (index, how) => replicas[index]?.kill(how),
    restart: async (index) => replicas[index]?.start(),
    killProcess: async () => worker.abort(),
    startProcess,
    usage: async () => ({ cpuMilliseconds: process.cpuUsage().user / 1000, residentBytes: 1_000_000 }),
    queries: async () => null,
    log: () => [],
    async stop() {
      worker.abort();
      world.outside.reset();
      for (const replica of replicas) await replica.kill("SIGKILL");
      balancer.closeAllConnections();
      balancer.close();
      return [];
    },
  };
}

/** A runtime of toys; a side given as text does not boot, for that reason. */
export function toyRuntime(sides: Record<Side, Partial<ToyTraits> | string>): Runtime {
  return {
    async boot(side) {
      const traits = sides[side];
      if (typeof traits === "string")
        return { ok: false, at: "boot", reason: traits, log: ["npm start", `Error: ${traits}`] };
      return { ok: true, stack: await bootToy(side, traits) };
    },
    notes: () => [],
    close: async () => [],
  };
}

/** Round robin over the living; names the client as a real balancer does; tries the next one when a replica refuses to connect. */
function toyBalancer(replicas: readonly ToyReplica[]): Server {
  const agent = new Agent({ keepAlive: false });
  let turn = 0;
  return createServer((incoming: IncomingMessage, outgoing: ServerResponse) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => forward(Buffer.concat(chunks), replicas.length));
    const forward = (body: Buffer, tries: number): void => {
      const living = replicas.map((one) => one.describe()).filter(({ alive }) => alive);
      const replica = living[(turn += 1) % Math.max(1, living.length)];
      const sorry = (): void => void outgoing.writeHead(502, { "content-type": "text/plain" }).end("bad gateway");
      if (!replica) return sorry();
      const headers = { ...incoming.headers, "x-forwarded-for": incoming.socket.remoteAddress };
      const onward = request({
        agent,
        port: replica.port,
        host: "127.0.0.1",
        method: incoming.method,
        path: incoming.url,
        headers,
      });
      onward.on("response", (answer) => {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(outgoing);
        answer.on("error", () => outgoing.destroy());
      });
      onward.on("error", (error: NodeJS.ErrnoException) => {
        if (outgoing.headersSent) outgoing.destroy();
        else if (error.code === "ECONNREFUSED" && tries > 1) forward(body, tries - 1);
        else sorry();
      });
      onward.end(body);
    };
  });
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const address: AddressInfo | string | null = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}
