/** The proxy and the second copy, taken at their word: two apps behind it on a real Docker engine, one of them losing a copy under load. */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { components } from "../components/registry.ts";
import { ApplyAnswer } from "../report/answers/changes.ts";
import { PlanAnswer } from "../report/answers/plan.ts";
import { shoreup } from "./command.ts";

const engine = spawnSync("docker", ["version", "--format", "{{.Server.Version}}"], { encoding: "utf8" });
const why = engine.status === 0 ? "" : ": skipped, no Docker engine answers on this machine";
const Who = z.object({ copy: z.string(), ip: z.string(), forwarded: z.string(), real: z.string() });
type Env = Record<string, string>;

interface Stack {
  folder: string;
  compose: (...words: string[]) => string;
}

function docker(words: readonly string[], env: Env = {}): string {
  return execFileSync("docker", words, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  }).trim();
}

function stackOf(folder: string, name: string, env: Env): Stack {
  const project = `shoreup-edge-${name}-${process.pid}`;
  const file = join(folder, "compose.yaml");
  return { folder, compose: (...words) => docker(["compose", "-p", project, "-f", file, ...words], env) };
}

function down(stack: Stack | undefined): void {
  if (stack === undefined) return;
  stack.compose("down", "--volumes", "--rmi", "local", "--timeout", "5");
  rmSync(stack.folder, { recursive: true, force: true });
}

function copyOf(app: string): string {
  const folder = mkdtempSync(join(tmpdir(), "shoreup-edge-"));
  cpSync(join(import.meta.dirname, "apps", app), folder, { recursive: true });
  return folder;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return z.object({ port: z.number() }).parse(address).port;
}

/** Until the address answers 200, for at most a minute. */
async function untilWell(address: string): Promise<void> {
  for (let waited = 0; waited < 120; waited += 1) {
    const answer = await fetch(address).catch(() => null);
    if (answer?.ok === true) return;
    await sleep(500);
  }
  throw new Error(`${address} does not answer`);
}

async function applied(folder: string, names: string, ...more: string[]): Promise<void> {
  const { code, stderr } = await shoreup(["apply", folder, "--component", names, "--json", ...more]);
  if (code !== 0) throw new Error(stderr);
}

function validated({ folder }: Stack): number | null {
  const caddyfile = `${join(folder, "Caddyfile")}:/etc/caddy/Caddyfile:ro`;
  const words = ["run", "--rm", "-v", caddyfile, "caddy:2-alpine", "caddy", "validate", "--config"];
  return spawnSync("docker", [...words, "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]).status;
}

/** Services with a port of the host. */
function openServices({ compose }: Stack): string[] {
  const lines = compose("ps", "--format", "{{.Service}} {{.Ports}}").split("\n");
  return lines.flatMap((line) => (line.includes("->") ? (line.split(" ")[0] ?? []) : []));
}

describe.skipIf(why !== "")(`an app with nothing in the way of a second copy${why}`, () => {
  let stack: Stack;
  let at: string;

  beforeAll(async () => {
    const port = await freePort();
    at = `http://127.0.0.1:${port}`;
    stack = stackOf(copyOf("clock"), "clock", { CLOCK_PORT: String(port) });
    await applied(stack.folder, "load-balancer");
    stack.compose("up", "--detach", "--build", "--quiet-pull");
    await untilWell(`${at}/healthz`);
  }, 240_000);

  afterAll(() => down(stack));

  const who = async (headers: Env = {}): Promise<z.infer<typeof Who>> =>
    Who.parse(await (await fetch(`${at}/who`, { headers })).json());

  it("has a configuration that Caddy takes, and one service that is open to the world", () => {
    expect(validated(stack)).toBe(0);
    expect(openServices(stack)).toEqual(["proxy"]);
  });

  it("is served by both copies", async () => {
    const copies = new Set<string>();
    for (let asked = 0; asked < 10; asked += 1) copies.add((await who()).copy);
    expect(copies.size).toBe(2);
  });

  it("never hears of the address that a client makes up", async () => {
    const made = "203.0.113.66";
    const seen = await who({ "X-Forwarded-For": made, "X-Real-IP": made, Forwarded: `for=${made}` });
    expect(JSON.stringify(seen)).not.toContain(made);
    expect([seen.forwarded, seen.real]).toEqual([seen.ip, seen.ip]);
  });

  it.each<[string, number, boolean]>([
    ["an ordinary body", 2_000_000, true],
    ["one over the limit", 11_000_000, false],
  ])("takes %s: %i bytes, %s", async (_name, bytes, isTaken) => {
    const sent = fetch(`${at}/bytes`, { method: "POST", body: Buffer.alloc(bytes) });
    const answer = await sent.catch(() => null);
    expect(answer?.ok === true ? await answer.json() : null).toEqual(isTaken ? { bytes } : null);
    // The refusal says nothing of the copies: they go on answering.
    expect((await fetch(`${at}/who`)).status).toBe(200);
  });

  it("refuses headers that are too large", async () => {
    expect((await fetch(`${at}/who`, { headers: { "X-Large": "a".repeat(30_000) } })).status).toBe(431);
  });

  it("passes an event stream on piece by piece", async () => {
    const { body } = await fetch(`${at}/ticks`);
    const times: number[] = [];
    for await (const _chunk of body ?? []) times.push(performance.now());
    expect(times).toHaveLength(4);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(800);
  });

  it("passes a socket on", async () => {
    const socket = connect(Number(new URL(at).port), "127.0.0.1");
    const upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13";
    socket.write(
      `GET /socket HTTP/1.1\r\nHost: clock\r\n${upgrade}\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
    );
    let heard = "";
    for await (const chunk of socket) {
      const isFirst = heard === "";
      heard += String(chunk);
      if (isFirst) socket.write("tick");
      if (heard.endsWith("tick")) break;
    }
    expect(heard).toMatch(/^HTTP\/1\.1 101 [^]*\r\n\r\ntick$/);
  });

  it("loses no GET when a copy is killed under load, and takes the copy back", async () => {
    const statuses: (number | string)[] = [];
    const end = performance.now() + 8000;
    const user = async (): Promise<void> => {
      while (performance.now() < end) {
        const status = await fetch(`${at}/slow`).then((answer) => answer.status, String);
        statuses.push(status);
      }
    };
    const users = Array.from({ length: 6 }, user);
    await sleep(1500);
    const [killed = ""] = stack.compose("ps", "--quiet", "clock").split("\n");
    docker(["kill", killed]);
    await Promise.all(users);
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
    expect(statuses.length).toBeGreaterThan(20);

    stack.compose("up", "--detach");
    await sleep(4000);
    const copies = new Set<string>();
    for (let asked = 0; asked < 10; asked += 1) copies.add((await who()).copy);
    expect(copies.size).toBe(2);
  });
});

describe.skipIf(why !== "")(`the patched sample app behind the proxy${why}`, () => {
  let stack: Stack;
  let at: string;
  // Without an image of an S3 server its files stay on the disk.
  const wanted = components.map(({ id }) => id).filter((id) => id !== "object-storage");

  beforeAll(async () => {
    const folder = copyOf("ticket-shop");
    // As it comes, it names an nginx before it.
    const readme = join(folder, "README.md");
    writeFileSync(readme, readFileSync(readme, "utf8").replace(" behind nginx", ""));
    const [http, https] = [await freePort(), await freePort()];
    at = `http://127.0.0.1:${http}`;
    stack = stackOf(folder, "shop", { HTTP_PORT: String(http), HTTPS_PORT: String(https) });
    await applied(folder, wanted.join(","), "--lockfile");
    stack.compose("up", "--detach", "--build", "--quiet-pull");
    await untilWell(`${at}/readyz`);
  }, 300_000);

  afterAll(() => down(stack));

  it("answers through the proxy alone", async () => {
    expect(validated(stack)).toBe(0);
    expect((await fetch(`${at}/api/events`)).status).toBe(200);
    expect(openServices(stack)).toEqual(["proxy"]);
  });

  it("runs one copy, and says what stands in the way of a second", async () => {
    expect(stack.compose("ps", "--quiet", "app").split("\n")).toHaveLength(1);
    const { stdout } = await shoreup(["plan", stack.folder, "--component", "load-balancer", "--json"]);
    const briefs = PlanAnswer.parse(JSON.parse(stdout)).steps.flatMap((step) => step.briefs);
    expect(briefs.map((brief) => brief.why)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^One copy runs behind the proxy, .*\(src\/\S+:\d+\)/)]),
    );
  });

  it("has nothing left for a second run", async () => {
    const { stdout } = await shoreup(["apply", stack.folder, "--component", wanted.join(","), "--json"]);
    expect(ApplyAnswer.parse(JSON.parse(stdout)).files).toEqual([]);
  });
});
