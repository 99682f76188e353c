/** Where an import lands that has to run before all others, and an item that has to come before all others. */
import { expect, it } from "vitest";
import type { Edit } from "../edit.ts";
import { splice } from "../splice.ts";
import { callsTo } from "./calls.ts";
import { importFirst } from "./first-import.ts";
import { addToList } from "./list-options.ts";
import { sourceOf } from "./source.ts";

function edited(text: string, edits: readonly Edit[] | null): unknown {
  return edits === null
    ? null
    : splice(
        text,
        edits.filter((edit) => edit.kind === "replace"),
      );
}

it.each<[string, string, string, string]>([
  ["an ES module", "a.ts", 'import a from "a";\n', 'import "./first";\nimport a from "a";\n'],
  ["CommonJS", "a.js", "const a = require('a')\n", "require('./first')\nconst a = require('a')\n"],
  [
    "behind what is no code",
    "a.js",
    '#!/usr/bin/env node\n"use strict";\nconst a = require("a");\n',
    '#!/usr/bin/env node\n"use strict";\nrequire("./first");\nconst a = require("a");\n',
  ],
  [
    "behind the file's comment",
    "a.ts",
    '/** Boats. */\nimport a from "a";\n',
    '/** Boats. */\nimport "./first";\nimport a from "a";\n',
  ],
  [
    "before the import's comment",
    "a.ts",
    '// Settings.\nimport a from "a";\n',
    'import "./first";\n// Settings.\nimport a from "a";\n',
  ],
  ["a file without imports", "a.mjs", "run();\n", 'import "./first";\nrun();\n'],
  ["once", "a.ts", 'import "./first";\n', 'import "./first";\n'],
])("importFirst: %s", (_, file, before, after) => {
  expect(edited(before, importFirst(sourceOf(file, before), "./first"))).toBe(after);
});

it.each<[string, string, string | null]>([
  ["a list", "f({ a: [b, c] });\n", "f({ a: [x, b, c] });\n"],
  ["a list of lines", "f({\n  a: [\n    b,\n  ],\n});\n", "f({\n  a: [\n    x,\n    b,\n  ],\n});\n"],
  ["an empty list", "f({ a: [] });\n", "f({ a: [x] });\n"],
  ["no list yet", "f({ b: 1 });\n", "f({ b: 1, a: [x] });\n"],
  ["no options yet", "f();\n", "f({ a: [x] });\n"],
  ["a list of another call", "f({ b: g({ a: [1] }) });\n", "f({ b: g({ a: [1] }), a: [x] });\n"],
  ["a list made elsewhere", "f({ a: list });\n", null],
  ["options made elsewhere", "f(options);\n", null],
])("addToList, first: %s", (_, before, after) => {
  const source = sourceOf("a.ts", before);
  const [call] = callsTo(source, /^f$/);
  expect(
    call === undefined ? undefined : edited(before, addToList(source, call, { at: 0, key: "a" }, ["x"], "first")),
  ).toBe(after);
});
