/** The generated module at work: a real server under load through kept-alive connections is told to stop. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { toDialect } from "../../patches/editors/dialect.ts";
import { styleOf } from "../../patches/editors/style.ts";
import { fill } from "../../patches/fill.ts";
import { templatesOf } from "../../patches/templates.ts";

const folder = mkdtempSync(join(tmpdir(), "shoreup-shutdown-"));
const running = new Set<ChildProcess>();

afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
  running.clear();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const template = fill(templatesOf(import.meta.dirname)("shutdown.ts"), {
  logger: false,
  express: true,
  reports: false,
  silent: false,
  INFO: "console.log",
  ERROR: "console.error",
  LOGGER_IMPORT: "",
});

/** Answers each POST after 30 to 60 ms with what it was sent; `GET /hang` never; `GET /events` is a stream without an end. */
const server = `
const http = require("node:http");
const { closeOnSignal } = require("./shutdown.cjs");
// As an env file does that is loaded below the imports.
process.env.KEEP_ALIVE_TIMEOUT_MS = "71234";
const app = { locals: {} };
const server = http.createServer((req, res) => {
  if (req.url === "/hang") return;
  if (req.url === "/ready") return res.writeHead(app.locals.stopping ? 503 : 200).end();
  if (req.url === "/events") return res.setHeader("Content-Type", "text/event-stream"), res.flushHeaders();
  let body = "";
  req.on("data", (part) => (body += part));
  req.on("end", () => setTimeout(() => res.end(body), 30 + Math.random() * 30));
}).listen(0, "127.0.0.1", () => process.send(server.address().port));
server.on("upgrade", (req, socket) => socket.write("HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\n\\r\\n"));
console.log(closeOnSignal(server, { app, close: [() => Promise.reject(new Error("already closed")), () => console.log("closed")] }).keepAliveTimeout);
`;

interface Started {
  child: ChildProcess;
  port: number;
  /** All the process has printed so far. */
  text: () => string;
}

async function start(env: Record<string, string>): Promise<Started> {
  const style = { ...styleOf("", "server.js"), language: "javascript", modules: "commonjs" } as const;
  writeFileSync(join(folder, "shutdown.cjs"), toDialect(template, style));
  writeFileSync(join(folder, "server.cjs"), server);
  const child = spawn(process.execPath, [join(folder, "server.cjs")], {
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  running.add(child);
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (part) => (text += String(part)));
  const [port] = await once(child, "message");
  return { child, port: Number(port), text: () => text };
}

type Ending = "answered" | "refused" | "lost" | "wrong";

/** One POST; `refused` means that it never left, as a load balancer would see before it turns to the next replica. */
function post(port: number, agent: Agent, body: string): Promise<Ending> {
  return new Promise((resolve) => {
    const sent = request({
      port,
      host: "127.0.0.1",
      method: "POST",
      agent,
      headers: { "content-length": body.length },
    });
    sent.on("error", (error) => resolve("code" in error && error.code === "ECONNREFUSED" ? "refused" : "lost"));
    sent.on("response", (response) => {
      let text = "";
      response.on("data", (part) => (text += String(part)));
      response.on("error", () => resolve("lost"));
      response.on("end", () => resolve(text === body ? "answered" : "wrong"));
    });
    sent.end(body);
  });
}

function get(port: number, path: string): Promise<number | "lost"> {
  return new Promise((resolve) => {
    const sent = request({ port, host: "127.0.0.1", path, agent: false }, (response) => {
      response.on("error", () => undefined).resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on("error", () => resolve("lost")).end();
  });
}

type Endings = Record<Ending, number>;

/** Twelve clients that share kept-alive connections, until every one of them has been refused. */
async function load(port: number, endings: Endings): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 12 });
  const until = Date.now() + 8000;
  async function client(id: number): Promise<void> {
    for (let n = 0; Date.now() < until; n += 1) {
      const ending = await post(port, agent, `${id}-${n}`.padEnd(2000, "."));
      endings[ending] += 1;
      if (ending === "refused") return;
      await sleep(Math.random() * 15);
    }
  }
  await Promise.all(Array.from({ length: 12 }, (_, id) => client(id)));
  agent.destroy();
}

describe("the generated shutdown", () => {
  it.each([
    // A request may cross the end of an idle connection: only the delay gives its sender the time to learn of it.
    ["at once", "0", 1],
    ["after a delay", "400", 0],
  ])("answers every request that was sent, and exits with 0 (%s)", async (_name, delay, mostLost) => {
    const { child, port, text } = await start({ SHUTDOWN_DELAY_MS: delay });
    const exit = once(child, "exit");
    const endings: Endings = { answered: 0, refused: 0, lost: 0, wrong: 0 };
    const loaded = load(port, endings);
    await vi.waitFor(() => expect(endings.answered).toBeGreaterThan(50), 5000);
    child.kill("SIGTERM");
    await loaded;
    expect(endings).toMatchObject({ wrong: 0, refused: 12 });
    expect(endings.lost).toBeLessThanOrEqual(mostLost);
    expect((await exit)[0]).toBe(0);
    expect(text()).toMatch(/Not closed cleanly: Error: already closed\nclosed\n$/m);
  });

  it("reads its settings when it is called, not when it is loaded", async () => {
    const { text } = await start({});
    expect(text()).toMatch(/^71234$/m);
  });

  it("does not wait for connections on which nothing is asked, nor for WebSockets", async () => {
    const { child, port } = await start({});
    const exit = once(child, "exit");
    const silent = connect(port, "127.0.0.1");
    const upgraded = connect(port, "127.0.0.1");
    upgraded.write("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    for (const socket of [silent, upgraded]) socket.on("error", () => undefined);
    await once(upgraded, "data");
    child.kill("SIGTERM");
    expect((await exit)[0]).toBe(0);
  });

  it("is not ready from the signal on, and does not wait for event streams", async () => {
    const { child, port } = await start({ SHUTDOWN_DELAY_MS: "300" });
    const exit = once(child, "exit");
    expect(await get(port, "/ready")).toBe(200);
    expect(await get(port, "/events")).toBe(200);
    child.kill("SIGTERM");
    await sleep(100);
    expect(await get(port, "/ready")).toBe(503);
    expect((await exit)[0]).toBe(0);
  });

  it("ends with code 1 at the deadline when a request hangs", async () => {
    const { child, port, text } = await start({ SHUTDOWN_DEADLINE_MS: "700" });
    const exit = once(child, "exit");
    const hanging = get(port, "/hang");
    await sleep(100);
    child.kill("SIGTERM");
    expect((await exit)[0]).toBe(1);
    expect(await hanging).toBe("lost");
    expect(text()).toContain("Still busy 700 ms after SIGTERM");
  });

  it("takes an echo of the signal for one, and a second one for impatience", async () => {
    const { child, port } = await start({});
    const exit = once(child, "exit");
    void get(port, "/hang");
    await sleep(100);
    child.kill("SIGINT");
    await sleep(50);
    child.kill("SIGINT");
    await sleep(600);
    expect(child.exitCode).toBeNull();
    child.kill("SIGINT");
    expect((await exit)[0]).toBe(1);
  });
});
