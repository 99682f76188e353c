/** Branches that production never takes. */
import { expect, it } from "vitest";
import { literalsIn, splitArguments } from "./text.ts";
import { isDevOnly } from "./dev-only.ts";
import { memoryRepo } from "../repo/memory.ts";

it.each([
  ["if (process.env.NODE_ENV !== 'production') { HERE }", true],
  ["if (process.env.NODE_ENV === 'development') { if (x) { HERE } }", true],
  ["if (process.env.NODE_ENV === 'production') { a(); } else { HERE }", true],
  ["if (process.env.NODE_ENV !== 'production') app.use(HERE)", true],
  ["if (isDev) { HERE }", true],
  ["if (!config.isProduction) { HERE }", true],
  ["if (process.env.NODE_ENV === 'production') { HERE }", false],
  ["if (process.env.NODE_ENV === 'production') { a(); }\nHERE", false],
  ["if (process.env.NODE_ENV !== 'production') { a(); }\nHERE", false],
  ["if (process.env.NODE_ENV !== 'production') { a(); } else { HERE }", false],
  ["if (process.env.NODE_ENV === 'development' || force) { HERE }", false],
  ["if (device) { HERE }", false],
  ["HERE", false],
])("%s", (text, expected) => {
  const repo = memoryRepo({ "a.js": text });
  expect(isDevOnly({ repo }, { file: "a.js", span: { start: text.indexOf("HERE") } })).toBe(expected);
});

it("splits arguments at the commas that separate them", () => {
  expect(splitArguments('a, f(b, c), "d, e", { g: [1, 2] }').map((part) => part.trim())).toEqual([
    "a",
    "f(b, c)",
    '"d, e"',
    "{ g: [1, 2] }",
  ]);
  expect(literalsIn("path.join(__dirname, '../a', \"b\")")).toEqual(["../a", "b"]);
});
