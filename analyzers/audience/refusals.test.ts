/** How code turns people away: what ends it, and that no text keeps the reader busy. */
import { expect, it } from "vitest";
import { endsHere } from "./refusals.ts";

it.each<[text: string, ends: boolean]>([
  ["if (!user) return res.sendStatus(401);", true],
  ["if (!user) {\n  // nobody\n  // at all\n  throw new Error();\n}", true],
  ['if (!user) { console.warn("nobody"); return null; }', true],
  ["if (!user) {\n  user = guest;\n}\nreturn user;", false],
  ["if (!order) return null;", false],
])("%s ends for want of a user: %s", (text, ends) => {
  expect(endsHere(text, ["user"], "any")).toBe(ends);
});

it("reads a line of nothing but slashes once", () => {
  const start = performance.now();
  expect(endsHere(`if (!user) {\n  ${"//".repeat(2000)}\n  user = guest;\n}`, ["user"], "any")).toBe(false);
  expect(performance.now() - start).toBeLessThan(500);
});
