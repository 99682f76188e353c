/** Whole files: modules, directives, places in the text, syntax errors, both parser modes, and the encoded form. */
import { hash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Summary } from "../summary.ts";
import { decode, encode } from "./encoding.ts";
import { extract, extractorVersion } from "./extract.ts";
import { callNotation, notation } from "./testing/notation.ts";

/** One of everything whose place or shape the parser's two modes describe differently. */
const sample = `import a, { b as c, type T } from "m";
import * as ns from 'ns';
const { d = 1, ...e } = require("r"), [f, ...g] = ns.list;
export class Q<X extends T> extends mixin(a.Base, 2) implements T {
  constructor(private readonly x: Foo.Bar, @Inject() public y?: string, z = c()) { super(x); this.w = z; }
  #p = new Map(); static s() { return this; }
  @Get("/:id") async m({ h, i: [j] }: Props = {}, ...rest: any[]) { 'use server'; for (const k of rest) await this.#p.set(k, h); }
  get q() { return this.x }
}
export default async function (req, ...others) { try { await Promise.all([c(), others.map((o) => c(o))]); } catch { throw 1; } }
export const debug = (...args) => console.debug(\`[\${d}]\`, ...args), plain = () => process.env.PORT ?? 3000;
label: for (let n = 0; n < 3; n++) { if (n) continue label; else o.p ||= n; }
let t, u; [t, u = 2, ...o.v] = w; ({ t, k: u, ...o } = w); delete o.p; a[b\`x\`]++;
switch (t) { case c(1): { break; } default: c(2); }
enum E { A = "a", B } namespace N { export const inner = c(3); }
export { t as tt, type T as TT } from "./t"; export * from "./u"; export * as all from './v'; export { u };
module.exports.legacy = function named() { return import("./lazy"); }; const el = typeof t === "x" ? -1 : !t;
`;

describe("modules", () => {
  function modules(code: string, file = "a.ts"): string[] {
    const { imports, exports, reexports, modules, ...rest } = extract(file, code);
    const summary = { imports, exports, reexports, modules, ...rest };
    return [
      modules,
      ...imports.map(
        ({ form, specifier, names, typeOnly }) =>
          `${form}${typeOnly ? " type" : ""} ${specifier} {${names.map(({ imported, local }) => `${imported} as ${local}`).join(", ")}}`,
      ),
      ...Object.entries(exports).map(([name, value]) => `export ${name} = ${notation(summary, value)}`),
      ...reexports.map(({ specifier, name, as }) => `reexport ${name} as ${as} of ${specifier}`),
    ];
  }

  it.each<[code: string, expected: string[]]>([
    [
      "import a, { b as c, default as d, 'e f' as g } from 'm';",
      ["esm", "import m {default as a, b as c, default as d, e f as g}"],
    ],
    ["import * as ns from 'm'; import 'n';", ["esm", "import m {* as ns}", "import n {}"]],
    [
      "import type { A } from 'm'; import { type B } from 'n';",
      ["esm", "import type m {A as A}", "import type n {B as B}"],
    ],
    ["import a = require('m'); export = a;", ["commonjs", "require m {* as a}", "export module.exports = <m>.*"]],
    ["export = { a };", ["commonjs", "export module.exports = {a: a}"]],
    [
      "export const a = 1, { b } = c; export function f() {} export class C {} export enum E {}",
      ["esm", "export a = a", "export b = b", "export f = f", "export C = C", "export E = E"],
    ],
    ["const a = 1; export { a, a as b, a as default };", ["esm", "export a = a", "export b = a", "export default = a"]],
    [
      "import { a } from 'm'; export { a }; export default a;",
      ["esm", "import m {a as a}", "export a = <m>.a", "export default = <m>.a"],
    ],
    ["export default f(x);", ["esm", "export default = f(x)"]],
    ["export default function () {}", ["esm", "export default = fn#1"]],
    ["export default function f() {}", ["esm", "export default = f"]],
    ["export default class C {}", ["esm", "export default = C"]],
    ["export default { a, b() {} };", ["esm", "export default = {a: a, b: fn:b}"]],
    [
      "export * from 'm'; export * as n from 'm'; export { a as b, default } from 'm';",
      [
        "esm",
        "reexport m {}",
        "reexport m {}",
        "reexport m {}",
        "reexport * as * of m",
        "reexport * as n of m",
        "reexport a as b of m",
        "reexport default as default of m",
      ],
    ],
    [
      "export type { A } from 'm'; export { type B } from 'n'; export interface I {} export type T = 1;",
      ["esm", "reexport type m {}", "reexport n {}"],
    ],
    [
      "const { a, b: c } = require('m'); const n = require('n').x; const o = require('o')(p);",
      ["commonjs", "require m {a as a, b as c}", "require n {x as n}", "require o {}"],
    ],
    ["const { a } = await import('m');", ["esm", "dynamic m {a as a}"]],
    ["module.exports = { a, b };", ["commonjs", "export module.exports = {a: a, b: b}"]],
    [
      "module.exports = f; module.exports.g = 1; exports.h = g;",
      ["commonjs", "export module.exports = f", "export g = 1", "export h = g"],
    ],
    ["exports = module.exports = f;", ["commonjs", "export module.exports = f"]],
    ["module.exports = exports = f;", ["commonjs", "export module.exports = f"]],
    ["const self = (module.exports = { a() {} });", ["commonjs", "export module.exports = {a: fn:a}"]],
    ["exports.a = exports.b = f;", ["commonjs", "export b = f", "export a = f"]],
    ["exports.a = 1; exports.a = 2;", ["commonjs", "export a = (1 | 2)"]],
    ["function f(exports) { exports.a = 1; }", ["none"]],
    ["f();", ["none"]],
  ])("%s", (code, expected) => {
    expect(modules(code, code.includes("await") ? "a.mts" : "a.ts")).toEqual(expected);
  });

  it.each([
    ["a.mjs", "esm"],
    ["a.cts", "commonjs"],
    ["a.js", "none"],
  ])("%s without any module syntax", (file, expected) => {
    expect(extract(file, "f();").modules).toBe(expected);
  });

  it("follows exports that the module itself uses", () => {
    const code =
      "exports.a = () => exports.b(); exports.b = () => module.exports.c(); module.exports.d = f; module.exports.d();";
    const summary = extract("a.js", code);
    expect(summary.calls.map((call) => callNotation(summary, call))).toEqual([
      "exports.b()",
      "module.exports.c()",
      "exports.d()",
    ]);
    expect(Object.keys(summary.functions[0]?.bindings ?? {})).toEqual(["exports.a", "exports.b", "exports.d"]);
  });

  it("takes members of a whole module for its exports", () => {
    const code = "import * as ns from 'm'; const r = require('n'); let l = require('o'); ns.a(); r.b.c(); l.d();";
    const summary = extract("a.ts", code);
    expect(summary.calls.map((call) => callNotation(summary, call))).toEqual(["<m>.a()", "<n>.b.c()", "l.d()"]);
  });
});

describe("directives", () => {
  it.each<[code: string, expected: string[]]>([
    ["'use strict';\nf();", ["use strict"]],
    ["// c\n/* d */ \"use client\"\n'use strict'\nf();", ["use client", "use strict"]],
    ["#!/usr/bin/env node\n'use strict';", ["shebang", "use strict"]],
    ["\uFEFF'use server';", ["use server"]],
    ["'a' + f();", []],
    ["// 'use strict';\nf();", []],
    ["", []],
  ])("%j", (code, expected) => {
    expect(extract("a.ts", code).directives).toEqual(expected);
  });
});

describe("places", () => {
  it.each([
    ["plain", ""],
    ["after a byte order mark", "\uFEFF"],
    ["after a shebang", "#!/usr/bin/env node\n"],
    ["after two-byte characters", "// äöü ß\n"],
    ["after characters beyond the basic plane", "/* 😀😀 */"],
    ["with Windows line ends", "// x\r\n\r\n"],
  ])("are UTF-16 offsets, lines from 1 and columns from 0: %s", (_, before) => {
    const code = `${before}a();\nexport const b = "é😀", c = d(\n  1,\n);`;
    const [, call] = extract("a.ts", code).calls;
    const start = code.indexOf("d(");
    const line = code.slice(0, start).split("\n").length;
    expect(call?.span).toEqual({
      start,
      end: code.length - 1,
      line,
      endLine: line + 2,
      column: start - (code.lastIndexOf("\n", start) + 1),
    });
    expect(code.slice(call?.statement.start, call?.statement.end)).toMatch(/^export const b[^]*\);$/);
  });

  it("do not change what is found when they move", () => {
    const moved = extract("a.ts", `/* 😀é */ ${sample}`);
    expect(withoutSpans(moved)).toEqual(withoutSpans(extract("a.ts", sample)));
  });
});

describe("both parser modes", () => {
  it.each([["sample", "a.ts", sample], ["moved sample", "a.ts", `/* 😀é */${sample}`], ...ownSources()])(
    "yield the same for %s",
    (_, file, text) => {
      expect(extract(file, text, "plain")).toEqual(extract(file, text, "lazy"));
    },
  );
});

describe("a test file", () => {
  const text = `import { send } from "./mailer";\nconst { app } = require("./app");\nexport const kept = 1;\nit("works", async () => send(app, await import('./late')));`;

  it.each(["mail.test.ts", "mail.spec.js", "src/__tests__/mail.ts", "Mail.stories.tsx"])(
    "is known by what it loads alone: %s",
    (file) => {
      const { imports, functions, exports, calls, problem } = extract(file, text);
      expect(imports.map(({ specifier }) => specifier)).toEqual(["./mailer", "./app", "./late"]);
      expect(functions.map(({ kind, bindings }) => ({ kind, bindings }))).toEqual([{ kind: "module", bindings: {} }]);
      expect([exports, calls, problem]).toEqual([{}, [], null]);
    },
  );

  it("says like any other that it cannot be read", () => {
    expect(extract("mail.test.ts", "const a = ;").problem).not.toBeNull();
  });
});

describe("extractorVersion", () => {
  it("is raised whenever the same text yields another summary, so that cached ones are dropped", () => {
    const digest = hash("sha1", JSON.stringify(extract("a.ts", sample)));
    expect([extractorVersion, digest]).toEqual([18, "622bbac49608c2222ec7196aad8d98f602691061"]);
  });
});

describe("encoding", () => {
  it.each([["sample", "a.ts", sample], ...ownSources()])("carries the whole summary of %s", (_, file, text) => {
    const summary = extract(file, text);
    expect(decode(encode(summary))).toEqual(summary);
  });

  it("carries unusual texts and numbers", () => {
    const summary = extract("a.ts", 'f("\\ud800", "日本", 1e300, 0.1, 4294967296, -1, "", process.env.A ?? 1.5);');
    expect(decode(encode(summary))).toEqual(summary);
  });
});

describe("files that cannot be read in full", () => {
  it.each<[name: string, file: string, code: string, functions: string[]]>([
    ["one bad statement", "a.ts", "function a() {}\nfunction b( {\nfunction c() {}\n", ["a", "c"]],
    ["an open brace at the end", "a.ts", "function a() {}\nfunction b() {\n  if (x) {\n", ["a"]],
    [
      "merge conflict markers",
      "a.ts",
      "function a() {}\n<<<<<<< HEAD\nconst x = 1;\n=======\nconst x = 2;\n>>>>>>> b\nfunction c() {}\n",
      ["a"],
    ],
  ])("keep the rest of the file: %s", (_, file, code, functions) => {
    const summary = extract(file, code);
    expect(summary.functions.flatMap(({ name }) => name ?? [])).toEqual(expect.arrayContaining(functions));
    expect(summary.problem).toMatch(/^syntax error at line \d+ \(.+\): the code around it was left out$/);
  });

  it.each([
    ["types in JavaScript", "a.js", "function f(a: string): number { return g(a); }"],
    ["a return outside of functions", "a.js", "if (a) return; f();"],
    ["sloppy mode", "a.js", "with (a) { f(); } var let_ = 010; delete x;"],
    ["names declared twice", "a.ts", "const a = 1; const a = 2; f();"],
    ["JSX in a .js file", "a.js", "const a = () => <div onClick={f}/>;"],
    ["decorators before export", "a.ts", "@A() export class B {}"],
    ["await at the top", "a.ts", "await f(); await (g());"],
  ])("are none of these: %s", (_, file, code) => {
    expect(extract(file, code).problem).toBeNull();
    expect(extract(file, code).functions.length).toBeGreaterThan(0);
  });

  it.each([
    ["a picture", "\u0000\u0001\u0002PNG\uFFFD"],
    ["brackets only", "((((((((((((((((("],
    ["prose", "This is not code, it only looks like a file."],
  ])("never throw: %s", (_, code) => {
    expect(extract("a.ts", code)).toMatchObject({ calls: [], problem: expect.stringContaining("syntax error") });
  });

  it.each<[name: string, text: string]>([
    ["brackets", "[".repeat(50_000)],
    ["closed brackets", `f = ${"(".repeat(30_000)}a${")".repeat(30_000)};`],
    ["functions", `${"function f() {\n".repeat(5_000)}${"}".repeat(5_000)}`],
    ["classes", `${"(class { a = ".repeat(5_000)}1${"})".repeat(5_000)}`],
    ["templates", `${"`${".repeat(20_000)}a${"}`".repeat(20_000)}`],
    ["arrows", `f = ${"x => ".repeat(20_000)}x`],
    ["bracketed arrows", `f = ${"(x) => ".repeat(20_000)}x`],
    ["conditions", `f = ${"a ? b : ".repeat(20_000)}c`],
    ["branches", "if (a)\n".repeat(20_000)],
    ["other branches", `if (a);${"else if (a);\n".repeat(20_000)}`],
    ["loops", `${"for (;;)\n".repeat(20_000)};`],
    ["elements", `f = ${"<a>".repeat(20_000)}${"</a>".repeat(20_000)}`],
    ["type arguments", `let f: ${"A<".repeat(20_000)}B${">".repeat(20_000)}`],
    ["labels", `${"a:\n".repeat(40_000)};`],
    ["negations", `${"!".repeat(200_000)}a`],
    ["words", `${"await new typeof ".repeat(60_000)}a`],
    ["assignments", `${"a = ".repeat(40_000)}1`],
  ])("say so when they are nested beyond what the parser bears: %s", (_, text) => {
    expect(extract("a.tsx", text)).toMatchObject({ problem: "nested too deeply to be read", functions: [] });
  });

  it.each<[name: string, text: string]>([
    ["long data", `export const a = {${"a: [1, { b: 'x', c: [] }],\n".repeat(20_000)}};`],
    ["long code without semicolons", "const a = f(b)\nif (a) { g() } else { h() }\n".repeat(3_000)],
    ["brackets in comments and strings", "// :( it's (\nf(':(', \"[\", /* ((( */ 1);\n".repeat(5_000)],
    ["long joined text", `const a = ${"'some text' + b +\n".repeat(2_000)}'';`],
    ["a long class", `class A {${"m(a) { return a < 1 ? !a : -a }\n".repeat(5_000)}}`],
  ])("are not taken for too deep when they are only long: %s", (_, text) => {
    expect(extract("a.ts", text).problem).toBeNull();
  });

  it("never throw on any part of a real file", () => {
    const [, , text = ""] = ownSources().find(([name]) => name === "values.ts") ?? [];
    for (let cut = 0; cut < 150; cut += 1) {
      const at = (cut * 7919) % text.length;
      const summary = extract("a.ts", cut % 2 === 0 ? text.slice(0, at) : text.slice(at));
      expect(summary.functions.length).toBeGreaterThan(0);
      expect(decode(encode(summary))).toEqual(summary);
    }
  });
});

function ownSources(): [name: string, file: string, text: string][] {
  return readdirSync(import.meta.dirname)
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map((name) => [name, name, readFileSync(`${import.meta.dirname}/${name}`, "utf8")]);
}

function withoutSpans(summary: Summary): unknown {
  return JSON.parse(
    JSON.stringify(summary, (key, value) =>
      ["span", "statement", "whole", "block", "handler"].includes(key) ? null : value,
    ),
  );
}
