/** Homes: what becomes of a call's value, in the shapes that apps write. */
import { expect, it } from "vitest";
import { afterCreation } from "./after-creation.ts";
import { homeOf } from "./homes.ts";
import { sourceOf } from "./source.ts";
import { applyEdits } from "../edits.ts";
import { memoryRepo } from "../../analyzers/repo/memory.ts";

const call = "make()";
const chain = /^(on|use)$/;

function rangeIn(text: string): { start: number; end: number } {
  const start = text.indexOf(call);
  return { start, end: start + call.length };
}

it.each([
  ["const app = make();", "named app"],
  ["const app: App = make() as App;", "named app"],
  ["export const app = make().on(1).use(2);", "named app"],
  ["let app; app = make();", "named app"],
  ["var app = module.exports = make();", "named app"],
  ["module.exports = exports = make();", "elsewhere"],
  ["class A { constructor() { this.app = make(); } }", "named this.app"],
  ["class A { app = make(); }", "field this.app"],
  ["make();", "unused"],
  ["make().on(1, 2);", "unused"],
  ["if (ready) make();", "elsewhere"],
  ["if (ready) app = make();", "elsewhere"],
  ["const port = make().port;", "elsewhere"],
  ["const port = make().address();", "elsewhere"],
  ["start().then(() => make());", "elsewhere"],
  ["function f() { return make(); }", "elsewhere"],
  ["const { a } = make();", "elsewhere"],
  ["const all = { app: make() };", "elsewhere"],
])("%s", (text, expected) => {
  const home = homeOf(sourceOf("a.ts", text), rangeIn(text), chain);
  expect([home?.kind, home !== null && "name" in home ? home.name : null].filter(Boolean).join(" ")).toBe(expected);
});

it.each([
  ["const app = make();\napp.go();\n", "const app = make();\napp.use(x);\napp.go();\n"],
  ["class A {\n  app = make();\n}\n", null],
  [
    "class A {\n  app = make();\n  constructor() {\n    this.go();\n  }\n}\n",
    "class A {\n  app = make();\n  constructor() {\n    this.app.use(x);\n    this.go();\n  }\n}\n",
  ],
  [
    "class A extends B {\n  app = make();\n  constructor() {\n    super();\n    this.go();\n  }\n}\n",
    "class A extends B {\n  app = make();\n  constructor() {\n    super();\n    this.app.use(x);\n    this.go();\n  }\n}\n",
  ],
  [
    "class A {\n  app = make();\n  constructor() {}\n}\n",
    "class A {\n  app = make();\n  constructor() { this.app.use(x); }\n}\n",
  ],
])("first thing after %j", (text, expected) => {
  const edit = afterCreation(sourceOf("a.ts", text), rangeIn(text), chain, (name) => `${name}.use(x);`);
  const applied = edit === null ? null : applyEdits(memoryRepo({ "a.ts": text }), [edit]);
  expect(applied?.kind === "changed" ? applied.changes.get("a.ts") : null).toBe(expected);
});
