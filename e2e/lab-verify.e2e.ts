/** The whole lab on the sample app against itself: real processes, Postgres, balancer and mail sink, and nothing may seem better or worse. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { serviceWith } from "../verify/boot/testing/tiny-app.ts";
import {
  hungMail,
  hungOutside,
  killReplica,
  rateLimitBites,
  rollingRestart,
  steadyLoad,
  workerKilledMidJob,
} from "../verify/designs/index.ts";
import { readScenarios, verify } from "../verify/index.ts";
import { claim, saidBy } from "../verify/testing/toy-lab.ts";
import { toyModel } from "../verify/testing/toy-model.ts";

const root = fileURLToPath(new URL("apps/ticket-shop", import.meta.url));
const read = (file: string): string => readFileSync(`${root}/${file}`, "utf8");
const { scripts, dependencies } = JSON.parse(read("package.json"));
const place = { file: "src/config.ts", line: 1 };
const service = serviceWith({
  name: "ticket-shop",
  language: "typescript",
  modules: "esm",
  lockfile: "package-lock.json",
  entry: ["src/index.ts"],
  scripts,
  dependencies,
  start: "node dist/index.js",
  build: "tsc",
  outDir: "dist",
  env: ["PORT", "DATABASE_URL", "JWT_SECRET", "SMTP_HOST", "SMTP_PORT"].map((name) => ({ name, default: null, place })),
  backing: [
    { kind: "postgres", evidence: { ...place, note: "pg" } },
    { kind: "smtp", evidence: { ...place, note: "nodemailer" } },
  ],
});
const routes = toyModel([
  { method: "GET", path: "/api/events", reaches: ["database-read"] },
  { method: "POST", path: "/api/auth/login", reaches: [] },
  { method: "POST", path: "/api/orders/checkout", reaches: ["mail", "payment", "http"] },
  { method: "GET", path: "/api/events/:id/price", reaches: ["http"] },
]);

it("finds no difference between the sample app and itself", async () => {
  const reading = readScenarios({ has: () => true, read });
  if (reading.kind !== "scenarios") throw new Error(JSON.stringify(reading));
  const model = { ...routes, services: [service] };
  const began = performance.now();
  const verification = await verify({
    before: { root },
    after: { changes: new Map() },
    models: { before: model, after: model },
    scenarios: reading.scenarios,
    experiments: [
      steadyLoad(claim("same/steady")),
      rateLimitBites({ ...claim("same/limit"), attack: "login" }),
      killReplica(claim("same/kill")),
      rollingRestart({ ...claim("same/rolling"), role: "checkout" }),
      workerKilledMidJob(claim("same/worker")),
      hungMail(claim("same/hung-mail")),
      hungOutside({ ...claim("same/hung-outside"), role: "quote" }),
    ],
  });
  console.log(verification.timings);
  expect(verification.booted).toEqual({ before: { ok: true }, after: { ok: true } });
  expect(verification.notDriven).toEqual([]);
  const said = Object.values(saidBy(verification));
  expect(said).toHaveLength(7);
  for (const one of said) expect(one).toMatch(/^(unchanged|inconclusive): /);
  expect(saidBy(verification)["same/hung-mail"]).toContain("(no answer) before");
  expect(performance.now() - began).toBeLessThan(300_000);
});
