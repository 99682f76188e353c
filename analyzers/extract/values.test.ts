/** What expressions stand for, and which values names receive. */
import { describe, expect, it } from "vitest";
import { extract } from "./extract.ts";
import { notation } from "./testing/notation.ts";

/** The value of `x` in `const x = <code>`. */
function valueOf(code: string): string {
  const summary = extract("a.ts", `const x = ${code};`);
  const [value] = summary.functions[0]?.bindings["x"] ?? [];
  return value === undefined ? "no value" : notation(summary, value);
}

describe("values", () => {
  it.each([
    ["a", "a"],
    ["a.b.c", "a.b.c"],
    ["a?.b?.c", "a.b.c"],
    ["a['b'].c", "a.b.c"],
    ["a[0]", "a.0"],
    ["a[`b`]", "a.b"],
    ["a[i]", "a.*"],
    ["(a)", "a"],
    ["await a", "a"],
    ["a!", "a"],
    ["a as unknown as B", "a"],
    ["a satisfies B", "a"],
    ["<B>a", "a"],
    ["a<string>", "a"],
    ["await (a!.b as C)", "a.b"],
    ["a ?? b", "(a | b)"],
    ["a || b || c", "(a | b | c)"],
    ["a && b", "b"],
    ["t ? a : b", "(a | b)"],
    ["t ? a : u ? b : c", "(a | b | c)"],
    ["(a, b)", "b"],
    ["(a = b)", "b"],
    ["'s'", '"s"'],
    ["-5", "-5"],
    ["1.5", "1.5"],
    ["true", "true"],
    ["null", "null"],
    ["undefined", "null"],
    ["void 0", "null"],
    ["!a", "?"],
    ["typeof a", "?"],
    ["/r/", "?"],
    ["10n", "?"],
    ["a + b", "(a + b)"],
    ["a * 2", "(a * 2)"],
    ["(a - 1) * b", "((a - 1) * b)"],
    ["a.b | 0", "(a.b | 0)"],
    ["~~a", "(other (other a))"],
    ["+a", "(+ a)"],
    ["-a.b", "(- a.b)"],
    ["+'5'", "?"],
    ["a < b", "?"],
    ["a === b", "?"],
    ["15 * 60 * 1000", "900000"],
    ["(1 + 2) / 4 - 1", "-0.25"],
    ["1 / 0", "?"],
    ["2 ** 3", "?"],
    ["`a${b.c}d`", "`a${b.c}d`"],
    ["`plain`", "`plain`"],
    ["'http://' + host + ':' + port", "`http://${host}:${port}`"],
    ["[a, , ...b, 1]", "[a, ?, ...b, 1]"],
    ["{ a, b: 1, 'c': c, [d]: e, ...f }", "{a: a, b: 1, c: c, *: e, ...f}"],
    ["{ m() {}, async *g() {}, get h() { return 1 }, set h(v) {} }", "{m: fn:m, g: fn:g, h: ?}"],
    ["{ a: { b: [{ c: 1 }] } }", "{a: {b: [{c: 1}]}}"],
    ["{ __proto__: a, constructor: b }", "{__proto__: a, constructor: b}"],
    ["() => {}", "fn:x"],
    ["function named() {}", "fn:named"],
    ["class {}", "class:x"],
    ["class Named {}", "class:Named"],
    ["f(a, 1)", "f(a, 1)"],
    ["f?.(a)", "f(a)"],
    ["new F(a)", "new F(a)"],
    ["new F", "new F()"],
    ["a.b().c(...d)", "a.b().c(...d)"],
    ["await f().then(g)", "f().then(g)"],
    ["tag`a${b}`", "tag(`a${b}`, b)"],
    ["require('m')", "<m>.*"],
    ["require(`m`).y", "<m>.y"],
    ["require('m').y.z", "<m>.y.z"],
    ["require(path)", "require(path)"],
    ["await import('m')", "<m>.*"],
    ["(await import('m')).y", "<m>.y"],
    ["import(path)", "?"],
    ["this", "this@0"],
  ])("%s", (code, expected) => {
    expect(valueOf(code)).toBe(expected);
  });

  it("reads JSX where the file may hold it, and walks what stands in it", () => {
    const summary = extract("a.jsx", "const x = <A b={f()} {...g()}>{h()}<></></A>;");
    expect(summary.jsx).toBe(true);
    expect(summary.calls.map((call) => notation(summary, call.callee))).toEqual(["A", "f", "g", "h"]);
  });

  it("takes components in JSX for calls that are waited for, unless the file is the browser's", () => {
    const code = "/* 😀é */ import * as UI from 'ui'; const Page = () => <UI.Card><List<Item> of={a}/><p/></UI.Card>;";
    const rendered = (text: string) => extract("a.tsx", text).calls.filter(({ use }) => use === "rendered");
    const summary = extract("a.tsx", code);
    expect(summary.calls.map((call) => notation(summary, call.callee))).toEqual(["<ui>.Card", "List"]);
    expect(rendered(code).map(({ awaited, args, fn }) => [awaited, args.length, fn])).toEqual([
      [true, 0, 1],
      [true, 0, 1],
    ]);
    expect(rendered(`"use client"; ${code}`)).toEqual([]);
  });
});

describe("bindings", () => {
  /** The module's bindings in notation. */
  function bindings(code: string, file = "a.ts"): Record<string, string[]> {
    const summary = extract(file, code);
    const [module] = summary.functions;
    return Object.fromEntries(
      Object.entries(module?.bindings ?? {}).map(([name, values]) => [name, values.map((v) => notation(summary, v))]),
    );
  }

  it.each<[code: string, expected: Record<string, string[]>]>([
    ["let a; a = f; a = g;", { a: ["f", "g"] }],
    ["let a = 1; a ??= b; a ||= c; a += 2; a++;", { a: ["1", "b", "c"] }],
    ["const { a, b: c, d: { e }, 'f': g } = s;", { a: ["s.a"], c: ["s.b"], e: ["s.d.e"], g: ["s.f"] }],
    ["const { a = 1, ...rest } = s;", { a: ["s.a", "1"], rest: ["s"] }],
    ["const [a, , b, [c], ...d] = s;", { a: ["s.0"], b: ["s.2"], c: ["s.3.0"], d: ["?"] }],
    ["let a, b; ({ a, b = 2 } = s); [a, b] = t;", { a: ["s.a", "t.0"], b: ["s.b", "2", "t.1"] }],
    ["let a, b; ({ a: b, ...a } = s); [b, ...a] = t;", { a: ["s", "?"], b: ["s.a", "t.0"] }],
    ["for (const a of s) {}", { a: ["s.*"] }],
    ["for (const [k, { v }] of s) {}", { k: ["s.*.0"], v: ["s.*.1.v"] }],
    ["let a; for (a of s) {}", { a: ["s.*"] }],
    ["for (const a in s) {}", { a: ["?"] }],
    ["for (let i = 0; ; ) { var b = i; }", { i: ["0"], b: ["i"] }],
    ["try {} catch (e) {}", { e: ["?"] }],
    ["try {} catch ({ message }) {}", { message: ["?"] }],
    ["if (t) { const a = 1; } else { const a = 2; }", { a: ["1", "2"] }],
    ["switch (t) { case 1: let a = 1; }", { a: ["1"] }],
    ["l: { const a = 1; }", { a: ["1"] }],
    ["function f() {} class C {}", { f: ["fn:f"], C: ["class:C"] }],
    ["const a = function () {}, b = class {};", { a: ["fn:a"], b: ["class:b"] }],
    ["enum E { A = 'x', B = 2, C }", { E: ['{A: "x", B: 2, C: ?}'] }],
    ["namespace N { export const a = 1; }", { N: [], a: ["1"] }],
    ["declare const a: string; declare function f(): void; declare class C {}", { C: [] }],
    ["implicit = f;", { implicit: ["f"] }],
    ["const m = require('m'); const { a, b: c } = require('n');", { m: ["<m>.*"], a: ["<n>.a"], c: ["<n>.b"] }],
    ["const constructor = 1; const __proto__ = 2;", { constructor: ["1"], ["__proto__"]: ["2"] }],
  ])("%s", (code, expected) => {
    expect(bindings(code)).toEqual(expected);
  });
});
