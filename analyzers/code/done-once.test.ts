/** What a process does once, and what only looks like it. */
import { expect, it } from "vitest";
import { isOncePerProcess } from "./done-once.ts";
import { modelFrom } from "../link/testing/model-from.ts";

it.each<[string, string, boolean]>([
  ["kept when missing", "let ready; export function f() { if (!ready) { ready = work(); } return ready; }", true],
  ["kept by a sign", "let ready; export function f() { ready ??= work(); return ready; }", true],
  [
    "an async function called at once",
    "let ready; export function f() { if (!ready) { ready = (async () => { await work(); })(); } return ready; }",
    true,
  ],
  ["kept for one request", "export function f() { let ready; if (!ready) { ready = work(); } return ready; }", false],
  ["done anew", "let ready; export function f() { ready = work(); return ready; }", false],
  ["handed in for each job", "let ready; export function f() { ready ??= listen(() => work()); return ready; }", false],
])("%s", (_, code, expected) => {
  const model = modelFrom({
    "package.json": JSON.stringify({ name: "a", type: "module", scripts: { start: "node a.js" } }),
    "a.js": `import { work, listen } from "./work.js";\n${code}\nf();`,
    "work.js": "export const work = () => 1; export const listen = (run) => run();",
  });
  const calls = (model.summary("a.js")?.calls ?? []).flatMap((_call, index) => model.call(`a.js#${index}`) ?? []);
  expect(calls.some((call) => isOncePerProcess(call, model))).toBe(expected);
});
