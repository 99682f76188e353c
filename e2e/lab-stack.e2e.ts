/** The lab's stacks with everything real: the sample app installed, built, migrated and seeded, on Postgres, both sides at once. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import type { Service } from "../analyzers/model.ts";
import { bootStack, openLab, prepare, type Lab, type Prepared } from "../verify/boot/index.ts";
import { startOf } from "../verify/boot/process-table.ts";
import { serviceWith } from "../verify/boot/testing/tiny-app.ts";
import type { Stack } from "../verify/stack.ts";

const app = fileURLToPath(new URL("apps/ticket-shop", import.meta.url));
const Manifest = z.looseObject({ scripts: z.record(z.string(), z.string()) });

function shop(): Service {
  const { scripts } = Manifest.parse(JSON.parse(readFileSync(join(app, "package.json"), "utf8")));
  const place = { file: "src/config.ts", line: 1 };
  const names = ["DATABASE_URL", "JWT_SECRET", "STRIPE_SECRET_KEY", "OPENAI_API_KEY", "SMTP_HOST", "SMTP_PORT"];
  return serviceWith({
    name: "ticket-shop",
    scripts,
    start: scripts["start"] ?? null,
    build: scripts["build"] ?? null,
    outDir: "dist",
    env: names.map((name) => ({ name, default: null, place })),
    backing: [{ kind: "postgres", evidence: { ...place, note: "pg" } }],
  });
}

async function post(stack: Stack, path: string, body: object, token?: string, milliseconds = 20_000): Promise<unknown> {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const answer = await fetch(stack.url + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...authorization },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(milliseconds),
  });
  return { status: answer.status, body: await answer.json() };
}

const person = { email: "bea@example.com", name: "Bea Buyer", password: "correct-horse" };
const order = { eventId: 1, quantity: 2, paymentMethodId: "pm_card_visa" };
const Login = z.object({ body: z.object({ token: z.string() }) });

describe("the sample app in the lab", () => {
  let lab: Lab;
  const prepared = new Map<string, Prepared>();

  beforeAll(async () => {
    lab = await openLab();
    const sides = ["before", "after"] as const;
    const both = await Promise.all(sides.map((side) => prepare(lab, { root: app, service: shop(), side })));
    for (const one of both) prepared.set(one.side, one);
  });
  afterAll(async () => {
    await lab.close();
  });

  async function boot(side: "before" | "after", replicas = 1): Promise<Stack> {
    const root = prepared.get(side)?.root ?? "";
    const stack = await bootStack({ lab, side, root, service: shop(), topology: { replicas, processes: true } });
    onTestFinished(async () => {
      expect(await stack.stop()).toEqual([]);
    });
    return stack;
  }

  it("installs from the lockfile once and copies for the other side", () => {
    expect(prepared.get("before")?.notes).toContain("installed with `npm ci` from the lockfile");
    expect(prepared.get("after")?.notes).toContain("same dependencies as the other side: its packages were copied");
    expect(prepared.get("before")?.steps.map((step) => step.name)).toEqual(["install", "build", "migrate", "seed"]);
  });

  it("gives every stack a database of its own and counts its statements", async () => {
    const [one, other] = await Promise.all([boot("before", 2), boot("after")]);
    expect(one.parts.join("\n")).toContain("Postgres 18");
    expect(await post(one, "/api/auth/signup", person)).toMatchObject({ status: 201 });
    expect(await post(one, "/api/auth/signup", person)).toMatchObject({ status: 409 });
    expect(await post(other, "/api/auth/signup", person)).toMatchObject({ status: 201 });
    const before = (await one.queries()) ?? 0;
    await fetch(`${one.url}/api/events`);
    expect((await one.queries()) ?? 0).toBeGreaterThan(before);
  });

  it("plays the payment, the model and the mail of a checkout, and lets the mail hang", async () => {
    const stack = await boot("before");
    await post(stack, "/api/auth/signup", person);
    const { token } = Login.parse(await post(stack, "/api/auth/login", person)).body;
    stack.outside.reset();
    expect(await post(stack, "/api/orders/checkout", order, token)).toMatchObject({ status: 201 });
    expect(stack.outside.requests().map((request) => request.host)).toContain("api.stripe.com");
    expect(stack.outside.mails().map((mail) => mail.to)).toContainEqual([person.email]);
    stack.outside.reset();
    stack.outside.dialMail("hang");
    await expect(post(stack, "/api/orders/checkout", order, token, 3000)).rejects.toThrow("timeout");
    expect(stack.outside.mails()).toEqual([]);
    expect(stack.outside.openMails()).toBeGreaterThan(0);
  });
});

it("says why Postgres cannot be reached in a folder of ours alone", async () => {
  const folder = mkdtempSync(join(tmpdir(), "labs-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const lab = await openLab({ folder });
  const said = await lab.postgres().then(
    (server) => server.part,
    (error: unknown) => String(error),
  );
  expect(said).toContain(process.getuid?.() === 0 ? `may not pass through ${folder}` : "Postgres 18");
  expect(await lab.close()).toEqual([]);
});

it("leaves no Postgres and no file when the lab's process is killed", async () => {
  const folder = mkdtempSync(join(tmpdir(), "labs-"));
  chmodSync(folder, 0o755);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const lab = new URL("../verify/boot/index.ts", import.meta.url).href;
  const script = join(folder, "child-lab.ts");
  const source = `
    import { openLab } from ${JSON.stringify(lab)};
    const lab = await openLab({ folder: ${JSON.stringify(folder)} });
    await lab.postgres();
    console.log("up");
    setInterval(() => {}, 1000);
  `;
  writeFileSync(script, source);
  const owner = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
  await once(owner.stdout, "data");
  const [name = ""] = readdirSync(folder).filter((entry) => entry.startsWith("shoreup-lab-"));
  const pid = Number(readFileSync(join(folder, name, "postgres", "data", "postmaster.pid"), "utf8").split("\n")[0]);
  expect(startOf(pid)).not.toBeNull();
  owner.kill("SIGKILL");
  for (let attempt = 0; attempt < 200 && readdirSync(folder).length > 1; attempt++) await sleep(50);
  expect(readdirSync(folder)).toEqual(["child-lab.ts"]);
  expect(startOf(pid)).toBeNull();
});
