/** Where values come from: through names, properties, calls, callbacks and parameters. */
import { describe, expect, it } from "vitest";
import { modelFrom } from "../link/testing/model-from.ts";
import type { Model } from "../model.ts";
import { answeredSources } from "./answers.ts";
import { sourcesOf } from "./sources.ts";
import type { Source } from "./walk.ts";

/** `call load.*.id`, `request.query.limit`, `"x"`; `=` in front of what was computed, `~` of what is in a text. */
function sourceNotation({ repo }: Model, source: Source): string {
  const mark = source.inText ? "~" : source.computed ? "=" : "";
  const path = source.path.map((part) => `.${part}`).join("");
  if (source.kind === "literal") return mark + JSON.stringify(source.value);
  if (source.kind !== "call") return `${mark}${source.kind}${path}`;
  const text = (repo.read(source.call.file) ?? "").slice(source.call.span.start, source.call.span.end);
  return `${mark}${/^(?:new )?[\w.]*?(\w+)\(/.exec(text)?.[1] ?? text}()${path}`;
}

/** The origins of the first argument of the only call of `sink`. */
function sources(code: string, more: Record<string, string> = {}): string[] {
  const model = modelFrom({ "app.ts": code, ...more });
  const [file, index] = sinkIn(model);
  const value = model.summary(file)?.calls[index]?.args[0] ?? { kind: "unknown" };
  const found = sourcesOf(model, { file, value, frame: null }).map((source) => sourceNotation(model, source));
  return [...new Set(found)].toSorted();
}

function sinkIn(model: Model): [file: string, index: number] {
  for (const file of model.repo.files) {
    const calls = model.summary(file)?.calls ?? [];
    const index = calls.findIndex(({ callee }) => callee.kind === "name" && callee.name === "sink");
    if (index >= 0) return [file, index];
  }
  throw new Error("no call of sink");
}

const load = 'import { load } from "db";\n';

describe("sourcesOf", () => {
  it.each<[name: string, code: string, expected: string[]]>([
    ["a literal", "sink(5);", ["5"]],
    ["a name", `${load}const a = load(); sink(a);`, ["load()"]],
    ["several values", `${load}let a = 1; if (b) a = load(); sink(a);`, ["1", "load()"]],
    [
      "a default",
      "function f(req) { const n = Number(req.query.limit) || 10; sink(n); }",
      ["10", "request.query.limit"],
    ],
    [
      "destructuring",
      "function f(req) { const { page, limit = 5 } = req.query; sink(limit); }",
      ["5", "request.query.limit"],
    ],
    [
      "what Hono's request is asked for",
      'import { Hono } from "hono";\nnew Hono().get("/", (c) => { const { limit } = c.req.valid("query"); sink([limit, c.req.query("page"), c.req.param().id, c.req.parseBody().file]); });',
      ["request.body.file", "request.params.id", "request.query.limit", "request.query.page"],
    ],
    ["arithmetic", "function f(req) { sink((req.query.page - 1) * 10); }", ["=10", "=1", "=request.query.page"]],
    ["a text", "function f(req) { sink(`%${req.query.q}%`); }", ["~request.query.q"]],
    ["an entry of an object", `${load}const o = { a: load(), b: 1 }; sink(o.a);`, ["load()"]],
    ["all of an object", `${load}sink({ where: { id: load().id } });`, ["load().id"]],
    [
      "what an object is filled with",
      `${load}function f() { const o = { a: 1 }; o.rows = load(); o.meta.n = 2; sink({ n: o.meta.n, rows: o.rows }); }`,
      ["2", "load()"],
    ],
    [
      "one entry that an object is filled with",
      `${load}function f() { const o = {}; o.rows = load(); o.other = 1; sink(o.rows); }`,
      ["load()"],
    ],
    [
      "what is sorted into lists of an object",
      `${load}function f() { const o = { n: 2 }; for (const row of load()) o.rows.push(row); sink([o.rows, o.n]); }`,
      ["2", "load().*"],
    ],
    [
      "what is copied under its own name",
      "function pick(from, keys) { const to = {}; for (const key of keys) to[key] = from[key]; return to; }\nfunction f(req) { sink(pick(req.query, ['page', 'limit']).limit); }",
      ["request.query.limit"],
    ],
    ["a spread", `${load}const o = { ...load(), b: 1 }; sink(o.a);`, ["load().a"]],
    ["an item of a list", `${load}for (const row of await load()) sink(row.id);`, ["load().*.id"]],
    ["a callback's item", `${load}load().map((row) => sink(row.id));`, ["load().*.id"]],
    ["an item by its number", `${load}const [first] = await load(); sink(first.id);`, ["load().0.id"]],
    [
      "an item by a counter",
      `${load}const rows = load(); for (let i = 0; i < 3; i++) sink(rows[i].id);`,
      ["load().*.id"],
    ],
    ["what find gives", `${load}sink(load().find((row) => row.ok).id);`, ["load().0.id"]],
    ["the same list", `${load}sink(load().filter(ok).slice(1).sort(by));`, ["load()"]],
    [
      "items of what map makes",
      `${load}const ids = load().map((row) => ({ id: row.key })); for (const each of ids) sink(each.id);`,
      ["load().*.key"],
    ],
    ["a length", `${load}sink(load().length);`, ["load().length"]],
    ["a sum", `${load}sink(load().reduce((a, b) => a + b.n, 0));`, ["=load().*"]],
    ["what was pushed", `${load}const out = []; for (const row of load()) out.push(row); sink(out);`, ["load().*"]],
    ["Promise.all", `${load}const [a, b] = await Promise.all([load("a"), load("b")]); sink(b.x);`, ["load().x"]],
    ["Promise.race", `${load}sink((await Promise.race([load(), later()])).x);`, ["later().x", "load().x"]],
    ["then", `${load}load().then((rows) => sink(rows));`, ["load()"]],
    ["a node callback", `${load}load("x", (error, rows) => sink(rows));`, ["load()"]],
    ["a promise of its own", `${load}const p = new Promise((resolve) => resolve(load())); sink(await p);`, ["load()"]],
    [
      "a function's result",
      `${load}async function find(id) { const row = await load(id); return row.name; } sink(await find(1));`,
      ["load().name"],
    ],
    ["a parameter, from all callers", `${load}function f(x) { sink(x); } f(load()); f(2);`, ["2", "load()"]],
    [
      "an options object",
      "function list({ limit }) { sink(limit); } function handler(req) { list({ limit: req.query.limit }); }",
      ["request.query.limit"],
    ],
    [
      "a wrapper around a callback",
      `${load}async function retry(run) { const p = run(); return await p; } sink(await retry(async () => load()));`,
      ["load()"],
    ],
    ["a field", `${load}class A { constructor() { this.rows = load(); } f() { sink(this.rows); } }`, ["load()"]],
    ["a transaction", `${load}sink(await load.transaction(async (tx) => { return load(); }));`, ["load()"]],
    [
      "JSON of a request",
      "async function POST(request) { const body = await request.json(); sink(body.name); }",
      ["request.name"],
    ],
    [
      "zod",
      'import { z } from "zod"; const s = z.object({}); function f(req) { sink(s.parse(req.body).id); }',
      ["request.body.id"],
    ],
    ["an import", 'import { MAX } from "./max"; sink(MAX);', ["constant"]],
    ["a cycle", "let a = b; let b = a; sink(a);", []],
    ["nothing known", "sink(document);", ["unknown"]],
  ])("%s", (_, code, expected) => {
    expect(sources(code)).toEqual(expected.toSorted());
  });

  it("follows calls into other files", () => {
    const more = { "users.ts": `${load}export async function getUser(id) { return (await load(id)).rows[0]; }` };
    expect(sources('import { getUser } from "./users"; sink((await getUser(1)).credits - 5);', more)).toEqual([
      "=5",
      "=load().rows.0.credits",
    ]);
  });
});

describe("answeredSources", () => {
  const app = 'import express from "express"; import { load } from "db"; const app = express();';

  it.each<[name: string, code: string, expected: string[]]>([
    ["res.json", "app.get('/', async (req, res) => { res.json(await load()); });", ["load()"]],
    [
      "a part of an object",
      "app.get('/', async (req, res) => { const rows = await load(); res.status(200).json({ rows, n: rows.length }); });",
      ["load()", "load().length"],
    ],
    ["res.render", "app.get('/', async (req, res) => { res.render('x', { rows: await load() }); });", ["load()"]],
    [
      "a helper that answers",
      "function ok(res, data) { return res.json({ data }); } app.get('/', async (req, res) => { ok(res, await load()); });",
      ["load()"],
    ],
    [
      "a response object of the app's own",
      "class Ok { constructor(data) { this.data = data; } send(res) { res.json(this.data); } } app.get('/', async (req, res) => new Ok(await load()).send(res));",
      ["load()"],
    ],
    ["nothing but a log", "app.get('/', async (req, res) => { console.log(await load()); res.end(); });", []],
  ])("%s", (_, code, expected) => {
    const model = modelFrom({ "app.ts": `${app}\n${code}` });
    const found = answeredSources(model).filter(({ kind }) => kind === "call");
    expect([...new Set(found.map((source) => sourceNotation(model, source)))].toSorted()).toEqual(expected);
  });
});
