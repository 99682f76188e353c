/** Puts upstreams with chosen faults behind the proxy and counts what a client sees. */
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTcpServer, type Socket } from "node:net";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { freePort } from "../boot/ports.ts";
import { portOf } from "../outside/listening.ts";
import { startBalancer, type Balancer, type Upstream } from "./balancer.ts";
import { startHealth } from "./health.ts";
import { Proxy } from "./proxy.ts";

async function upstream(listener: RequestListener): Promise<Upstream & { server: Server }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { host: "127.0.0.1", port: portOf(server), server };
}

/** Takes a connection, reads the request, and resets it without a byte. */
async function breaking(): Promise<Upstream> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("data", () => socket.resetAndDestroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { host: "127.0.0.1", port: portOf(server) };
}

async function closed(): Promise<Upstream> {
  return { host: "127.0.0.1", port: await freePort() };
}

async function front(upstreams: readonly Upstream[]): Promise<{ url: string; proxy: Proxy }> {
  const proxy = new Proxy();
  proxy.set(upstreams);
  await new Promise<void>((resolve) => proxy.server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    proxy.server.closeAllConnections();
    proxy.server.close();
  });
  return { url: `http://127.0.0.1:${portOf(proxy.server)}`, proxy };
}

const good = (name: string): Promise<Upstream & { server: Server }> =>
  upstream((request, response) => {
    request.resume();
    request.once("end", () => response.end(name));
  });

async function ask(url: string, method = "GET", body?: string): Promise<string> {
  const answer = await fetch(url, { method, ...(body === undefined ? {} : { body }) });
  return answer.ok ? answer.text() : String(answer.status);
}

describe("the proxy", () => {
  it("takes turns", async () => {
    const { url } = await front([await good("a"), await good("b")]);
    expect([await ask(url), await ask(url), await ask(url)]).toEqual(["a", "b", "a"]);
  });

  it.each([
    { method: "GET", fault: closed, first: "b" },
    { method: "POST", fault: closed, first: "b" },
    { method: "GET", fault: breaking, first: "b" },
    { method: "PUT", fault: breaking, first: "b" },
    { method: "POST", fault: breaking, first: "502" },
    { method: "PATCH", fault: breaking, first: "502" },
  ])(
    "answers $first to a $method whose replica is $fault.name, then leaves that replica alone",
    async ({ method, fault, first }) => {
      const { url } = await front([await fault(), await good("b")]);
      const body = method === "GET" ? undefined : "x";
      expect([await ask(url, method, body), await ask(url, method, body), await ask(url, method, body)]).toEqual([
        first,
        "b",
        "b",
      ]);
    },
  );

  it("says 502 when nobody is there, and tries again at once when somebody is", async () => {
    const one = await closed();
    const { url, proxy } = await front([]);
    expect(await ask(url)).toBe("502");
    proxy.set([one, await closed()]);
    expect(await ask(url)).toBe("502");
    const late = createServer((_request, response) => response.end("late"));
    await new Promise<void>((resolve) => late.listen(one.port, "127.0.0.1", resolve));
    onTestFinished(() => void late.close());
    expect(await ask(url)).toBe("late");
  });

  it("passes bodies, headers and statuses through, and says where the request came from", async () => {
    const echo = await upstream((request, response) => {
      let size = 0;
      request.on("data", (chunk: Buffer) => (size += chunk.length));
      request.once("end", () => {
        response.writeHead(201, { "set-cookie": ["a=1", "b=2"], "x-size": String(size) });
        response.end(JSON.stringify(request.headers));
      });
    });
    const { url } = await front([echo]);
    for (const size of [0, 10, 3_000_000]) {
      const answer = await fetch(`${url}/x?y=1`, {
        method: "POST",
        body: "z".repeat(size),
        headers: { "x-forwarded-for": "9.9.9.9" },
      });
      expect(answer.status).toBe(201);
      expect(answer.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
      expect(answer.headers.get("x-size")).toBe(String(size));
      expect(await answer.json()).toMatchObject({
        host: new URL(url).host,
        "x-forwarded-for": "9.9.9.9, 127.0.0.1",
        "x-forwarded-proto": "https",
      });
    }
  });

  it("lets a replica that is taken out finish what it has, and gives it nothing new", async () => {
    const slow = await upstream((_request, response) => void sleep(200).then(() => response.end("slow")));
    const { url, proxy } = await front([slow]);
    const begun = ask(url);
    await sleep(50);
    proxy.set([await good("b")]);
    expect(await ask(url)).toBe("b");
    expect(await begun).toBe("slow");
  });

  it("passes upgrades through", async () => {
    const { server, ...place } = await good("a");
    server.on("upgrade", (_request, socket) => socket.end("HTTP/1.1 101 Switching Protocols\r\n\r\nhello"));
    const { url } = await front([place]);
    const { connect } = await import("node:net");
    const text = await new Promise<string>((resolve) => {
      let all = "";
      const socket = connect(Number(new URL(url).port), "127.0.0.1", () => {
        socket.write("GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
      });
      socket.on("data", (chunk: Buffer) => (all += chunk.toString()));
      socket.once("close", () => resolve(all));
    });
    expect(text).toContain("hello");
  });
});

describe("the balancer of this machine", () => {
  it("comes up with nobody behind it, takes replicas in and out, and ends", async () => {
    const folder = mkdtempSync(join(tmpdir(), "balancer-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const balancer = await startBalancer({ folder, id: "test" });
    const url = `http://127.0.0.1:${balancer.port}`;
    expect(balancer.part).toMatch(/^load balancer: /);
    expect(await ask(url)).toBe("502");
    const [a, b] = [await good("a"), await good("b")];
    const turn = (isA: boolean, isB: boolean): Promise<void> =>
      balancer.set([
        { ...a, isIn: isA },
        { ...b, isIn: isB },
      ]);
    for (const [isA, isB, answers] of [
      [true, false, ["a", "a"]],
      [false, true, ["b", "b"]],
      [true, true, ["a", "b"]],
      [false, false, ["502", "502"]],
      [true, false, ["a", "a"]],
    ] as const) {
      await turn(isA, isB);
      expect([await ask(url), await ask(url)].sort()).toEqual(answers);
    }
    await balancer.stop();
    await expect(ask(url)).rejects.toThrow("fetch failed");
  });
});

describe("the health check", () => {
  it("takes a replica out while it says no, and in again", async () => {
    let status = 200;
    const one = await upstream((_request, response) => response.writeHead(status).end());
    const told: number[] = [];
    const balancer: Balancer = {
      part: "",
      port: 0,
      set: async (turnout) => void told.push(turnout.filter((one) => one.isIn).length),
      stop: async () => undefined,
    };
    const health = startHealth(
      balancer,
      () => [{ ...one, isUp: true }],
      () => "/ready",
    );
    onTestFinished(() => health.stop());
    await health.check();
    status = 503;
    await health.check();
    await health.check();
    status = 200;
    await sleep(700);
    expect(told).toEqual([1, 0, 1]);
  });
});
