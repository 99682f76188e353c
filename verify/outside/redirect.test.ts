/** Runs small programs with the preload, as an app's process would, and looks at where their connections went. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { appVariables } from "../boot/app-variables.ts";
import { freePort } from "../boot/ports.ts";
import { makeAuthority } from "./certificates.ts";
import { portOf } from "./listening.ts";
import { startOutside, type OutsideWorld } from "./outside.ts";

interface Ran {
  output: string;
  outside: OutsideWorld;
  report: string;
}

async function run(source: string, listen: Record<string, number> = {}): Promise<Ran> {
  const folder = mkdtempSync(join(tmpdir(), "redirect "));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const authority = makeAuthority(folder);
  const outside = await startOutside(authority);
  onTestFinished(() => outside.close());
  const report = join(folder, "report.log");
  const file = join(folder, "program.mjs");
  writeFileSync(file, source);
  const env = appVariables({ folder, authority }, { ports: outside.ports, listen, report });
  const child = spawn(process.execPath, [file], { env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  await new Promise((resolve) => child.once("close", resolve));
  return { output: output.trim(), outside, report: readFileSync(report, "utf8") };
}

it.each([
  { name: "fetch over TLS", source: `console.log((await fetch("https://api.stripe.com/v1/charges")).status)` },
  { name: "fetch in the clear", source: `console.log((await fetch("http://api.stripe.com:8080/v1/charges")).status)` },
  {
    name: "node:https",
    source: `import https from "node:https"; https.get("https://api.stripe.com/v1/charges", (r) => { console.log(r.statusCode); r.resume(); })`,
  },
  {
    name: "node:http2",
    source: `import http2 from "node:http2"; const c = http2.connect("https://api.stripe.com"); const r = c.request({ ":path": "/v1/charges" });
      r.on("response", (h) => { console.log(h[":status"]); c.close(); }); r.resume(); r.end();`,
  },
  {
    name: "a resolved address",
    source: `import dns from "node:dns/promises"; import tls from "node:tls";
      const [address] = await dns.resolve4("api.stripe.com");
      const s = tls.connect({ host: address, port: 443, servername: "api.stripe.com" }, () => s.write("GET /v1/charges HTTP/1.0\\r\\nHost: api.stripe.com\\r\\n\\r\\n"));
      s.on("data", (d) => { console.log(String(d).slice(9, 12)); s.end(); });`,
  },
  {
    name: "a worker thread",
    source: `import { Worker } from "node:worker_threads";
      new Worker('fetch("https://api.stripe.com/v1/charges").then((r) => console.log(r.status))', { eval: true });`,
  },
  {
    name: "a child process",
    source: `import { execFileSync } from "node:child_process";
      console.log(execFileSync(process.execPath, ["-e", 'fetch("https://api.stripe.com/v1/charges").then((r) => console.log(r.status))']).toString());`,
  },
])("sends $name to the stand-in", async ({ source }) => {
  const { output, outside, report } = await run(source);
  expect(output).toBe("200");
  expect(outside.requests()).toMatchObject([{ host: "api.stripe.com", path: "/v1/charges" }]);
  expect(report).toMatch(/ outside api\.stripe\.com:(?:443|8080)$/m);
});

it("sends mail ports to the sink, by name and by mail exchange", async () => {
  const { output } = await run(`
    import net from "node:net"; import dns from "node:dns/promises";
    const [{ exchange }] = await dns.resolveMx("customer.example");
    for (const [host, port] of [[exchange, 25], ["smtp.gmail.com", 587], ["mail.example.com", 2525]]) {
      const line = await new Promise((resolve) => { const s = net.connect(port, host); s.once("data", (d) => { resolve(String(d)); s.destroy(); }); });
      console.log(line.trim());
    }
  `);
  expect(output.split("\n")).toEqual(Array.from({ length: 3 }, () => "220 mail.lab ESMTP lab"));
});

it("answers names as a resolver would: addresses, nothing else, and leaves loopback to itself", async () => {
  const { output } = await run(`
    import dns, { lookup } from "node:dns";
    const say = (value) => console.log(JSON.stringify(value));
    lookup("one.example", (error, address, family) => {
      say([address, family]);
      lookup("one.example", { all: true }, (_, list) => {
        say(list);
        dns.resolveTxt("one.example", (error) => {
          say(error.code);
          dns.resolve6("one.example", (error) => {
            say(error.code);
            lookup("127.0.0.1", (_, address) => say(address));
          });
        });
      });
    });
  `);
  expect(output.split("\n").map((line): unknown => JSON.parse(line))).toEqual([
    ["198.18.0.1", 4],
    [{ address: "198.18.0.1", family: 4 }],
    "ENODATA",
    "ENODATA",
    "127.0.0.1",
  ]);
});

it("does not touch loopback and unix sockets, and turns a port that the code fixes, on both ends", async () => {
  const local = createServer((_request, response) => response.end("local"));
  await new Promise<void>((resolve) => local.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void local.close());
  const own = await freePort();
  const { output, outside, report } = await run(
    `
    import http from "node:http"; import net from "node:net";
    console.log(await (await fetch("http://127.0.0.1:${portOf(local)}")).text());
    console.log(await (await fetch("http://localhost:${portOf(local)}")).text());
    const path = process.argv[1] + ".sock";
    const unix = net.createServer((s) => s.end("unix")).listen(path, () => {
      net.connect(path).once("data", (d) => {
        console.log(String(d)); unix.close();
        const server = http.createServer((_, r) => r.end("self " + server.address().port)).listen(3000, async () => {
          console.log(await (await fetch("http://localhost:3000")).text());
          server.closeAllConnections(); server.close();
        });
      });
    });
  `,
    { 3000: own },
  );
  expect(output.split("\n")).toEqual(["local", "local", "unix", `self ${own}`]);
  expect(outside.requests()).toEqual([]);
  expect(report).toMatch(/ listen 3000$/m);
});
