import { describe, expect, it } from "vitest";
import { modelFrom, waysTo } from "./testing/model-from.ts";

const APP = `import express from "express"; import Stripe from "stripe"; import { Resend } from "resend"; const app = express(); const stripe = new Stripe("k"); const mail = new Resend("k");`;
const SINK = "resend:Resend().emails.send";

type Case = [name: string, code: string, ways: string[]];

/** The ways from `POST /p` to the mail, without the api at their end. */
function ways(code: string, files: Record<string, string> = {}): string[] {
  const model = modelFrom({ "app.ts": `${APP}\n${code}`, ...files });
  return waysTo(model, SINK).map((way) => way.replace(` > ${SINK}`, "").replace("POST /p: ", ""));
}

describe("reach", () => {
  it.each<Case>([
    ["a handler itself", `app.post("/p", async function pay() { await mail.emails.send({}); });`, ["pay"]],
    [
      "functions",
      `async function c() { await mail.emails.send({}); } async function b() { await c(); } app.post("/p", async function pay() { await b(); });`,
      ["pay > b > c"],
    ],
    [
      "the shortest way",
      `async function c() { await mail.emails.send({}); } async function b() { await c(); } app.post("/p", async function pay() { await b(); await c(); });`,
      ["pay > c"],
    ],
    [
      "methods",
      `class A { async go() { await this.send(); } async send() { await mail.emails.send({}); } } const a = new A(); app.post("/p", async function pay() { await a.go(); });`,
      ["pay > A.go > A.send"],
    ],
    [
      "an overriding method",
      `class B { async go() { await this.send(); } async send() {} } class A extends B { async send() { await mail.emails.send({}); } } app.post("/p", async function pay() { await new A().go(); });`,
      ["pay > B.go > A.send"],
    ],
    [
      "a constructor",
      `class A { constructor() { this.done = mail.emails.send({}); } } app.post("/p", async function pay() { await new A().done; });`,
      ["pay > A.constructor"],
    ],
    [
      "an injected service",
      `class A { async send() { await mail.emails.send({}); } } class C { constructor(private a: A) {} pay = async () => { await this.a.send(); } } app.post("/p", new C(new A()).pay);`,
      ["C.pay > A.send"],
    ],
    [
      "an injected service by its type",
      `export class A { async send() { await mail.emails.send({}); } } export class C { constructor(private a: A) {} async pay() { await this.a.send(); } } import { container } from "tsyringe"; app.post("/p", container.resolve(C).pay);`,
      ["C.pay > A.send"],
    ],
    [
      "map and Promise.all",
      `app.post("/p", async function pay(req) { await Promise.all(req.body.map(async (to) => mail.emails.send({ to }))); });`,
      ["pay > (callback)"],
    ],
    [
      "then",
      `app.post("/p", function pay(req, res) { return stripe.charges.create({}).then(() => mail.emails.send({})); });`,
      ["pay > (callback)"],
    ],
    [
      "a named callback",
      `const each = async (to) => { await mail.emails.send({ to }); }; app.post("/p", async function pay(req) { await Promise.all(req.body.map(each)); });`,
      ["pay > each"],
    ],
    [
      "a transaction",
      `import { drizzle } from "drizzle-orm/node-postgres"; const db = drizzle(); app.post("/p", async function pay() { await db.transaction(async () => { await mail.emails.send({}); }); });`,
      ["pay > (callback)"],
    ],
    [
      "a new Promise",
      `app.post("/p", async function pay() { await new Promise(async (resolve) => { await mail.emails.send({}); resolve(1); }); });`,
      ["pay > (callback)"],
    ],
    [
      "an own higher-order function",
      `const retry = async (fn) => { for (;;) { try { return await fn(); } catch {} } }; app.post("/p", async function pay() { await retry(() => mail.emails.send({})); });`,
      ["pay > (callback)"],
    ],
    [
      "a function handed through two",
      `const once = (fn) => fn(); const retry = (fn) => once(fn); app.post("/p", async function pay() { await retry(() => mail.emails.send({})); });`,
      ["pay > (callback)"],
    ],
    [
      "a wrapped service",
      `const retrying = (fn) => async (...args) => fn(...args); const send = retrying(async function deliver() { await mail.emails.send({}); }); app.post("/p", async function pay() { await send(); });`,
      ["pay > deliver"],
    ],
    [
      "middleware",
      `async function auth() { await mail.emails.send({}); } app.use(auth); app.post("/p", function pay() {});`,
      ["auth"],
    ],
    [
      "an own wrapper of handlers",
      `const wrap = (fn) => (req, res, next) => fn(req, res, next).catch(next); app.post("/p", wrap(async function pay() { await mail.emails.send({}); }));`,
      ["pay"],
    ],
    [
      "what a factory of middleware is given",
      `const owns = (find) => async (req, res, next) => { await find(req); next(); }; app.post("/p", owns(async function byMail() { await mail.emails.send({}); }), () => {});`,
      ["byMail"],
    ],
    [
      "an emitter",
      `import { EventEmitter } from "node:events"; const bus = new EventEmitter(); bus.on("paid", async function onPaid() { await mail.emails.send({}); }); app.post("/p", function pay() { bus.emit("paid"); });`,
      ["event paid: onPaid", "detached pay > onPaid"],
    ],
    ["nothing", `export async function unused() { await mail.emails.send({}); } app.post("/p", () => {});`, []],
    [
      "another event",
      `import { EventEmitter } from "node:events"; const bus = new EventEmitter(); bus.on("paid", async function onPaid() { await mail.emails.send({}); }); app.post("/p", function pay() { bus.emit("other"); });`,
      ["event paid: onPaid"],
    ],
    [
      "recursion",
      `async function a(n) { if (n) await b(n - 1); await mail.emails.send({}); } async function b(n) { await a(n); } app.post("/p", async function pay() { await b(3); });`,
      ["pay > b > a"],
    ],
  ])("through %s", (_, code, expected) => {
    expect(ways(code).toSorted()).toEqual(expected.toSorted());
  });

  it.each<Case>([
    [
      "an awaited call",
      `async function send() { await mail.emails.send({}); } app.post("/p", async function pay() { await send(); });`,
      ["pay > send"],
    ],
    [
      "a returned call",
      `const send = () => mail.emails.send({}); app.post("/p", async function pay() { return send(); });`,
      ["pay > send"],
    ],
    [
      "a call that is kept and awaited",
      `const send = () => mail.emails.send({}); app.post("/p", async function pay() { const sent = send(); await sent; });`,
      ["pay > send"],
    ],
    [
      "a function that only works",
      `function log() { mail.emails.send({}).then(() => {}); } app.post("/p", function pay() { log(); });`,
      ["detached pay > log"],
    ],
    [
      "a sink that nobody awaits",
      `app.post("/p", function pay(req, res) { mail.emails.send({}); res.end(); });`,
      ["detached pay"],
    ],
    [
      "a sink whose callback answers",
      `import nodemailer from "nodemailer"; app.post("/p", function pay(req, res) { mail.emails.send({}, () => res.json({})); });`,
      ["pay"],
    ],
    [
      "a sink whose callback does not",
      `app.post("/p", function pay(req, res) { mail.emails.send({}, (e) => { console.log(e); }); res.end(); });`,
      ["detached pay"],
    ],
    [
      "a function that nobody awaits",
      `async function send() { await mail.emails.send({}); } app.post("/p", function pay(req, res) { send(); res.end(); });`,
      ["detached pay > send"],
    ],
    [
      "void",
      `async function send() { await mail.emails.send({}); } app.post("/p", async function pay() { void send(); });`,
      ["detached pay > send"],
    ],
    [
      "a catch that nobody awaits",
      `async function send() { await mail.emails.send({}); } app.post("/p", async function pay() { send().catch(console.error); });`,
      ["detached pay > send"],
    ],
    [
      "a then that nobody awaits",
      `app.post("/p", async function pay(req, res) { stripe.charges.create({}).then(() => mail.emails.send({})); res.end(); });`,
      ["detached pay > (callback)"],
    ],
    [
      "a then whose function answers",
      `app.post("/p", function pay(req, res) { stripe.charges.create({}).then(async () => { await mail.emails.send({}); res.json({}); }); });`,
      ["pay > (callback)"],
    ],
    [
      "an awaited then",
      `app.post("/p", async function pay() { await stripe.charges.create({}).then(() => mail.emails.send({})); });`,
      ["pay > (callback)"],
    ],
    [
      "setImmediate",
      `app.post("/p", async function pay() { setImmediate(async () => { await mail.emails.send({}); }); });`,
      ["detached pay > (callback)"],
    ],
    [
      "setTimeout of a function",
      `async function send() { await mail.emails.send({}); } app.post("/p", async function pay() { setTimeout(send, 10); });`,
      ["detached pay > send"],
    ],
    [
      "forEach",
      `app.post("/p", async function pay(req) { req.body.forEach(async (to) => { await mail.emails.send({ to }); }); });`,
      ["detached pay > (callback)"],
    ],
    [
      "an own function that defers",
      `const later = (fn) => setTimeout(() => fn(), 1); app.post("/p", async function pay() { later(async () => { await mail.emails.send({}); }); });`,
      ["detached pay > (callback)"],
    ],
    [
      "an own function that does not wait",
      `const run = (fn) => { fn(); }; app.post("/p", async function pay() { await run(async () => { await mail.emails.send({}); }); });`,
      ["detached pay > (callback)"],
    ],
    [
      "a waiting way beside one that is not",
      `async function send() { await mail.emails.send({}); } async function b() { await send(); } app.post("/p", async function pay() { void send(); await b(); });`,
      ["pay > b > send"],
    ],
    [
      "an immediate function",
      `app.post("/p", function pay() { (async () => { await mail.emails.send({}); })(); });`,
      ["detached pay > (callback)"],
    ],
  ])("waits or not: %s", (_, code, expected) => {
    expect(ways(code)).toEqual(expected);
  });

  it.each<[string, string, string[]]>([
    [
      "a Fastify reply in a callback",
      `app.post("/p", (request, reply) => { mail.emails.send({}).then(() => { reply.code(200).send({}); }); });`,
      ["POST /p"],
    ],
    [
      "a callback that reads the request only",
      `app.post("/p", (request, reply) => { mail.emails.send({}).then(() => { request.text(); }); return {}; });`,
      ["detached POST /p"],
    ],
    [
      "a Koa answer that is assigned",
      `app.post("/p", (ctx) => { mail.emails.send({}).then(() => { ctx.body = 1; }); });`,
      ["POST /p"],
    ],
    [
      "a Koa state that is assigned",
      `app.post("/p", (ctx) => { mail.emails.send({}).then(() => { ctx.state.sent = 1; }); });`,
      ["detached POST /p"],
    ],
    [
      "a body that is read",
      `app.post("/p", (c) => { mail.emails.send({}).then(() => c.req.json()); return c.text(""); });`,
      ["detached POST /p"],
    ],
    [
      "a promise under a name that only gets a catch",
      `async function work() { await mail.emails.send({}); } app.post("/p", (c) => { const sent = work(); sent.catch(log); return c.json({}); });`,
      ["detached POST /p"],
    ],
    [
      "a promise under a name that is joined later",
      `async function work() { await mail.emails.send({}); } app.post("/p", async (c) => { const sent = work(); sent.catch(log); await Promise.all([sent]); return c.json({}); });`,
      ["POST /p"],
    ],
    ["a returned promise", `app.post("/p", (c) => mail.emails.send({}).then(() => c.json({})));`, ["POST /p"]],
    [
      "waitUntil",
      `app.post("/p", (c) => { c.executionCtx.waitUntil(mail.emails.send({})); return c.json({}); });`,
      ["detached POST /p"],
    ],
    [
      "waitUntil of several",
      `app.post("/p", (c) => { c.executionCtx.waitUntil(Promise.all([mail.emails.send({})]).catch(log)); return c.json({}); });`,
      ["detached POST /p"],
    ],
    [
      "waitUntil of a function's work",
      `const work = async () => { await mail.emails.send({}); }; app.post("/p", (c) => { c.executionCtx.waitUntil(work()); return c.json({}); });`,
      ["detached POST /p"],
    ],
    [
      "waitUntil of an immediate function",
      `app.post("/p", (c) => { c.executionCtx.waitUntil((async () => { await mail.emails.send({}); })()); return c.json({}); });`,
      ["detached POST /p"],
    ],
  ])("knows how other frameworks answer: %s", (_, code, expected) => {
    const model = modelFrom({ "app.ts": `${APP} ${code}` });
    expect(waysTo(model, SINK).map((way) => way.replace(/:.*/, ""))).toEqual(expected);
  });

  it("tells wrapped handlers apart", () => {
    const model = modelFrom({
      "app.ts": `${APP} const wrap = (fn) => (req, res, next) => Promise.resolve(fn(req, res, next)).catch(next);
        app.post("/a", wrap(async function a() { await mail.emails.send({}); })); app.post("/b", wrap(async function b() {}));`,
    });
    expect(waysTo(model, SINK)).toEqual([`POST /a: a > ${SINK}`]);
  });

  it("tells the callers of a function with a callback apart", () => {
    const model = modelFrom({
      "app.ts": `${APP} const timed = async (fn) => { const x = await fn(); return x; };
        app.post("/a", async function a() { await timed(() => mail.emails.send({})); }); app.post("/b", async function b() { await timed(() => 1); });`,
    });
    expect(waysTo(model, SINK)).toEqual([`POST /a: a > (callback) > ${SINK}`]);
  });

  it("tells the functions of a wrapper with two signatures apart", () => {
    const model = modelFrom({
      "app.ts": `${APP} function cached(nameOrFn, fnOrTime) { const fn = typeof nameOrFn === "function" ? nameOrFn : typeof fnOrTime === "function" ? fnOrTime : null; const run = async (...args) => { const x = await fn(...args); return x; }; return run; }
        const sending = cached("a", async () => { await mail.emails.send({}); }); const other = cached(async () => 1);
        app.post("/a", async function a() { await sending(); }); app.post("/b", async function b() { await other(); });`,
    });
    expect(waysTo(model, SINK)).toEqual([`POST /a: a > (callback) > ${SINK}`]);
  });

  it("names each step with its place, and the calls walked", () => {
    const model = modelFrom({
      "app.ts": `${APP}\nimport { send } from "./send";\napp.post("/p", async function pay() {\n  await send();\n});`,
      "send.ts": `import { Resend } from "resend";\nconst mail = new Resend("k");\nexport async function send() {\n  await mail.emails.send({});\n}`,
    });
    const [use] = model.usesOf(SINK);
    const [way] = use === undefined ? [] : model.reach(use.call);
    expect(way?.path).toEqual([
      { file: "app.ts", line: 3, label: "pay", fn: "app.ts#1" },
      { file: "app.ts", line: 4, label: "send", fn: "send.ts#1" },
      { file: "send.ts", line: 4, label: SINK, fn: "send.ts#1" },
    ]);
    expect(way?.calls.map(({ file, line }) => `${file}:${line}`)).toEqual(["app.ts:4", "send.ts:4"]);
    expect(way?.entry).toMatchObject({ kind: "route", label: "POST /p" });
    expect(way?.certainty).toBe("proven");
  });

  it("goes through imports from the process's start", () => {
    const model = modelFrom({
      "app.js": `require("./warm");`,
      "warm.js": `const { Resend } = require("resend"); new Resend("k").emails.send({});`,
    });
    expect(waysTo(model, SINK)).toEqual([`detached node app.js: app.js > warm.js > ${SINK}`]);
  });
});

describe("entries", () => {
  it.each<[string, string, string]>([
    [
      "node-cron",
      `import cron from "node-cron"; cron.schedule("0 3 * * *", async function job() {});`,
      "schedule cron 0 3 * * *",
    ],
    ["cron", `import { CronJob } from "cron"; new CronJob("0 4 * * *", function job() {});`, "schedule cron 0 4 * * *"],
    [
      "croner",
      `import { Cron } from "croner"; new Cron("5 * * * *", { protect: true }, function job() {});`,
      "schedule cron 5 * * * *",
    ],
    [
      "node-schedule",
      `import schedule from "node-schedule"; schedule.scheduleJob("1 * * * *", function job() {});`,
      "schedule cron 1 * * * *",
    ],
    ["setInterval", `setInterval(function job() {}, 60_000);`, "schedule every 60000 ms"],
    [
      "setInterval in a start function",
      `function begin() { setInterval(function job() {}, 500); } app.listen(1, () => begin());`,
      "schedule every 500 ms",
    ],
    ["setInterval in a request", `app.get("/p", () => { setInterval(function job() {}, 500); });`, ""],
    [
      "a bullmq worker",
      `import { Worker } from "bullmq"; new Worker("mail", async function job() {});`,
      "worker-job job mail",
    ],
    [
      "bullmq workers made by one helper, whose call stands for all of them",
      `import { Worker } from "bullmq"; const work = (queue, run) => new Worker(queue, run); work("mail", async function job() {}); work("sms", async function other() {});`,
      "worker-job job",
    ],
    [
      "a bull queue",
      `import Queue from "bull"; const q = new Queue("mail"); q.process("send", async function job() {});`,
      "worker-job job send",
    ],
    [
      "pg-boss",
      `import PgBoss from "pg-boss"; const boss = new PgBoss("x"); await boss.work("mail", async function job() {});`,
      "worker-job job mail",
    ],
    [
      "agenda",
      `import { Agenda } from "agenda"; const agenda = new Agenda(); agenda.define("mail", async function job() {});`,
      "worker-job job mail",
    ],
    [
      "socket.io",
      `import { Server } from "socket.io"; const io = new Server(); io.on("connection", function job() {});`,
      "socket socket connection",
    ],
    [
      "a socket",
      `import { Server } from "socket.io"; const io = new Server(); io.on("connection", (socket) => { socket.on("chat", function job() {}); });`,
      "socket socket chat",
    ],
    [
      "ws",
      `import { WebSocketServer } from "ws"; const wss = new WebSocketServer({}); wss.on("connection", function job() {});`,
      "socket socket connection",
    ],
    [
      "an emitter",
      `import EventEmitter from "events"; class Bus extends EventEmitter {} const bus = new Bus(); bus.on("paid", function job() {});`,
      "event event paid",
    ],
    ["process.on", `process.on("SIGTERM", function job() {});`, "process process.on SIGTERM"],
    ["listen", `app.listen(3000, function job() {});`, "process listen"],
  ])("%s", (_, code, expected) => {
    const model = modelFrom({ "app.ts": `${APP}\n${code}` });
    const entries = model.entries.filter((entry) => model.fn(entry.fn)?.name === "job");
    expect(entries.map(({ kind, label }) => `${kind} ${label}`).join()).toBe(expected);
  });
});

describe("callers and targets", () => {
  const model = modelFrom({
    "app.ts": `import { send, Mailer } from "./mail";\nsend(1);\nsend.call(null, 2);\nconst m = new Mailer();\nm.deliver();\n[1].map(send);\n`,
    "mail.ts": `export async function send(x) {}\nexport class Mailer { deliver() { send(3); } }\nfunction hidden() {}`,
  });
  const fn = (name: string) => model.functions("mail.ts").find((each) => each.name === name);

  it("knows who calls a function", () => {
    expect(model.callers(fn("send")?.id ?? "").map(({ file, line }) => `${file}:${line}`)).toEqual([
      "app.ts:2",
      "app.ts:3",
      "mail.ts:2",
    ]);
    expect(model.callers(fn("hidden")?.id ?? "")).toEqual([]);
    expect(model.callers("nothing.ts#4")).toEqual([]);
  });

  it("knows what a call runs", () => {
    const call = model.callers(fn("deliver")?.id ?? "")[0];
    expect(call === undefined ? [] : model.targets(call).map(({ name }) => name)).toEqual(["deliver"]);
  });

  it("describes functions", () => {
    expect(fn("send")).toMatchObject({
      async: true,
      exportedAs: ["send"],
      isModule: false,
      class: null,
      parent: "mail.ts#0",
    });
    expect(fn("deliver")).toMatchObject({ exportedAs: ["Mailer.deliver"], class: "Mailer" });
    expect(model.fn("mail.ts#0")).toMatchObject({ isModule: true, parent: null });
    expect(model.fn("mail.ts#99")).toBeNull();
    expect(model.call("x")).toBeNull();
  });
});

describe("handlers that one factory makes several times", () => {
  const made = (first: string, second: string): string[] => {
    const code = `function create(config) {
        async function login(req, res) { res.json(await config.ask(req.body)); }
        return { login };
      }
      ${first}
      ${second}
      async function tell(to) { return mail.emails.send({ to }); }
      app.post("/p", one.login);
      app.post("/q", two.login);`;
    return waysTo(modelFrom({ "app.ts": `${APP}\n${code}` }), SINK).map((way) => way.replace(` > ${SINK}`, ""));
  };
  const mailing = "ask: async (body) => tell(body.to)";

  it.each<[name: string, first: string, second: string, ways: string[]]>([
    [
      "only the one whose configuration leads there",
      `const one = create({ ${mailing} });`,
      "const two = create({ ask: async () => null });",
      ["POST /p: login > ask > tell"],
    ],
    [
      "both where both lead there",
      `const one = create({ ${mailing} });`,
      `const two = create({ ask: async function other(body) { return tell(body.from); } });`,
      ["POST /p: login > ask > tell", "POST /q: login > other > tell"],
    ],
    [
      "both through a wrapper",
      `const again = (run) => async (body) => run(body); const one = create({ ask: again(async function a(body) { return tell(body.to); }) });`,
      "const two = create({ ask: again(async function b(body) { return tell(body.from); }) });",
      ["POST /p: login > a > tell", "POST /q: login > b > tell"],
    ],
  ])("%s", (_, first, second, expected) => {
    expect(made(first, second).toSorted()).toEqual(expected);
  });
});
