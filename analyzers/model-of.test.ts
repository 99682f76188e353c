import { describe, expect, it } from "vitest";
import { modelFrom, routesOf } from "./link/testing/model-from.ts";

describe("modelOf", () => {
  it("survives anything", () => {
    const files = {
      "empty.ts": "",
      "broken.ts": "const x = {{{ ; function ( => class",
      "binary.js": "\0\u0001\uFFFF".repeat(50),
      "self.js": "const self = require('./self'); module.exports = self; self(self)(self.x);",
      "circle.ts": "import { a } from './circle2'; export const b = a; b.c.d();",
      "circle2.ts": "import { b } from './circle'; export const a = b; a();",
      "proto.js":
        "const o = { __proto__: null, constructor: 1 }; o.constructor(); o.__proto__.x(); toString(); hasOwnProperty.call(o);",
      "grow.js": "let n = require('n'); n = n.next; n = n.next(n); for (;;) { n = n.a.b.c(); } n.send();",
      "spread.js": "let a = {}; let b = { ...a, ...b }; a = { ...b, ...a }; a.x.y(); b.x();",
      "extends.ts": "class A extends B {} class B extends A {} new A().x(); new B().y.z();",
      "recursive.ts": "function f(g) { return f(() => g(f)); } f(f)(f);",
      "deep.js": `x${".y()".repeat(3000)};`,
      "nested.js": `${"(".repeat(500)}1${")".repeat(500)}`,
      "a b\u00e9\u{1F600}.js": "require('./self')",
      "tsconfig.json": "[]",
    };
    const model = modelFrom({
      "app.js": "const app = require('express')(); app.get('/a', require('./self'));",
      ...files,
    });
    for (const use of model.uses) model.reach(use.call);
    for (const file of model.repo.files) for (const fn of model.functions(file)) model.callers(fn.id);
    expect(routesOf(model)).toEqual(["GET /a"]);
    expect(model.skipped.map(({ file }) => file)).toContain("broken.ts");
  });

  it("grows with the number of files, not faster", () => {
    const steps = (count: number) => {
      const files = Object.fromEntries(
        Array.from({ length: count }, (_, index) => [
          `m${index}.js`,
          `const { run } = require("./m${index + 1}"); exports.run = (x) => run(x); exports.run(exports.run);`,
        ]),
      );
      const before = process.threadCpuUsage();
      const model = modelFrom(files);
      expect(model.uses).toEqual([]);
      // The thread's own work, whatever else the machine does.
      return process.threadCpuUsage(before).user;
    };
    steps(20);
    expect(steps(400)).toBeLessThan(40 * Math.max(5000, steps(40)));
  });

  it("does not take what tests and browser code set up for what the server's process has", () => {
    const model = modelFrom({
      "package.json": JSON.stringify({ name: "web", dependencies: { next: "16.0.0", react: "19", undici: "7" } }),
      "app/api/rates/route.ts":
        "export async function GET() { const rates = await fetch('https://rates.example.com'); return Response.json(await rates.json()); }",
      "app/widget.tsx":
        "'use client'; import { Agent, setGlobalDispatcher } from 'undici'; export function Widget() { setGlobalDispatcher(new Agent()); return <b/>; }",
      "test/setup.ts": "import { Agent, setGlobalDispatcher } from 'undici'; setGlobalDispatcher(new Agent());",
    });
    expect(model.usesOf("global:fetch").map(({ call }) => call.file)).toEqual(["app/api/rates/route.ts"]);
    expect(model.usesOf("undici:setGlobalDispatcher")).toEqual([]);
  });

  it("tells SQL that writes from SQL that reads", () => {
    const model = modelFrom({
      "app.ts": `import { Pool } from "pg"; const pool = new Pool(); const table = "t";
        pool.query("SELECT 1"); pool.query(\`  insert into \${table} values (1)\`); pool.query({ text: "UPDATE t SET a = 1" }); pool.query(table);`,
    });
    expect(model.uses.map((use) => use.kind).filter((kind) => kind !== null)).toEqual([
      "database-read",
      "database-write",
      "database-write",
      "database-read",
    ]);
  });

  it("follows a client that is generated into the tree and not committed", () => {
    const model = modelFrom({
      "app.ts": `import { PrismaClient } from "../generated/prisma"; const db = new PrismaClient().$extends({});
        db.user.findMany(); db.$transaction(async (tx) => { await tx.user.create({}); });`,
    });
    expect(model.uses.filter((use) => use.kind !== null).map((use) => `${use.kind} ${use.api}`)).toEqual([
      "database-read @prisma/client:PrismaClient().$extends().user.findMany",
      "database-write @prisma/client:PrismaClient().$extends().user.create",
      "database-write @prisma/client:PrismaClient().$extends().$transaction",
    ]);
  });

  it("follows the methods a Mongoose schema gives", () => {
    const model = modelFrom({
      "user.js": `const mongoose = require("mongoose"); const bcrypt = require("bcryptjs"); const schema = new mongoose.Schema({});
        schema.methods.verify = async function verify(p) { return bcrypt.compare(p, this.password); };
        schema.statics.byMail = function byMail() { return this.findOne({}); };
        module.exports = mongoose.model("User", schema);`,
      "app.js": `const User = require("./user"); const app = require("express")();
        app.post("/login", async function login() { const user = await User.findOne({}); await User.byMail(); return user.verify("x"); });`,
    });
    const [use] = model.usesOf("bcryptjs:compare");
    expect(use === undefined ? [] : model.reach(use.call).map((way) => way.path.map((step) => step.label))).toEqual([
      ["login", "verify", "bcryptjs:compare"],
    ]);
  });
});
