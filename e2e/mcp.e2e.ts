/** The MCP server as hosts meet it: the packed package, a real client, stdio, both protocol eras. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installPacked, type Packed } from "./packed.ts";

const sample = join(import.meta.dirname, "apps", "ticket-shop");

let packed: Packed;
let app: string;

beforeAll(async () => {
  packed = await installPacked();
  app = mkdtempSync(join(tmpdir(), "shoreup app "));
  cpSync(sample, app, { recursive: true });
});

afterAll(() => {
  packed.remove();
  rmSync(app, { recursive: true, force: true });
});

async function connected(mode: "legacy" | "auto", args: string[] = []): Promise<Client> {
  const client = new Client({ name: "e2e", version: "1.0.0" }, { versionNegotiation: { mode } });
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: [packed.bin, "mcp", ...args], stderr: "pipe" }),
  );
  return client;
}

type Answer = Record<string, unknown> & { summary: string; nextActions: string[] };

/** A successful call: the structured answer, which must be small and the same as the text. */
async function call(client: Client, name: string, args: Record<string, unknown>): Promise<Answer> {
  const answer = await client.callTool({ name, arguments: args }, { timeout: 120_000 });
  const text = textOf(answer.content);
  expect({ isError: answer.isError ?? false, text }).toMatchObject({ isError: false });
  expect(JSON.parse(text)).toEqual(answer.structuredContent);
  expect(Buffer.byteLength(text)).toBeLessThan(8 * 1024);
  return answer.structuredContent as Answer;
}

async function refusal(client: Client, name: string, args: Record<string, unknown>): Promise<string> {
  const answer = await client.callTool({ name, arguments: args });
  expect(answer.isError).toBe(true);
  expect(answer.structuredContent).toBeUndefined();
  return textOf(answer.content);
}

function textOf(content: unknown): string {
  const [first] = Array.isArray(content) ? content : [];
  return typeof first?.text === "string" ? first.text : "";
}

describe.each(["legacy", "auto"] as const)("%s", (mode) => {
  it("lists its tools within the budget, each with its annotations", async () => {
    const client = await connected(mode);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      "assess_repo",
      "plan_hardening",
      "generate_patch",
      "get_brief",
      "apply_patch",
      "verify_stack",
      "get_run",
      "cancel_run",
    ]);
    // Four characters to a token is the usual estimate; the goal is 5,000 tokens for all definitions.
    expect(JSON.stringify(tools).length / 4).toBeLessThan(5000);
    for (const { annotations, outputSchema } of tools) {
      expect(outputSchema).toBeDefined();
      for (const hint of ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"] as const) {
        expect(annotations?.[hint]).toBeTypeOf("boolean");
      }
    }
    await client.close();
  });

  it("goes from a path to an applied patch", async () => {
    const client = await connected(mode);
    const assessed = await call(client, "assess_repo", { path: app, components: ["ci-cd", "containers"] });
    expect(assessed["total"]).toBeGreaterThan(0);
    const planned = await call(client, "plan_hardening", { path: app, components: ["ci-cd", "containers"] });
    const made = await call(client, "generate_patch", {
      planId: planned["planId"],
      components: [mode === "auto" ? "ci-cd" : "containers"],
    });
    const file = (made["files"] as { path: string }[])[0]?.path ?? "";
    const dry = await call(client, "apply_patch", { patchId: made["patchId"] });
    expect(dry["applied"]).toBe(false);
    expect(existsSync(join(app, file))).toBe(false);
    const applied = await call(client, "apply_patch", { patchId: made["patchId"], dryRun: false });
    expect(applied["applied"]).toBe(true);
    expect(readFileSync(join(app, file), "utf8")).not.toBe("");
    const again = await call(client, "apply_patch", { patchId: made["patchId"], dryRun: false });
    expect(again["rejected"]).not.toEqual([]);
    await client.close();
  });

  it("refuses in words that name the next step", async () => {
    const client = await connected(mode);
    expect(await refusal(client, "assess_repo", { path: "/nowhere/at/all" })).toMatch(/no folder/);
    expect(await refusal(client, "assess_repo", { path: "relative" })).toMatch(/absolute path/);
    expect(await refusal(client, "generate_patch", { planId: "plan_stale" })).toMatch(/plan_hardening/);
    expect(await refusal(client, "get_run", { runId: "run_stale" })).toMatch(/verify_stack/);
    expect(await refusal(client, "plan_hardening", { path: app, components: ["teleport"] })).toMatch(
      /There are: .*queue/,
    );
    expect(await refusal(client, "verify_stack", {})).toMatch(/planId/);
    await client.close();
  });
});

it("confines paths to its root and offers only what reads when told so", async () => {
  const client = await connected("auto", ["--root", app, "--read-only"]);
  const { tools } = await client.listTools();
  expect(tools.every(({ annotations }) => annotations?.readOnlyHint === true)).toBe(true);
  expect(tools.map(({ name }) => name)).not.toContain("apply_patch");
  expect(await refusal(client, "assess_repo", { path: ".." })).toMatch(/outside/);
  expect((await call(client, "assess_repo", { path: "." }))["total"]).toBeGreaterThan(0);
  await client.close();
});

it("starts a lab run, tells how far it is, and ends it when asked", async () => {
  const client = await connected("auto");
  const planned = await call(client, "plan_hardening", { path: sample, components: ["shutdown"] });
  const started = await call(client, "verify_stack", { planId: planned["planId"], waitSeconds: 1 });
  expect(started["status"]).toBe("running");
  expect(await refusal(client, "verify_stack", { planId: planned["planId"] })).toMatch(/still under way/);
  const looked = await call(client, "get_run", { runId: started["runId"], waitSeconds: 2 });
  expect(looked["status"]).toBe("running");
  const ended = await call(client, "cancel_run", { runId: started["runId"] });
  expect(ended["status"]).toBe("cancelled");
  await client.close();
});
