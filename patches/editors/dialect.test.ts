/** One template, every dialect: the texts are read here, and the programs are run by node. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { toDialect, toDialectExpression, toDialectSnippet } from "./dialect.ts";
import { styleOf } from "./style.ts";
import type { Style } from "./style.ts";
import { syntaxErrors } from "./typescript.ts";

const house: Style = { ...styleOf("", "a.ts"), importExtension: ".ts" };
const javascript: Style = { ...house, language: "javascript", importExtension: ".js" };
const commonjs: Style = { ...javascript, modules: "commonjs", importExtension: "" };
const bare: Style = {
  ...house,
  quotes: "single",
  semicolons: false,
  indent: "\t",
  trailingCommas: "none",
  importExtension: "",
};

describe("types are removed without a trace", () => {
  it.each([
    ["annotations", "const a: number = 1;\nlet b: Map<string, number[]> | undefined;\n", "const a = 1;\nlet b;\n"],
    [
      "parameters and returns",
      "function f(a: string, b?: number, ...c: A[]): Promise<void> {}\n",
      "function f(a, b, ...c) {}\n",
    ],
    ["arrows", "const f = async <T extends A>(a: T): Promise<T> => a;\n", "const f = async (a) => a;\n"],
    [
      "type predicates and this",
      "function f(this: A, a: unknown): a is B {\n  return true;\n}\n",
      "function f(a) {\n  return true;\n}\n",
    ],
    ["lone this", "function f(this: A) {}\n", "function f() {}\n"],
    [
      "as, satisfies and !",
      "const a = b as C;\nconst d = e satisfies F;\nconst g = h!.i;\n",
      "const a = b;\nconst d = e;\nconst g = h.i;\n",
    ],
    [
      "the parentheses of as",
      "(a as B).c(d as unknown as E);\nconst f = (await g)!;\n",
      "a.c(d);\nconst f = await g;\n",
    ],
    [
      "parentheses that are needed",
      "const a = (b as C) + (await (d as unknown as E));\n",
      "const a = b + (await d);\n",
    ],
    ["generics in calls", "const a = f<A, B>(new Map<string, Set<number>>());\n", "const a = f(new Map());\n"],
    ["optional chaining with generics", "a?.b<C>?.(d);\n", "a?.b?.(d);\n"],
    [
      "catch and destructuring",
      "try {\n  a();\n} catch (error: unknown) {\n  const { b }: { b: number } = c;\n}\n",
      "try {\n  a();\n} catch (error) {\n  const { b } = c;\n}\n",
    ],
    [
      "type imports",
      'import type { A } from "a";\nimport b, { type C } from "b";\nimport { type D, e } from "d";\nimport "f";\n',
      'import b from "b";\nimport { e } from "d";\nimport "f";\n',
    ],
    [
      "type exports",
      'export type { A } from "a";\nexport { type B, c };\nconst c = 1;\n',
      "export { c };\nconst c = 1;\n",
    ],
    [
      "interfaces and aliases with their comments",
      "/** Head. */\n\nconst a = 1;\n\n/** Of the type. */\nexport interface B {\n  c: string;\n}\n\n// about the alias\ntype D = B;\n\n/** Of f. */\nfunction f() {}\n",
      "/** Head. */\n\nconst a = 1;\n\n/** Of f. */\nfunction f() {}\n",
    ],
    ["a type at the end", "const a = 1;\n\ntype B = A;\n", "const a = 1;\n"],
    ["a type at the start", "type B = A;\n\nconst a = 1;\n", "const a = 1;\n"],
    ["the imports alone", 'import type { A } from "a";\n\nconst a = 1;\n', "const a = 1;\n"],
    [
      "overloads",
      "function f(a: string): void;\nfunction f(a: number): void;\nfunction f(a: unknown) {}\n",
      "function f(a) {}\n",
    ],
    [
      "declarations",
      "declare global {\n  var a: string;\n}\ndeclare const b: number;\n\nconst c = 1;\n",
      "const c = 1;\n",
    ],
    [
      "class members",
      'abstract class A<T> extends B<T> implements C, D {\n  private readonly a: string = "";\n  declare b: number;\n  static c?: number;\n  d!: string;\n  [key: string]: unknown;\n\n  abstract e(): void;\n  protected override async f?(g: T): Promise<void> {}\n  constructor(a: string) {\n    super();\n  }\n}\n',
      'class A extends B {\n  a = "";\n  static c;\n  d;\n\n  async f(g) {}\n  constructor(a) {\n    super();\n  }\n}\n',
    ],
    ["nothing from strings and comments", 'const a = "b as C"; // d: E\n', 'const a = "b as C"; // d: E\n'],
    ["comparisons stay", "if (a < b && c > d) e();\n", "if (a < b && c > d) e();\n"],
  ])("%s", (_, template, wanted) => {
    const written = toDialect(template, javascript);
    expect(written).toBe(wanted);
    expect(syntaxErrors("a.js", written)).toEqual([]);
  });

  it.each([
    "enum A { b }",
    "namespace A { export const b = 1 }",
    "class A { constructor(private b: string) {} }",
    "@a class B {}",
    'import a = require("a");',
  ])("refuses %s, which is more than types", (template) => {
    expect(() => toDialect(template, javascript)).toThrow("line 1 is more than types");
  });
});

describe("CommonJS", () => {
  it.each([
    [
      "imports",
      'import a, { b, c as d } from "a";\nimport * as e from "node:fs";\nimport "f";\nimport { g } from "./g.ts";\n',
      'const a = require("a");\nconst { b, c: d } = require("a");\nconst e = require("node:fs");\nrequire("f");\nconst { g } = require("./g");\n',
    ],
    [
      "exports",
      "export const a = 1;\nexport async function b() {}\nexport class C {}\nconst d = 2;\nexport { d as e };\n",
      "const a = 1;\nasync function b() {}\nclass C {}\nconst d = 2;\n\nmodule.exports = { a, b, C, e: d };\n",
    ],
    ["a default export", "const a = 1;\nexport default a;\n", "const a = 1;\nmodule.exports = a;\n"],
    [
      "destructured exports",
      "export const { a, b: [c] } = d;\n",
      "const { a, b: [c] } = d;\n\nmodule.exports = { a, c };\n",
    ],
    [
      "doc comments stay with what they document",
      "/** Of a. */\nexport const a = 1;\n",
      "/** Of a. */\nconst a = 1;\n\nmodule.exports = { a };\n",
    ],
  ])("%s", (_, template, wanted) => {
    expect(toDialect(template, commonjs)).toBe(wanted);
  });

  it.each([
    ["top-level await", "await a();\n"],
    ["import.meta", "const a = import.meta.dirname;\n"],
    ["an exported variable that may change", "export let a = 1;\n"],
    ["export from", 'export { a } from "a";\n'],
  ])("refuses %s", (what, template) => {
    expect(() => toDialect(template, commonjs)).toThrow(what);
  });
});

describe("layout", () => {
  it.each([
    ["quotes", 'f("a", "it\'s", "say \\"b\\"", `c`);\n', "f('a', \"it's\", 'say \"b\"', `c`)\n"],
    [
      "semicolons that must stay",
      "const a = b;\n[1].map(c);\nd();\n(e || f)();\n",
      "const a = b;\n[1].map(c)\nd();\n(e || f)()\n",
    ],
    [
      "semicolons of loops and one-liners",
      "for (let i = 0; i < 1; i += 1) a();\nif (b) { c(); }\n",
      "for (let i = 0; i < 1; i += 1) a()\nif (b) { c() }\n",
    ],
    [
      "trailing commas",
      "f({\n  a,\n  b: [\n    1,\n  ],\n});\nfunction g(\n  a: A,\n) {}\n",
      "f({\n\ta,\n\tb: [\n\t\t1\n\t]\n})\nfunction g(\n\ta: A\n) {}\n",
    ],
    [
      "template literals",
      "const a = `\n  b ${c({\n    d,\n  })}\n    e`;\n",
      "const a = `\n  b ${c({\n\t\td\n\t})}\n    e`\n",
    ],
    [
      "comments",
      "function a() {\n  /**\n   * b\n   */\n  c();\n}\n",
      "function a() {\n\t/**\n\t * b\n\t */\n\tc()\n}\n",
    ],
    ["types", "interface A {\n  b: string;\n  c(): void;\n}\n", "interface A {\n\tb: string\n\tc(): void\n}\n"],
  ])("%s", (_, template, wanted) => {
    expect(toDialect(template, bare)).toBe(wanted);
  });

  it("keeps commas in literals but not in calls for es5", () => {
    expect(toDialect("f(\n  {\n    a,\n  },\n);\n", { ...house, trailingCommas: "es5" })).toBe(
      "f(\n  {\n    a,\n  }\n);\n",
    );
  });

  it("writes line ends as the neighbours do", () => {
    expect(toDialect("a();\nb();\n", { ...house, newline: "\r\n" })).toBe("a();\r\nb();\r\n");
  });
});

describe("specifiers", () => {
  it.each<[string, Style, string]>([
    ["TypeScript with .ts", house, "./b.ts"],
    ["TypeScript with .js", { ...house, importExtension: ".js" }, "./b.js"],
    ["TypeScript without", bare, "./b"],
    ["ES modules in JavaScript", { ...javascript, importExtension: "" }, "./b.js"],
  ])("%s", (_, style, wanted) => {
    expect(toDialect('import { a } from "./b.ts";\n', { ...style, quotes: "double", semicolons: true })).toBe(
      `import { a } from "${wanted}";\n`,
    );
  });

  it("takes chosen ones as they are, dynamic imports among them", () => {
    const chosen = { specifiers: { "./b.ts": "../lib/b.mjs" } };
    expect(toDialect('import "./b.ts";\nawait import("./b.ts");\n', house, chosen)).toBe(
      'import "../lib/b.mjs";\nawait import("../lib/b.mjs");\n',
    );
  });
});

describe("snippets", () => {
  it("become the app's own statements and expressions", () => {
    expect(toDialectSnippet('log("a", error as Error);', { ...bare, language: "javascript" })).toBe("log('a', error)");
    expect(toDialectExpression('{ limit: "1mb" as const }', { ...bare, language: "javascript" })).toBe(
      "{ limit: '1mb' }",
    );
    expect(toDialectExpression("(request: Request) => request.ip", javascript)).toBe("(request) => request.ip");
  });
});

describe("run by node", () => {
  const folder = mkdtempSync(join(tmpdir(), "shoreup-dialect-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const library = `/** A counter. */
import { EventEmitter } from "node:events";
import { format, type InspectOptions } from "node:util";

export interface Options<T> {
  start?: T;
}

export class Counter<T extends number> extends EventEmitter {
  private total: number;
  readonly name!: string;

  constructor({ start }: Options<T> = {} as Options<T>) {
    super();
    this.total = start ?? 0;
  }

  add(this: Counter<T>, by: number): number {
    this.total += by;
    this.emit("added", by as T);
    return this.total;
  }
}

export const describeOptions: InspectOptions = { depth: 1 };

export async function show<T>(value: T): Promise<string> {
  const text = format("it's %s", (value as unknown as string)!);
  return \`\${text}
  indented\`;
}
`;
  const program =
    'import { Counter, show } from "./library.ts";\n\nconst counter = new Counter<number>({ start: 40 });\nconst heard: number[] = [];\ncounter.on("added", (by: number) => heard.push(by));\n(counter as Counter<number>).add(2);\nvoid show(counter.add(0)).then((text) => console.log(JSON.stringify({ heard, text })));\n';

  it.each<[string, string, Style]>([
    ["TypeScript", "ts", house],
    ["JavaScript as ES module", "mjs", { ...javascript, ...plain(bare) }],
    ["JavaScript as CommonJS", "cjs", { ...commonjs, indent: "    ", trailingCommas: "es5" }],
    ["CommonJS without semicolons", "cjs", { ...commonjs, ...plain(bare) }],
  ])("%s does the same", (_, extension, style) => {
    const specifiers = { "./library.ts": `./library.${extension}` };
    writeFileSync(join(folder, `library.${extension}`), toDialect(library, style));
    writeFileSync(join(folder, `main.${extension}`), toDialect(program, style, { specifiers }));
    const output = execFileSync(process.execPath, [join(folder, `main.${extension}`)], { encoding: "utf8" });
    expect(JSON.parse(output)).toEqual({ heard: [2, 0], text: "it's 42\n  indented" });
  });
});

function plain({
  quotes,
  semicolons,
  indent,
  trailingCommas,
}: Style): Pick<Style, "quotes" | "semicolons" | "indent" | "trailingCommas"> {
  return { quotes, semicolons, indent, trailingCommas };
}
