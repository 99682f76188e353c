/** A brief of a small app, drafted by a scripted model: the right edit becomes a proven patch, a wrong one stays a brief. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { loginApp, loginFile, rightEdits } from "../prompts/testing/login-app.ts";
import { modelServer, says, type ModelServer } from "../prompts/testing/model-server.ts";
import { HardeningAnswer } from "../report/answers/hardening.ts";
import { shoreup } from "./command.ts";

/** Not awaited, a promise is always true: every password would be the right one. */
const wrongEdits = [{ file: loginFile, search: "compareSync(", replace: "compare(" }];

const app = {
  ...loginApp,
  "tests/login.test.js": `import assert from "node:assert";
import { test } from "node:test";
import { login } from "../src/login.js";

test("a wrong password is refused", async () => {
  let status = 200;
  const response = { status: (code) => ((status = code), response), json: () => response };
  await login({ body: { email: "a@example.com", password: "wrong" } }, response);
  assert.equal(status, 401);
});
`,
  "src/accounts.js": `// The hash of "right-horse".
const accounts = new Map([["a@example.com", "$2b$04$x7X/gonCeunrEWigQra06ecU.jU3OIhZoIF27IZylLEiLJcZBSP9a"]]);

export function hashOf(email) {
  return accounts.get(email);
}
`,
  "shoreup.config.json": JSON.stringify({
    scenarios: [
      {
        name: "log in wrongly",
        role: "login",
        before: [],
        measured: [
          {
            name: "log in",
            method: "POST",
            path: "/login",
            body: { email: "a@example.com", password: "wrong" },
            expect: [401],
          },
        ],
      },
    ],
  }),
};

let work: string;

beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), "shoreup-e2e-"));
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

interface Hardened {
  answer: HardeningAnswer;
  out: string;
  server: ModelServer;
}

async function hardened(name: string, edits: readonly object[]): Promise<Hardened> {
  const server = await modelServer(says(JSON.stringify({ reason: "", edits })));
  onTestFinished(() => server.close());
  const [root, out] = [join(work, name), join(work, `${name}-patches`)];
  for (const [file, text] of Object.entries(app)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  rmSync(join(root, "package-lock.json"));
  const words = ["harden", root, "--draft", "--finding", "queue/heavy-cpu-in-request", "--out", out, "--json"];
  const env = { OPENAI_API_KEY: "none", OPENAI_BASE_URL: server.url, SHOREUP_MODEL_NAME: "scripted" };
  const { stdout, stderr, code } = await shoreup(words, { env });
  expect(stderr).not.toMatch(/at .*\.ts:\d+/);
  expect(code).toBe(0);
  return { answer: HardeningAnswer.parse(JSON.parse(stdout)), out, server };
}

it("makes a patch of the right edit, and says what each gate saw", async () => {
  const { answer, out, server } = await hardened("right", rightEdits);
  expect(answer.drafting).toMatchObject({ model: "scripted", drafts: [{ outcome: "patch" }] });
  const passed = answer.drafting?.drafts[0]?.passed ?? [];
  expect(Object.fromEntries(passed.map(({ gate, note }) => [gate, note]))).toMatchObject({
    "type-checks as before": "left out, the app has no tsconfig.json",
    "passes the app's own tests": "the app's own tests pass",
    "boots and is no worse in the lab": expect.stringContaining("Everyday use: unchanged") as string,
  });
  expect(answer.steps.at(-1)?.patch).toMatchObject({ draftedBy: "scripted", review: { level: "full" } });
  expect(readFileSync(join(out, "01-queue-draft.patch"), "utf8")).toContain("+  if (!hash || !(await bcrypt.compare(");
  expect(server.asked).toHaveLength(1);
});

it("keeps the brief where the edit is wrong, and names the gate", async () => {
  const { answer, out, server } = await hardened("wrong", wrongEdits);
  expect(answer.drafting?.drafts).toMatchObject([{ outcome: "refused", gate: "passes the app's own tests" }]);
  expect(answer.patchFiles).toEqual([]);
  expect(readdirSync(join(out, "briefs"))).toEqual([expect.stringMatching(/^F\d+-queue\.md$/)]);
  expect(server.asked).toHaveLength(2);
});
