/** A brief of the sample app, drafted by a scripted model: the right edit becomes a proven patch, a wrong one stays a brief. */
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { modelServer, says, type Reply } from "../prompts/testing/model-server.ts";
import { HardeningAnswer } from "../report/answers/hardening.ts";
import { shoreup } from "./command.ts";

const file = "src/routes/account.ts";
const compares = "bcrypt.compareSync(String(currentPassword), user.password_hash)";
const hashes = "bcrypt.hashSync(newPassword, 10)";
const right = [
  { file, search: `!${compares}`, replace: `!(await ${compares.replace("compareSync", "compare")})` },
  { file, search: hashes, replace: `await ${hashes.replace("hashSync", "hash")}` },
];
/** Not awaited, a promise is always true: every password would be the right one. The compiler sees it. */
const wrong = [
  { file, search: compares, replace: compares.replace("compareSync", "compare") },
  { file, search: hashes, replace: hashes.replace("hashSync", "hash") },
];

let work: string;

beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), "shoreup-e2e-"));
  // Postgres runs as another user when the tests run as root, and has to get through.
  chmodSync(work, 0o755);
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

function edits(list: typeof right): Reply {
  return says(JSON.stringify({ reason: "", edits: list }));
}

async function hardened(
  name: string,
  reply: Reply,
): Promise<{ answer: HardeningAnswer; out: string; code: number | null }> {
  const server = await modelServer(reply);
  onTestFinished(() => server.close());
  const [app, lab, out] = [join(work, name), join(work, `${name}-lab`), join(work, `${name}-patches`)];
  cpSync(join(import.meta.dirname, "apps", "ticket-shop"), app, { recursive: true });
  mkdirSync(lab, { mode: 0o755 });
  const words = ["harden", app, "--draft", "--finding", "queue/heavy-cpu-in-request", "--out", out, "--json"];
  const env = { TMPDIR: lab, OPENAI_API_KEY: "none", OPENAI_BASE_URL: server.url, SHOREUP_MODEL_NAME: "scripted" };
  const { stdout, stderr, code } = await shoreup(words, { env });
  expect(stderr).not.toMatch(/at .*\.ts:\d+/);
  return { answer: HardeningAnswer.parse(JSON.parse(stdout)), out, code };
}

it("makes a patch of the right edit, with what each gate saw", async () => {
  const { answer, out, code } = await hardened("right", edits(right));
  expect(answer.drafting).toMatchObject({ model: "scripted", drafts: [{ outcome: "patch" }] });
  const passed = answer.drafting?.drafts[0]?.passed ?? [];
  expect(Object.fromEntries(passed.map(({ gate, note }) => [gate, note]))).toMatchObject({
    "type-checks as before": "the compiler has no complaint",
    "passes the app's own tests": "the app's own tests pass",
    "boots and is no worse in the lab": expect.stringContaining("Everyday use: unchanged") as string,
  });
  expect(answer.steps.at(-1)?.patch).toMatchObject({ draftedBy: "scripted", review: { level: "full" } });
  expect(readFileSync(join(out, "01-queue-draft.patch"), "utf8")).toContain(
    "+    const hash = await bcrypt.hash(newPassword, 10);",
  );
  expect(code).toBe(0);
});

it("keeps the brief of a wrong one, and names the gate", async () => {
  const { answer, out, code } = await hardened("wrong", edits(wrong));
  expect(answer.drafting?.drafts).toMatchObject([{ outcome: "refused", gate: "type-checks as before" }]);
  expect(answer.patchFiles).toEqual([]);
  expect(readdirSync(join(out, "briefs"))).toEqual([expect.stringMatching(/^F\d+-queue\.md$/)]);
  expect(code).toBe(0);
});
