/** Functions, parameters and classes. */
import { describe, expect, it } from "vitest";
import { extract } from "./extract.ts";
import { callNotation, notation } from "./testing/notation.ts";

describe("functions", () => {
  /** `kind name(parameters)` of every function but the module. */
  function functions(code: string): string[] {
    return extract("a.ts", code)
      .functions.slice(1)
      .map((fn) => {
        const params = fn.params.map(
          (param) =>
            `${param.rest ? "..." : ""}${param.name ?? "{}"}${param.optional && !param.rest ? "?" : ""}${param.type === null ? "" : `: ${param.type}`}`,
        );
        const marks = `${fn.async ? "async " : ""}${fn.generator ? "generator " : ""}`;
        return `${fn.parent} ${marks}${fn.kind} ${fn.name ?? "-"}(${params.join(", ")})`;
      });
  }

  it.each<[code: string, expected: string[]]>([
    ["function f(a, b) {}", ["0 declaration f(a, b)"]],
    ["async function* f() {}", ["0 async generator declaration f()"]],
    ["const f = async (a) => a;", ["0 async arrow f(a)"]],
    ["const f = function g() {};", ["0 expression g()"]],
    ["const { f = () => {} } = x;", ["0 arrow -()"]],
    ["a.b.f = function () {}; a['g'] = () => {};", ["0 expression f()", "0 arrow -()"]],
    ["exports.f = () => {}; module.exports = function () {};", ["0 arrow f()", "0 expression exports()"]],
    ["x({ f: () => {}, g() {}, async h() {} });", ["0 arrow f()", "0 method g()", "0 async method h()"]],
    ["x(() => {}, function () {});", ["0 arrow -()", "0 expression -()"]],
    ["export default function f() {}", ["0 declaration f()"]],
    ["app.decorate('f', async () => {}); app.decorate(x, () => {});", ["0 async arrow f()", "0 arrow -()"]],
    ["export default () => {};", ["0 arrow -()"]],
    ["function f() { return () => { function g() {} }; }", ["0 declaration f()", "1 arrow -()", "2 declaration g()"]],
    [
      "function f(req: Request, res: express.Response, next?: () => void) {}",
      ["0 declaration f(req: Request, res: Response, next?)"],
    ],
    [
      "function f(a: string, b: number[], c: A | null, d: A | B, e: 'x', g: Promise<A>) {}",
      ["0 declaration f(a: string, b: Array, c: A, d, e, g: Promise)"],
    ],
    ["function f({ a }: Props, [b] = [], c = 1, ...d: any[]) {}", ["0 declaration f({}: Props, {}?, c?, ...d)"]],
    ["function f(this: A, a) {}", ["0 declaration f(a)"]],
    [
      "const f = (...a) => {}; const g = (/* , ...b */) => {}; const h = a => {};",
      ["0 arrow f(...a)", "0 arrow g()", "0 arrow h(a)"],
    ],
    ["function f(): void; function f(a?) {}", ["0 declaration f(a?)"]],
    [
      "class A { constructor(a) {} m() {} get p() { return 1 } set p(v) {} static s() {} #q() {} f = () => {}; }",
      [
        "0 constructor constructor(a)",
        "1 arrow f()",
        "0 method m()",
        "0 accessor p()",
        "0 accessor p(v)",
        "0 method s()",
        "0 method #q()",
      ],
    ],
    ["abstract class A { abstract m(): void; n(a: string): void; n(a) {} }", ["0 method n(a)"]],
  ])("%s", (code, expected) => {
    expect(functions(code)).toEqual(expected);
  });

  /** The bindings of the first function in notation. */
  it.each<[code: string, expected: Record<string, string[]>]>([
    ["function f({ a, b: { c }, ...d }, [e]) {}", { a: ["$1.0.a"], c: ["$1.0.b.c"], d: ["$1.0"], e: ["$1.1.0"] }],
    ["function f({ a = 1 } = {}) {}", { a: ["$1.0.a", "1"] }],
    ["function f({ a } = { a: 2 }) {}", { a: ["$1.0.a", "{a: 2}.a"] }],
    ["function f(a = 1) { return a; }", { a: ["$1.0", "1"] }],
    ["function f(a) { a = a || {}; return a; }", { a: ["$1.0", "(a@1 | {})"] }],
    ["function f(a) { const b = a; var c = b; return c; }", { b: ["$1.0"], c: ["b@1"] }],
    ["function f(...a) { const [b] = a; }", { b: ["$1.0.0"] }],
    ["function f<T>(...[a, { b }, c]: Args<T>) {}", { a: ["$1.0.0"], c: ["$1.0.2"] }],
    ["const f = (x, ...[a]) => a;", { a: ["$1.1.0"] }],
    ["function f() { const g = () => { h = 1; }; var h; }", { g: ["fn:g"], h: ["1"] }],
  ])("%s", (code, expected) => {
    const summary = extract("a.ts", code);
    const bindings = Object.entries(summary.functions[1]?.bindings ?? {});
    expect(
      Object.fromEntries(bindings.map(([name, values]) => [name, values.map((v) => notation(summary, v))])),
    ).toEqual(expected);
  });

  it.each<[code: string, expected: string[]]>([
    ["function f() { if (a) return b; return c(); }", ["b", "c()"]],
    ["const f = (a) => a.b;", ["$1.0.b"]],
    ["const f = () => ({ a });", ["{a: a}"]],
    ["function f() { return; }", []],
    ["function f() { return () => 1; }", ["fn#2"]],
    ["const f = function g() { return g; }", ["fn:g"]],
  ])("returns of %s", (code, expected) => {
    const summary = extract("a.ts", code);
    expect(summary.functions[1]?.returns.map((value) => notation(summary, value))).toEqual(expected);
  });

  it("finds names declared below, in blocks and around", () => {
    const summary = extract(
      "a.ts",
      "const a = 1; function f(p) { g(a, b, p, q, late); { var b = 1; } function q() {} } const late = 2;",
    );
    expect(summary.calls.map((call) => callNotation(summary, call))).toEqual(["g(a, b@1, $1.0, q@1, late)"]);
  });

  it.each<[code: string, expected: string[]]>([
    ["function f() { 'use server'; g(); }", ["use server"]],
    ['const f = async () => { /* why */ "use server" }', ["use server"]],
    ["function f() { // 'use server'\n g(); }", []],
    ["function f() { 'a'.b(); }", []],
    ["function f() {}", []],
  ])("directives of %s", (code, expected) => {
    expect(extract("a.ts", code).functions[1]?.directives).toEqual(expected);
  });

  it("spans a declaration with its export, and any other function as it stands", () => {
    const code = "export async function f() {}\nexport const g = () => {};\nexport default class { m() {} }";
    const spans = extract("a.ts", code)
      .functions.slice(1)
      .map(({ span }) => code.slice(span.start, span.end));
    expect(spans).toEqual(["export async function f() {}", "() => {}", "m() {}"]);
  });
});

describe("this", () => {
  it.each<[code: string, expected: string]>([
    ["class A { m() { f(this); } }", "this@1"],
    ["class A { m() { g(() => { f(this); }); } }", "this@1"],
    ["class A { m = () => { f(this); } }", "this@1"],
    ["class A { m = f(this); }", "this@1"],
    ["function F() { f(this); }", "this@1"],
    ["const o = { m() { return () => f(this); } };", "this@1"],
    ["f(this);", "this@0"],
  ])("%s", (code, expected) => {
    const summary = extract("a.ts", code);
    const [call] = summary.calls.filter(({ callee }) => notation(summary, callee) === "f");
    expect(call?.args.map((arg) => notation(summary, arg))).toEqual([expected]);
  });

  it("knows the class of the function it belongs to, also in a field", () => {
    const summary = extract("a.ts", "class A { m = () => this.x; }");
    const owner = summary.functions.findIndex(({ kind }) => kind === "constructor");
    expect(summary.functions[owner]?.class).toBe(0);
    expect(summary.functions.find(({ kind }) => kind === "arrow")?.returns).toEqual([
      { kind: "member", object: { kind: "this", fn: owner }, property: "x" },
    ]);
  });
});

describe("classes", () => {
  function classOf(code: string): Record<string, unknown> {
    const summary = extract("a.ts", code);
    const [fact] = summary.classes;
    if (fact === undefined) return {};
    const values = (record: Record<string, (typeof summary.functions)[number]["returns"]>): Record<string, string[]> =>
      Object.fromEntries(Object.entries(record).map(([name, list]) => [name, list.map((v) => notation(summary, v))]));
    return {
      name: fact.name,
      extends: fact.extends === null ? null : notation(summary, fact.extends),
      members: fact.members.map((member) => (member.static ? `static ${member.name}` : member.name)),
      fields: values(fact.fields),
      types: { ...fact.fieldTypes },
    };
  }

  it.each<[code: string, expected: Record<string, unknown>]>([
    ["class A {}", { name: "A", extends: null, members: [] }],
    ["const A = class {};", { name: "A" }],
    ["export default class extends B {}", { name: null, extends: "B" }],
    ["class A<T extends X> extends b.B<T> implements C {}", { extends: "b.B" }],
    ["class A /* extends X */ extends /* y */ B {}", { extends: "B" }],
    ["import { B } from 'm'; class A extends B {}", { extends: "<m>.B" }],
    ["class A extends mixin(B, 1) {}", { extends: "mixin(B, 1)" }],
    [
      "class A { constructor(private readonly a: Mailer, b: B, public c = new C(), @Inject() protected d: D) {} }",
      {
        members: ["constructor"],
        fields: { a: ["$1.0"], c: ["$1.2", "new C()"], d: ["$1.3"] },
        types: { a: "Mailer", d: "D" },
      },
    ],
    [
      "class A { a = 1; b: B; static c = f(); #d: D = g; }",
      {
        members: ["constructor"],
        fields: { a: ["1"], c: ["f()"], "#d": ["g"] },
        types: { b: "B", "#d": "D" },
      },
    ],
    [
      "class A { constructor(x) { this.a = x; } m() { this.a = 1; const f = () => { this.b = 2; }; } }",
      {
        members: ["constructor", "m"],
        fields: { a: ["$1.0", "1"], b: ["2"] },
      },
    ],
    [
      "class A { static m() {} f = () => {}; get g() { return 1; } }",
      { members: ["constructor", "f", "static m", "g"] },
    ],
    ["class A { declare a: B; abstract; 'quoted'() {} [computed]() {} 1() {} }", { members: ["quoted", "*", "1"] }],
  ])("%s", (code, expected) => {
    expect(classOf(code)).toMatchObject(expected);
  });

  it("runs field initialisers in the constructor, with the names around the class", () => {
    const summary = extract("a.ts", "const c = 1; class A { a = f(c); static b = g(); constructor(c) { h(c); } }");
    expect(summary.calls.map((call) => `${call.fn} ${callNotation(summary, call)}`)).toEqual([
      "1 h($1.0)",
      "1 f(c)",
      "0 g()",
    ]);
  });

  it("gives a class with initialisers an implicit constructor that spans it", () => {
    const summary = extract("a.ts", "class A { a = f(); }");
    expect(summary.classes[0]?.members).toEqual([{ name: "constructor", fn: 1, static: false, decorators: [] }]);
    expect(summary.functions[1]).toMatchObject({ kind: "constructor", class: 0, span: summary.classes[0]?.span });
    expect(summary.calls[0]?.fn).toBe(1);
  });

  it("calls the superclass", () => {
    const summary = extract("a.ts", "class A extends B { constructor(a) { super(a); super.m(); } }");
    expect(summary.calls.map((call) => callNotation(summary, call))).toEqual(["new B($1.0)", "B.m()"]);
  });

  it("notes decorators as calls where they stand", () => {
    const code =
      "@Controller('/a') class A { @Get() @Auth m(@Body() a, b) {} @Column() c: string; constructor(@Inject(X) d) {} }";
    const summary = extract("a.ts", code);
    const [fact] = summary.classes;
    const calls = (ids: readonly number[] = []): string[] =>
      ids.map((id) => {
        const call = summary.calls[id];
        return call === undefined ? "no such call" : callNotation(summary, call);
      });
    const method = fact?.members.find(({ name }) => name === "m");
    const params = (name: string): string[][] =>
      (summary.functions.find((fn) => fn.name === name)?.params ?? []).map(({ decorators }) => calls(decorators));
    expect(calls(fact?.decorators)).toEqual(['Controller("/a")']);
    expect(calls(method?.decorators)).toEqual(["Get()", "Auth()"]);
    expect(params("m")).toEqual([["Body()"], []]);
    expect(params("constructor")).toEqual([["Inject(X)"]]);
    expect(calls(fact?.fieldDecorators?.["c"])).toEqual(["Column()"]);
  });
});
