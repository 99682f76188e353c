/** Boots tiny real apps and looks at them from the outside. */
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { bootStack, LabError, prepare } from "./index.ts";
import { startOf } from "./process-table.ts";
import { bootTiny, testLab, text, tinyApp } from "./testing/tiny-app.ts";

const server = (body: string, before = ""): string =>
  `${before}\nrequire("node:http").createServer(async (req, res) => { ${body} }).listen(process.env.PORT);`;
const pids = server("res.end(String(process.pid));");

async function errorOf(promise: Promise<unknown>): Promise<LabError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof LabError) return error;
  throw new Error(`expected a LabError, got ${String(error)}`);
}

describe("a stack of two replicas", () => {
  it("spreads requests, survives a kill, and takes the restarted replica in again", async () => {
    const stack = await bootTiny(await testLab(), tinyApp(pids), { replicas: 2, processes: false });
    const seen = async (): Promise<Set<string>> => new Set(await Promise.all([1, 2, 3, 4].map(() => text(stack.url))));
    expect((await seen()).size).toBe(2);
    await stack.kill(0, "SIGKILL");
    expect(stack.replicas().map((replica) => replica.alive)).toEqual([false, true]);
    expect((await seen()).size).toBe(1);
    const port = stack.replicas()[0]?.port;
    await stack.restart(0);
    expect(stack.replicas()[0]).toMatchObject({ alive: true, port });
    expect((await seen()).size).toBe(2);
    const usage = await stack.usage();
    expect(usage.cpuMilliseconds).toBeGreaterThan(0);
    expect(usage.residentBytes).toBeGreaterThan(10_000_000);
    expect(await stack.queries()).toBeNull();
    expect(await stack.stop()).toEqual([]);
    await expect(text(stack.url)).rejects.toThrow("fetch failed");
  });

  it("loses nothing in a rolling restart of an app that drains behind its readiness", async () => {
    const app = tinyApp(`
      let isReady = true;
      const server = require("node:http").createServer((req, res) => {
        if (req.url === "/ready") { res.statusCode = isReady ? 200 : 503; return res.end(); }
        setTimeout(() => res.end("ok"), 20);
      }).listen(process.env.PORT);
      process.on("SIGTERM", () => { isReady = false; setTimeout(() => server.close(() => process.exit(0)), 1500); });
    `);
    const stack = await bootTiny(await testLab(), app, { replicas: 2, processes: false });
    expect(stack.parts).toContain("readiness: GET /ready");
    const over = new AbortController();
    const statuses: number[] = [];
    const load = async (): Promise<void> => {
      while (!over.signal.aborted)
        statuses.push(
          await fetch(stack.url, { method: "POST" }).then(
            (answer) => answer.status,
            () => 0,
          ),
        );
    };
    const loads = [load(), load(), load()];
    for (const replica of [0, 1]) await stack.restart(replica);
    over.abort();
    await Promise.all(loads);
    expect(statuses.length).toBeGreaterThan(50);
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
  });

  it("ends what a wrapper left behind when the wrapper itself ends, as a container would", async () => {
    const app = tinyApp(pids, { scripts: { start: "node server.js" } });
    const stack = await bootTiny(await testLab(), app);
    const pid = Number(await text(stack.url));
    await stack.kill(0, "SIGTERM");
    expect(startOf(pid)).toBeNull();
  });
});

describe("processes beside the web", () => {
  it("are started, killed and started again, with the environment of the web", async () => {
    const worker = `console.log("worker has " + process.env.NODE_ENV); setInterval(() => {}, 1000);`;
    const processes = [{ name: "worker", command: "node worker.js", evidence: { file: "Procfile", line: 1 } }];
    const app = tinyApp(pids, { files: { "worker.js": worker }, service: { processes } });
    const stack = await bootTiny(await testLab(), app, { replicas: 1, processes: true });
    expect(stack.processes()).toEqual(["worker"]);
    expect(stack.log(50)).toContain("[worker] worker has production");
    await stack.killProcess("worker", "SIGKILL");
    expect(stack.processes()).toEqual([]);
    await stack.startProcess("worker");
    expect(stack.processes()).toEqual(["worker"]);
  });
});

describe("the port", () => {
  it("that the code fixes is turned, so that two replicas can run even when it is taken", async () => {
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(0, resolve));
    const address = squatter.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const app = tinyApp(
      `require("node:http").createServer((req, res) => res.end(String(process.pid))).listen(${port});`,
    );
    const stack = await bootTiny(await testLab(), app, { replicas: 2, processes: false });
    expect(new Set([await text(stack.url), await text(stack.url)]).size).toBe(2);
    expect(stack.parts.join("\n")).toContain(`port ${port} is fixed in the code`);
    squatter.close();
  });
});

describe("an app that will not boot", () => {
  it.each([
    {
      name: "ends",
      app: tinyAppOf(`console.error("no database configured"); process.exit(3);`),
      what: "ended while it was booting",
      why: "ended with code 3",
      log: "[web 1] no database configured",
    },
    {
      name: "does not exist",
      app: tinyAppOf(pids, { start: "node missing.js" }),
      what: "ended while it was booting",
      why: "It wants missing.js, and there is no such file",
      log: "missing.js",
    },
    {
      name: "takes a second port that is in use",
      app: tinyAppOf(
        `const net = require("node:net"); net.createServer().listen(19999, () => net.createServer().listen(19999));${pids}`,
      ),
      what: "ended while it was booting",
      why: "Port 19999 is in use",
      log: "EADDRINUSE",
    },
    {
      name: "wants a database at an address of its own",
      app: tinyAppOf(`require("node:net").connect(5432, "127.0.0.1");`),
      what: "ended while it was booting",
      why: "It wants Postgres at 127.0.0.1:5432",
      log: "ECONNREFUSED",
    },
    {
      name: "replaces the lab's NODE_OPTIONS",
      app: tinyAppOf(pids, { start: "NODE_OPTIONS=--no-warnings node server.js" }),
      what: "does not run under the lab's control",
      why: "replaces NODE_OPTIONS",
      log: "",
    },
  ])("because it $name is named", async ({ app, what, why, log }) => {
    const lab = await testLab();
    const error = await errorOf(bootTiny(lab, app()));
    expect(error.what).toContain(what);
    expect(error.why).toContain(why);
    expect(error.log.join("\n")).toContain(log);
    expect(await lab.close()).toEqual([]);
  });

  it("because it was not prepared is named", async () => {
    const lab = await testLab();
    const app = tinyApp(pids);
    const error = await errorOf(
      bootStack({
        lab,
        side: "before",
        root: app.root,
        service: app.service,
        topology: { replicas: 1, processes: false },
      }),
    );
    expect(error.next).toContain("prepare()");
  });

  it("because its build fails shows the build's last lines", async () => {
    const scripts = { build: "echo 'type error in cart.ts' && exit 2", start: "node dist/server.js" };
    const app = tinyApp(pids, { scripts, service: { outDir: "dist" } });
    const error = await errorOf(prepare(await testLab(), { root: app.root, service: app.service, side: "before" }));
    expect(error.what).toBe("The app could not be built");
    expect(error.log.join("\n")).toContain("type error in cart.ts");
  });

  it("because it never listens is named", async () => {
    const lab = await testLab();
    const app = tinyApp("setInterval(() => console.log('still thinking'), 100);");
    const { root } = await prepare(lab, { root: app.root, service: app.service, side: "before" });
    const topology = { replicas: 1, processes: false };
    const error = await errorOf(
      bootStack({ lab, side: "before", root, service: app.service, topology, bootSeconds: 1 }),
    );
    expect(error.what).toBe("The app never listened on its port (web 1)");
    expect(error.log.join("\n")).toContain("still thinking");
  });

  it("is given up at once when aborted, and leaves nothing", async () => {
    const lab = await testLab();
    const app = tinyApp("setInterval(() => {}, 1000);");
    const { root } = await prepare(lab, { root: app.root, service: app.service, side: "before" });
    const abort = new AbortController();
    const boot = bootStack({
      lab,
      side: "before",
      root,
      service: app.service,
      topology: { replicas: 1, processes: false },
      signal: abort.signal,
    });
    await sleep(300);
    abort.abort(new Error("stopped by hand"));
    await expect(boot).rejects.toThrow("stopped by hand");
    expect(await lab.close()).toEqual([]);
  });
});

function tinyAppOf(source: string, scripts: Record<string, string> = {}): () => ReturnType<typeof tinyApp> {
  return () => tinyApp(source, { scripts });
}
