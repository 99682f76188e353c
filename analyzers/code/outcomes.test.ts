/** Whether the answer rests on what an outside call gives. */
import { expect, it } from "vitest";
import { isOutcomeUsed } from "./outcomes.ts";
import { modelFrom } from "../link/testing/model-from.ts";

const handler = (body: string) => `import express from "express";
const app = express();
app.post("/x", async (req, res) => {
${body}
});
app.listen(3000);`;

it.each<[string, boolean, string]>([
  ["a statement", false, `await fetch(HOOK, { method: "POST" }); res.json({ ok: true });`],
  [
    "caught and logged",
    false,
    `try { await fetch(HOOK, { method: "POST" }); } catch (err) { console.error(err); } res.end();`,
  ],
  [
    "logged when it failed",
    false,
    `const r = await fetch(HOOK, { method: "POST" });\nif (!r.ok) console.error("hook", r.status);\nres.end();`,
  ],
  [
    "thrown when it failed",
    false,
    `const r = await fetch(HOOK, { method: "POST" });\nif (!r.ok) { throw new Error(r.statusText); }\nres.end();`,
  ],
  ["sent on", true, `const r = await fetch(HOOK, { method: "POST" });\nconst data = await r.json();\nres.json(data);`],
  ["sent on in part", true, `const { data } = await axios.post(HOOK);\nres.json({ id: data.id });`],
  [
    "decided by",
    true,
    `const r = await fetch(VERIFY, { method: "POST" });\nconst data = await r.json();\nif (!data.success) return res.status(400).end();\nres.end();`,
  ],
  [
    "decided by at once",
    true,
    `if (!(await fetch(VERIFY, { method: "POST" })).ok) return res.status(400).end();\nres.end();`,
  ],
  [
    "chosen by",
    true,
    `const r = await fetch(HOOK, { method: "POST" });\nres.json({ state: r.ok ? "sent" : "failed" });`,
  ],
  [
    "answered in a chain",
    true,
    `fetch(HOOK, { method: "POST" }).then((r) => r.json()).then((data) => res.json(data));`,
  ],
  [
    "only logged in a chain",
    false,
    `fetch(HOOK, { method: "POST" }).then((r) => console.log(r.status)).catch(console.error);\nres.end();`,
  ],
  [
    "returned to a caller that drops it",
    false,
    `const notify = async () => fetch(HOOK, { method: "POST" });\nawait notify();\nres.end();`,
  ],
  [
    "returned to a caller that sends it",
    true,
    `const ask = async () => { const r = await fetch(HOOK, { method: "POST" }); return r.json(); };\nconst found = await ask();\nres.json(found);`,
  ],
])("%s", (_, expected, body) => {
  const model = modelFrom({ "app.js": handler(body).replace("import", 'import axios from "axios";\nimport') });
  const [use] = model.usesOfKind("http");
  const [way] = use === undefined ? [] : model.reach(use.call);
  expect(way === undefined ? null : isOutcomeUsed(way, model)).toBe(expected);
});
