/** Options given by name, and lines that would get too long. */
import { expect, it } from "vitest";
import { splice } from "../splice.ts";
import { callsTo, setOptions } from "./calls.ts";
import { sourceOf } from "./source.ts";

const long = "x".repeat(75);

it.each<[string, string, string]>([
  ["defines", "const o = { a: 1 };\nf(o);\n", "const o = { a: 1, t: 5 };\nf(o);\n"],
  [
    "defines once",
    "const o = { a: 1 };\nf(o);\no.b = 2;\nf(o);\n",
    "const o = { a: 1, t: 5 };\nf(o);\no.b = 2;\nf(o);\n",
  ],
  ["leaves a shared one", "const o = { a: 1 };\ng(o);\nf(o);\n", "const o = { a: 1 };\ng(o);\nf({ ...o, t: 5 });\n"],
  ["leaves an exported one", "export const o = {};\nf(o);\n", "export const o = {};\nf({ ...o, t: 5 });\n"],
  ["leaves a shadowed one", "const o = {};\nh((o) => f(o));\n", "const o = {};\nh((o) => f({ ...o, t: 5 }));\n"],
  ["goes into what is asserted", "f({ a: 1 } as any);\n", "f({ a: 1, t: 5 } as any);\n"],
  ["goes into what is asserted and empty", "f({} as any);\n", "f({ t: 5 } as any);\n"],
  ["leaves a variable", "let o = {};\nf(o);\n", "let o = {};\nf({ ...o, t: 5 });\n"],
  [
    "breaks a spread",
    `const o = load();\n  const ${long} = await f(o);\n`,
    `const o = load();\n  const ${long} = await f({\n    ...o,\n    t: 5,\n  });\n`,
  ],
  ["breaks a literal", `const ${long} = f({ a, b: 2 });\n`, `const ${long} = f({\n  a,\n  b: 2,\n  t: 5,\n});\n`],
])("%s", (_, before, after) => {
  const source = sourceOf("a.ts", before);
  const [call] = callsTo(source, /^f$/);
  const edits = call === undefined ? null : setOptions(source, call, 0, { t: "5" }, "define");
  expect(splice(before, edits?.filter((edit) => edit.kind === "replace") ?? [])).toBe(after);
});
