/** Apps and machines that stand in the way: each gets a clear sentence and an exit code, and nothing is left behind. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { HardeningAnswer } from "../report/answers/hardening.ts";
import { shoreup, start } from "./command.ts";

let work: string;

beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), "shoreup-e2e-"));
});

afterEach(async () => {
  rmSync(work, { recursive: true, force: true });
  // The watchdog of a killed lab needs a moment to clear up behind it.
  for (let waited = 0; waited < 100 && leftovers().length > 0; waited += 1) {
    await new Promise((go) => setTimeout(go, 100));
  }
  if (leftovers().length > 0) throw new Error(`Still running: ${leftovers().join("; ")}`);
});

/** Processes that carry this test's folder, or a folder of a lab it started, in their command line. */
function leftovers(): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim()];
      } catch {
        return [];
      }
    })
    .filter((line) => line.includes(work));
}

function app(files: Record<string, string>): string {
  const folder = join(work, "app");
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const server = `const http = require("node:http");
http.createServer((req, res) => res.end("ok")).listen(process.env.PORT || 3000);
`;
const manifest = JSON.stringify({ name: "app", scripts: { start: "node server.js" } });
const express = `const app = require("express")();
app.get("/", (req, res) => res.send("ok"));
app.listen(process.env.PORT || 3000);
`;
const expressManifest = JSON.stringify({
  name: "app",
  scripts: { start: "node server.js" },
  dependencies: { express: "^5.1.0" },
});

/** The lab works in a folder of this test, so that what it leaves can be seen. */
function harden(folder: string, env: Record<string, string> = {}): ReturnType<typeof shoreup> {
  return shoreup(["harden", folder, "--json", "--out", join(work, "patches")], { env: { TMPDIR: work, ...env } });
}

it("reads a tree full of traps, names what it left out, and judges the rest", async () => {
  const folder = app({
    "package.json": expressManifest,
    "server.js": express,
    "broken.js": "function (((",
    "$(touch PWNED); rm -rf .js": "module.exports = 1;",
    "big.js": `// ${"x".repeat(20 * 1024 * 1024)}`,
  });
  symlinkSync("..", join(folder, "loop"));
  symlinkSync("/etc", join(folder, "outside"));
  const { code, stdout, stderr } = await shoreup(["assess", folder, "--json"], { cwd: work });
  expect(code).toBe(1);
  const answer = JSON.parse(stdout);
  expect(answer.routes).toMatchObject([{ method: "GET", path: "/" }]);
  const skipped = answer.skipped.map(({ file }: { file: string }) => file);
  expect(skipped).toEqual(expect.arrayContaining(["big.js", "loop", "outside", "broken.js"]));
  expect(readdirSync(work)).not.toContain("PWNED");
  expect(stderr).not.toMatch(/\bat .*:\d+:\d+/);
});

it("says what an app printed that ends while it boots", async () => {
  const folder = app({
    "package.json": expressManifest,
    "server.js": `${express}\nthrow new Error("no settings file");\n`,
  });
  const { code, stdout, stderr } = await harden(folder);
  expect(stderr).not.toMatch(/fault in Shoreup/);
  const { lab } = HardeningAnswer.parse(JSON.parse(stdout));
  expect(lab?.booted.before.ok).toBe(false);
  expect(JSON.stringify(lab?.booted.before)).toMatch(/no settings file/);
  expect(new Set(lab?.verdicts.map(({ verdict }) => verdict))).toEqual(new Set(["inconclusive"]));
  expect(code).toBe(1);
});

it("says that an install failed, and why", async () => {
  const dependencies = { "@shoreup/there-is-no-such-package": "1.0.0", express: "^5.1.0" };
  const folder = app({
    "package.json": JSON.stringify({ ...JSON.parse(expressManifest), dependencies }),
    "server.js": express,
  });
  const { stdout, stderr } = await harden(folder);
  expect(`${stdout}${stderr}`).toMatch(/npm install/);
  expect(`${stdout}${stderr}`).toMatch(/there-is-no-such-package/);
});

it("gives each replica a port of its own where the code fixes one that is taken", async () => {
  const holder = createServer().listen(45_871, "127.0.0.1");
  const folder = app({
    "package.json": expressManifest,
    "server.js": express.replace("process.env.PORT || 3000", "45871"),
  });
  const { code, stdout } = await harden(folder);
  holder.close();
  const { lab } = HardeningAnswer.parse(JSON.parse(stdout));
  expect(lab?.booted).toMatchObject({ before: { ok: true }, after: { ok: true } });
  expect(lab?.parts.join()).toMatch(/45871 is fixed/);
  expect(code).toBe(0);
});

it("says that Postgres does not come up", async () => {
  const folder = app({
    "package.json": JSON.stringify({
      ...JSON.parse(expressManifest),
      dependencies: { express: "^5.1.0", pg: "^8.16.0" },
    }),
    "server.js": `const { Pool } = require("pg");\nconst pool = new Pool({ connectionString: process.env.DATABASE_URL });\n${express.replace("res.send", "pool.query('select 1').then(() => res.send").replace('("ok"));', '("ok")));')}`,
  });
  // A temp folder that the database's own user may not enter: initdb cannot write.
  const closed = join(work, "closed");
  mkdirSync(closed, { mode: 0o700 });
  const { stdout, stderr } = await harden(folder, { TMPDIR: closed });
  expect(`${stdout}${stderr}`).toMatch(/Postgres/);
  expect(`${stdout}${stderr}`).not.toMatch(/fault in Shoreup/);
});

it("exits 3 where there is nothing to judge, 2 where the path is wrong", async () => {
  mkdirSync(join(work, "empty"));
  expect((await shoreup(["harden", join(work, "empty")])).code).toBe(3);
  expect((await shoreup(["harden", join(work, "nowhere")])).code).toBe(2);
});

it.each(["SIGINT", "SIGKILL"] as const)("leaves nothing behind after %s in the middle of a run", async (signal) => {
  const folder = app({ "package.json": expressManifest, "server.js": express });
  const run = start(["harden", folder, "--out", join(work, "patches")], { env: { TMPDIR: work } });
  await run.said(/experiment/);
  run.kill(signal);
  await run.ended;
  for (let waited = 0; waited < 150 && labs().length > 0; waited += 1) await new Promise((go) => setTimeout(go, 100));
  expect(labs()).toEqual([]);
  expect(leftovers()).toEqual([]);
});

function labs(): string[] {
  return readdirSync(work).filter((name) => name.startsWith("shoreup-lab"));
}

it("judges a server without a framework as one that answers nothing it knows", async () => {
  const { code } = await shoreup(["assess", app({ "package.json": manifest, "server.js": server })]);
  expect([0, 1]).toContain(code);
});
