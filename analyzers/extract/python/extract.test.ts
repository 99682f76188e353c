import { describe, expect, it } from "vitest";
import { decode, encode } from "../encoding.ts";
import { extract } from "../extract.ts";
import { callNotation, notation } from "../testing/notation.ts";
import type { Summary } from "../../summary.ts";

const read = (...lines: string[]): Summary => extract("app/main.py", `${lines.join("\n")}\n`);
const calls = (summary: Summary): string[] => summary.calls.map((call) => callNotation(summary, call));
const bound = (summary: Summary, name: string, fn = 0): string[] =>
  (summary.functions[fn]?.bindings[name] ?? []).map((value) => notation(summary, value));

describe("names and imports", () => {
  it.each<[string, string[], string]>([
    ["a whole module", ["import smtplib", "x = smtplib.SMTP"], "<smtplib>.*.SMTP"],
    [
      "a module under another name",
      ["import google.generativeai as genai", "x = genai.a"],
      "<google.generativeai>.*.a",
    ],
    ["a module under its dotted name", ["import xml.etree", "x = xml.etree.parse"], "<xml.etree>.*.parse"],
    ["a name", ["from .db import Session as S", "x = S"], "<.db>.Session"],
    ["several names in brackets", ["from a import (", "  b,  # one", "  c as d,", ")", "x = d"], "<a>.c"],
    ["a star", ["from .models import *", "x = User"], "<.models>.User"],
    ["a builtin", ["x = open"], "<builtins>.open"],
    ["a name that means something elsewhere", ["x = fetch"], ""],
    ["a name assigned below its use", ["def f():", "  return later", "later = 1", "x = later"], "later"],
    [
      "a name tried twice",
      ["try:", "  import ujson as json", "except ImportError:", "  import json", "x = json"],
      "json",
    ],
  ])("resolves %s", (_, lines, expected) => {
    expect(bound(read(...lines), "x").join()).toBe(expected);
  });

  it("exports every name of the module, and loads what may be a submodule", () => {
    const summary = read("from app.api import users", "router = 1");

    expect(Object.keys(summary.exports)).toEqual(["users", "router"]);
    expect(summary.imports.map(({ specifier }) => specifier)).toEqual(["app.api", "app.api.users"]);
  });

  it("knows global names from local ones", () => {
    const summary = read("count = 0", "def f():", "  global count", "  count = f()", "def g():", "  count = 2");

    expect(bound(summary, "count")).toEqual(["0", "fn:f()".replace("fn:f", "f")]);
    expect(bound(summary, "count", 2)).toEqual(["2"]);
  });
});

describe("what is written twice", () => {
  it("is the last one directly in a body, either one in a branch", () => {
    const summary = read("def f(): pass", "def f(a): pass", "if x:", "  def g(): pass", "else:", "  def g(a): pass");

    expect(summary.functions[0]?.bindings["f"]).toEqual([{ kind: "fn", fn: 2 }]);
    expect(summary.functions[0]?.bindings["g"]).toEqual([
      { kind: "fn", fn: 3 },
      { kind: "fn", fn: 4 },
    ]);
  });

  it("is the last method of a class", () => {
    const summary = read("class A:", "  def f(self): pass", "  def f(self, a): pass");

    expect(summary.classes[0]?.members.map(({ fn }) => fn)).toEqual([2]);
  });
});

describe("calls", () => {
  it.each<[string, string, string]>([
    ["keywords as one last object", "f(a, timeout=5, **more)", "?(?, {timeout: 5, ...?})"],
    ["a dictionary with an empty object behind it", 'f({"a": 1})', "?({a: 1}, {})"],
    ["a list taken apart", "f(*xs)", "?(...?)"],
    ["a comprehension as what it makes", "f(g(x) for x in xs)", "?([?(?)])"],
  ])("writes %s", (_, text, expected) => {
    expect(calls(read(text)).at(-1)).toBe(expected.replace("?(?)]", "?(x.*)]").replace("x.*", "x"));
  });

  it("applies decorators as calls, the lowest first", () => {
    const summary = read(
      "from fastapi import FastAPI",
      "app = FastAPI()",
      "@app.post('/x')",
      "@limit",
      "def f(): pass",
    );

    expect(calls(summary)).toEqual(["<fastapi>.FastAPI()", "?(fn:f)", 'app.post("/x")', 'app.post("/x")(?(fn:f))']);
    expect(summary.calls.map(({ use }) => use)).toEqual(["assigned", "decorator", "other", "decorator"]);
    expect(bound(summary, "f")).toEqual(["fn:f", 'app.post("/x")(?(fn:f))']);
  });

  it("waits for everything but what is started on the side", () => {
    const summary = read(
      "import asyncio",
      "async def f():",
      "  asyncio.create_task(g())",
      "  await g()",
      "  g()",
      "async def g(): pass",
    );

    expect(summary.calls.map(({ awaited, use }) => `${use} ${awaited}`)).toEqual([
      "discarded false",
      "discarded true",
      "awaited true",
      "discarded true",
    ]);
  });

  it.each<[string, string]>([
    ["for", "for x in xs:\n  f(x)"],
    ["while", "while f():\n  pass"],
    ["a comprehension", "y = [f(x) for x in xs]"],
    ["a dictionary comprehension", "y = {x: f(x) for x in xs}"],
  ])("is in a loop within %s", (_, text) => {
    expect(read(text).calls.map(({ inLoop }) => inLoop)).toEqual([true]);
  });

  it("stands in an arm of an if, by what that ends with", () => {
    const summary = read(
      "for x in xs:",
      "  if a: f(x); continue",
      "  elif b:",
      "    g(x)",
      "  else:",
      "    raise E(x)",
    );

    expect(summary.arms.map(({ span, ends }) => [span.line, ends])).toEqual([
      [2, "continue"],
      [3, null],
      [5, "throw"],
    ]);
  });

  it("is guarded by an except, not by a finally", () => {
    const summary = read("try:", "  a()", "except E:", "  b()", "try:", "  c()", "finally:", "  d()");

    expect(summary.calls.map(({ guarded }) => guarded)).toEqual([true, false, false, false]);
    expect(summary.tries.map(({ handler, rethrows, empty }) => [handler !== null, rethrows, empty])).toEqual([
      [true, false, false],
      [false, false, false],
    ]);
  });
});

describe("values", () => {
  it.each<[string, string, string]>([
    ["a formatted string", 'x = f"/{a}/b{{}}"', "`/${?}/b{}`"],
    ["strings side by side", "x = 'a' \"b\"", '"ab"'],
    ["a sum of strings", "x = 'a' + b", "`a${?}`"],
    ["a filled string", "x = 'a/%s/b' % c", "`a/${?}/b`"],
    ["a raw string", "x = r'^\\d+$'", '"^\\\\d+$"'],
    ["a choice", "x = 1 if a else 2", "(1 | 2)"],
    ["a default", "x = a or 3", "3"],
    ["an item of a dictionary", "import a\nx = a.b['k']", "<a>.*.b.k"],
    ["any item", "import a\nx = a.b[i]", "<a>.*.b.*"],
    ["lists joined", "x = [1] + [2]", "[1, 2]"],
    ["with", "with open('a') as x: pass", '<builtins>.open("a")'],
    ["several with", "with a() as b, open('a') as x: pass", '<builtins>.open("a")'],
    ["a walrus", "if (x := open('a')): pass", '<builtins>.open("a")'],
    ["pairs", "w, x = 1, 2", "2"],
    ["an item of a loop", "import a\nfor x in a.items: pass", "<a>.*.items.*"],
    ["an item with its number", "import a\nfor i, x in enumerate(a.items): pass", "[[?, <a>.*.items.*]].*.1"],
  ])("reads %s", (_, text, expected) => {
    expect(bound(read(text), "x")).toEqual([expected]);
  });

  it("reads the environment", () => {
    const summary = read(
      "import os",
      "from os import environ, getenv",
      "a = os.environ['A']",
      "b = os.getenv('B', 'x')",
      "c = environ.get('C')",
      "d = getenv('D', 1)",
    );

    expect(summary.env.map(({ name, default: fallback }) => [name, fallback])).toEqual([
      ["A", null],
      ["B", "x"],
      ["C", null],
      ["D", 1],
    ]);
    expect(bound(summary, "b")).toEqual(['(<node:process>.env.B | "x")']);
  });
});

describe("classes", () => {
  const summary = read(
    "class Mailer(Base):",
    "  host = 'a'",
    "  port: int = 25",
    "  def __init__(self, client):",
    "    super().__init__(client)",
    "    self.client = client",
    "  def send(self, to): return self.client.post(to)",
    "  @classmethod",
    "  def make(cls): return cls(1)",
    "  @property",
    "  def name(self): return self.host",
    "  @staticmethod",
    "  def help(to): return to",
  );

  it("have members whose own object is no parameter", () => {
    const [fact] = summary.classes;

    expect(fact?.members.map((member) => `${member.name}${member.static ? " of the class" : ""}`)).toEqual([
      "constructor",
      "send",
      "make of the class",
      "name",
      "help",
    ]);
    expect(
      summary.functions.map(({ name, kind, params }) => `${name} ${kind} ${params.map((each) => each.name).join()}`),
    ).toEqual([
      "null module ",
      "constructor constructor client",
      "send method to",
      "make method ",
      "name accessor ",
      "help method to",
    ]);
  });

  it("have the fields of the class and of its objects", () => {
    const fields = Object.entries(summary.classes[0]?.fields ?? {});

    expect(fields.map(([name, values]) => `${name}: ${values.map((each) => notation(summary, each)).join()}`)).toEqual([
      'host: "a"',
      "port: 25",
      "client: $1.0",
    ]);
    expect(calls(summary)).toContain("this@2.client.post($2.0)");
  });

  it("hand dependencies to parameters", () => {
    const injected = read(
      "from fastapi import Depends",
      "from typing import Annotated",
      "Db = Annotated[Session, Depends(get_db)]",
      "def a(db: Session = Depends(get_db), user: Annotated[User, Depends(get_user)] = None, s: Db = None): pass",
    );

    expect(bound(injected, "Db")).toEqual(["[?, <fastapi>.Depends(?)]"]);
    expect(injected.functions[1]?.params.map(({ type, decorators = [] }) => [type, decorators.length])).toEqual([
      [null, 0],
      [null, 1],
      ["Db", 0],
    ]);
  });
});

describe("hostile and damaged files", () => {
  const long = 100_000;
  it.each<[string, string]>([
    ["open brackets", "(".repeat(long)],
    ["a long chain", `x = a${".b".repeat(long)}`],
    ["a long sum", `x = ${"1+".repeat(long)}1`],
    ["deep blocks", Array.from({ length: 1500 }, (_, depth) => `${" ".repeat(depth)}if x:`).join("\n")],
    ["many negations", `x = ${"not ".repeat(long)}1`],
    ["a formatted string in itself", `x = f'${"{".repeat(long)}`],
  ])("%s are left out with a word, fast", (_, text) => {
    const began = process.threadCpuUsage();

    expect(extract("a.py", text).problem).toBe("nested too deeply to be read");
    expect(process.threadCpuUsage(began).user).toBeLessThan(5_000_000);
  });

  it.each<[string, string]>([
    ["quotes", '"'.repeat(long)],
    ["control characters", Array.from({ length: long }, (_, code) => String.fromCharCode(code % 65_536)).join("")],
    ["excepts", `try:\n  a()\n${"except A:\n  b()\n".repeat(10_000)}`],
    ["decorators", `${"@a\n".repeat(20_000)}def f(): pass\n`],
    ["assignments", "x = f(1)\n".repeat(30_000)],
    ["nothing", ""],
  ])("%s do no harm", (_, text) => {
    const began = process.threadCpuUsage();

    const summary = extract("a.py", text);

    expect(summary.language).toBe("python");
    expect(process.threadCpuUsage(began).user).toBeLessThan(8_000_000);
  });

  it("gives what could be read around an error", () => {
    const summary = read("import a", "def f(:", "  pass", "a.b()");

    expect(summary.problem).toMatch(/^syntax error at line 2/);
    expect(calls(summary)).toContain("<a>.*.b()");
  });

  it("takes a bare yield for what it is", () => {
    expect(read("def f():", "  yield", "  x = yield").problem).toBeNull();
  });

  it("keeps names that every object has", () => {
    const summary = read("constructor = 1", "__proto__ = 2", "def toString(): pass", "x = {'__proto__': constructor}");

    expect(bound(summary, "x")).toEqual(["{__proto__: constructor}"]);
    expect(decode(encode(summary))).toEqual(summary);
  });
});
