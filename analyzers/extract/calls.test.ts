/** What becomes of calls, and what the code writes, catches and reads from the environment. */
import { describe, expect, it } from "vitest";
import { extract } from "./extract.ts";
import { callNotation, notation } from "./testing/notation.ts";

describe("calls", () => {
  /** `use` and flags of the call of `f`. */
  function fateOf(code: string): string {
    const summary = extract("a.ts", code);
    const call = summary.calls.find(({ callee }) => callee.kind === "name" && callee.name === "f");
    if (call === undefined) return "no call";
    const flags = (["awaited", "inLoop", "guarded", "isNew"] as const).filter((flag) => call[flag]);
    return [call.use, ...flags].join(" ");
  }

  it.each([
    ["f();", "discarded"],
    ["void f();", "discarded"],
    ["f?.();", "discarded"],
    ["new f();", "discarded isNew"],
    ["f`x`;", "discarded"],
    ["a && f();", "discarded"],
    ["a ? f() : 0;", "discarded"],
    ["f(), a;", "discarded"],
    ["const x = f();", "assigned"],
    ["x = f();", "assigned"],
    ["x.y = f() as Z;", "assigned"],
    ["g(f());", "argument"],
    ["g({ a: f() });", "other"],
    ["if (f()) {}", "other"],
    ["f().g();", "other"],
    ["f() + 1;", "other"],
    ["async () => { await f(); }", "awaited awaited"],
    ["async () => { const x = await f(); }", "awaited awaited"],
    ["async () => { const x = (await f()).y; }", "awaited awaited"],
    ["async () => { await (a ?? f()); }", "awaited awaited"],
    ["async () => { for await (const x of f()) {} }", "other"],
    ["() => f();", "returned awaited"],
    ["() => void f();", "discarded"],
    ["() => { return f(); }", "returned awaited"],
    ["() => { return a ? f() : g(); }", "returned awaited"],
    // Chains.
    ["f().then(g);", "chained"],
    ["f().then(g).finally(h);", "chained"],
    ["f().catch(g);", "chained guarded"],
    ["f().then(g, h);", "chained guarded"],
    ["f().then(g).catch(h);", "chained guarded"],
    ["async () => { await f().then(g); }", "awaited awaited"],
    ["async () => { await f().catch(g); }", "awaited awaited guarded"],
    ["() => { return f().then(g).catch(h); }", "returned awaited guarded"],
    ["const x = f().then(g);", "assigned"],
    // Joined promises.
    ["async () => { await Promise.all([f(), g()]); }", "awaited awaited"],
    ["async () => { await Promise.all([g(), ...f()]); }", "awaited awaited"],
    ["async () => { await Promise.allSettled([f()]); }", "awaited awaited guarded"],
    ["() => Promise.race([f(), g()]);", "returned awaited"],
    ["Promise.all([f()]);", "argument"],
    ["async () => { await Promise.all([f()]).catch(g); }", "awaited awaited guarded"],
    ["async () => { await Promise.all(f()); }", "awaited awaited"],
    ["import { firstValueFrom } from 'rxjs'; async () => { await firstValueFrom(f().pipe(g)); }", "other"],
    ["import { lastValueFrom as l } from 'rxjs'; async () => { await l(f()); }", "awaited awaited"],
    ["import { firstValueFrom } from 'rxjs'; firstValueFrom(f());", "argument"],
    // Kept under a name and waited for later.
    ["async () => { const p = f(); g(); await p; }", "assigned awaited"],
    ["async () => { const p = f(); await Promise.all([p, g()]); }", "assigned awaited"],
    ["async () => { const p = f().then(g); await p; }", "assigned awaited"],
    ["async () => { const p = []; for (const x of y) p.push(f(x)); await Promise.all(p); }", "argument awaited inLoop"],
    ["async () => { const p = y.map((x) => f(x)); await Promise.all(p); }", "returned awaited inLoop"],
    ["async () => { const p = []; p.push(...f()); await Promise.all(p); }", "other awaited"],
    ["() => { const p = f(); return p; }", "assigned awaited"],
    ["async () => { const p = f(); await q; }", "assigned"],
    // Loops.
    ["for (const x of y) { f(x); }", "discarded inLoop"],
    ["for (const x of f()) {}", "other"],
    ["for (const x in y) f(x);", "discarded inLoop"],
    ["for (let i = f(); ; ) {}", "assigned"],
    ["for (; f(); ) {}", "other inLoop"],
    ["while (a) f();", "discarded inLoop"],
    ["do { f(); } while (a);", "discarded inLoop"],
    ["async () => { for await (const x of y) await f(x); }", "awaited awaited inLoop"],
    ["y.forEach((x) => { f(x); });", "discarded inLoop"],
    ["y.map(async (x) => { await f(x); });", "awaited awaited inLoop"],
    ["async () => { await Promise.all(y.map((x) => f(x))); }", "returned awaited inLoop"],
    ["y.reduce((a, x) => a + f(x), 0);", "other inLoop"],
    ["y.map(g(() => f()));", "returned awaited"],
    ["for (const x of y) { g(() => { f(x); }); }", "discarded"],
    ["y.forEach((x) => g(() => { f(x); }));", "discarded"],
    // Guards.
    ["try { f(); } catch {}", "discarded guarded"],
    ["try { f(); } finally {}", "discarded"],
    ["try { g(); } catch { f(); }", "discarded"],
    ["try { g(); } catch {} finally { f(); }", "discarded"],
    ["try { try { f(); } finally {} } catch {}", "discarded guarded"],
    ["try { g(() => { f(); }); } catch {}", "discarded"],
    ["() => { try { return f(); } catch {} }", "returned awaited guarded"],
  ])("%s", (code, expected) => {
    expect(fateOf(code)).toBe(expected);
  });

  it("is not fooled by a Promise of the file's own", () => {
    expect(fateOf("import Promise from 'x'; async () => { await Promise.all([f()]); }")).toBe("other");
  });

  it.each<[code: string, expected: string[]]>([
    ["const x = 1, y = f();", ["const x = 1, y = f();"]],
    ["export const x = f();", ["export const x = f();"]],
    ["if (a) { f(); g(); }", ["f();", "g();"]],
    ["if (f()) { g(); }", ["if (f()) { g(); }", "g();"]],
    ["x(() => f());", ["x(() => f());", "x(() => f());"]],
    ["x(() => { f(); });", ["f();", "x(() => { f(); });"]],
    ["return_(\n  f(),\n);", ["return_(\n  f(),\n);", "return_(\n  f(),\n);"]],
    ["class A { a = f(); }", ["a = f();"]],
    ["for (const a of f()) g(a);", ["for (const a of f()) g(a);", "g(a);"]],
    ["export default f();", ["export default f();"]],
  ])("statements of %s", (code, expected) => {
    const { calls } = extract("a.ts", code);
    expect(calls.map(({ statement }) => code.slice(statement.start, statement.end))).toEqual(expected);
  });

  it("leaves plain imports out of the calls", () => {
    const summary = extract("a.js", "const a = require('a'); import('b'); require(c); new require('d');");
    expect(summary.calls.map((call) => callNotation(summary, call))).toEqual(["require(c)", 'new require("d")']);
  });
});

describe("writes", () => {
  function writes(code: string): string[] {
    const summary = extract("a.ts", code);
    return summary.writes.map((write) => {
      const value = write.value === undefined ? "" : ` ${notation(summary, write.value)}`;
      return `${write.fn} ${write.how} ${notation(summary, write.target)}${write.method === null ? "" : `.${write.method}`}${value}`;
    });
  }

  it.each<[code: string, expected: string[]]>([
    ["let n = 0; function f() { n = 1; n++; n += 2; }", ["1 assign n 1", "1 update n", "1 update n"]],
    [
      "const m = new Map(); function f(k) { m.set(k, 1); m.get(k); m.delete(k); }",
      ["1 method m.set", "1 method m.delete"],
    ],
    [
      "const a = []; function f() { a.push(1); a[0] = 2; delete a[0]; }",
      ["1 method a.push", "1 assign a.0 2", "1 delete a.0"],
    ],
    [
      "function f(req) { req.session.user = 1; req.session.list.push(2); }",
      ["1 assign $1.0.session.user 1", "1 method $1.0.session.list.push"],
    ],
    [
      "class A { m() { this.n = 1; this.n++; this.#m.add(2); } }",
      ["1 assign this@1.n 1", "1 update this@1.n", "1 method this@1.#m.add"],
    ],
    ["import { s } from './s'; s.n = 1;", ["0 assign <./s>.s.n 1"]],
    ["globalThis.n = f(a);", ["0 assign globalThis.n f(a)"]],
    ["function f() { const local = []; local.push(1); local.x = 1; let n = 0; n++; }", []],
    ["function f() { const out = []; g.map((x) => { out.push(x); }); }", ["2 method out@1.push"]],
    ["function f() { g().x = 1; [].push(1); }", []],
    ["let a; ({ a, b: c.d } = e);", ["0 assign a e.a", "0 assign c.d e.b"]],
    ["exports.a = 1; module.exports = 2; module.exports.b = 3;", []],
    ["process.env.A = 'x';", ['0 assign process.env.A "x"']],
  ])("%s", (code, expected) => {
    expect(writes(code)).toEqual(expected);
  });
});

describe("changes", () => {
  it.each<[code: string, expected: string[]]>([
    [
      "async function f(id) { const u = await find(id); u.n -= 1; u.name = 'x'; u.n++; }",
      ["update u@1.n (u@1.n - 1)", 'assign u@1.name "x"', "update u@1.n (u@1.n + 1)"],
    ],
    ["function f(user, cost) { user.credits = user.credits - cost; }", ["assign $1.0.credits ($1.0.credits - $1.1)"]],
    ["function f(list) { for (const item of list) item.left -= 2; }", ["update item@1.left (item@1.left - 2)"]],
    ["function f(a) { let sql = 'x'; if (a) sql += ' LIMIT 5'; }", ["update sql@1 `${sql@1} LIMIT 5`"]],
    ["function f() { const out = {}; out.a = 1; const list = []; list[0] = 1; }", ["assign out@1.a 1"]],
  ])("%s", (code, expected) => {
    const summary = extract("a.ts", code);
    const shown = summary.changes.map(
      ({ how, target, value }) =>
        `${how} ${notation(summary, target)} ${notation(summary, value ?? { kind: "unknown" })}`,
    );
    expect(shown).toEqual(expected);
  });
});

describe("arms", () => {
  it.each<[code: string, expected: string[]]>([
    ["if (a) f(); else g();", ["f();", "g();"]],
    ["if (a) { f(); return; } g();", ["{ f(); return; } return"]],
    ["if (a) { f(); if (b) return; else throw e; }", ["{ f(); if (b) return; else throw e; } return"]],
    ["if (a) { b = 1; }", []],
    [
      "switch (a) { case 1: f(); break; case 2: case 3: g(); return; default: h(); }",
      ["f(); break;", "g(); return; return", "h();"],
    ],
    ["for (;;) if (a) { f(); break; }", ["{ f(); break; } break"]],
    ["for (const a of b) if (a) { f(); continue; }", ["{ f(); continue; } continue"]],
  ])("%s", (code, expected) => {
    const { arms } = extract("a.ts", code);
    const shown = arms.map(({ span, ends }) => code.slice(span.start, span.end) + (ends === null ? "" : ` ${ends}`));
    expect(shown).toEqual(expected);
  });
});

describe("tries", () => {
  it.each([
    ["try { f(); } catch (e) { log(e); }", { rethrows: false, empty: false }],
    ["try { f(); } catch {}", { rethrows: false, empty: true }],
    ["try { f(); } catch (e) { if (a) throw e; }", { rethrows: true, empty: false }],
    ["try { f(); } catch (e) { g(() => { throw e; }); }", { rethrows: false, empty: false }],
    ["try { throw 1; } finally { g(); }", { rethrows: false, empty: false, handler: null }],
  ])("%s", (code, expected) => {
    expect(extract("a.ts", code).tries).toMatchObject([{ fn: 0, ...expected }]);
  });
});

describe("environment", () => {
  it.each<[code: string, expected: string[]]>([
    ["process.env.A", ["A"]],
    ["process.env['A']", ["A"]],
    ["process.env?.A!", ["A"]],
    ["process.env.A || 4000", ["A=4000"]],
    ["process.env.A ?? 'x'", ["A=x"]],
    ["process.env.A || process.env.B || 'x'", ["A=x", "B=x"]],
    ["(process.env.A ?? 'a') + (process.env.B ?? 'b')", ["A=a", "B=b"]],
    ["Number(process.env.A ?? 3)", ["A=3"]],
    ["Number(process.env.A) || 3", ["A=3"]],
    ["parseInt(process.env.A, 10) || 3", ["A=3"]],
    ["process.env.A ? Number(process.env.A) : 3", ["A=3", "A=3"]],
    ["process.env.A || f()", ["A"]],
    ["process.env.A === 'x' || true", ["A"]],
    ["const { A, B = 3000, C: c = 'x', ...rest } = process.env;", ["A", "B=3000", "C=x"]],
    ["const { env } = process; env.A", ["A"]],
    ["const e = process.env; function f() { return e.A ?? 1; }", ["A=1"]],
    ["import { env } from 'node:process'; env.A", ["A"]],
    ["import process from 'process'; process.env.A", ["A"]],
    ["import.meta.env.A", ["A"]],
    ["process.env[name]", []],
    ["process.env.A = 'x'; delete process.env.B;", []],
    ["function f(process) { process.env.A; }", []],
    ["const { a = 1 } = body;", []],
  ])("%s", (code, expected) => {
    const { env } = extract("a.ts", code);
    expect(env.map((read) => (read.default === null ? read.name : `${read.name}=${read.default}`))).toEqual(expected);
  });
});

describe("browser", () => {
  it.each([
    ["document.title = 'x';", true],
    ["window.location.href;", true],
    ["typeof window === 'undefined';", false],
    ["function f(document) { document.save(); }", false],
    ["const window = {}; window.x;", false],
    ["a.document;", false],
  ])("%s", (code, expected) => {
    expect(extract("a.ts", code).dom).toBe(expected);
  });
});
