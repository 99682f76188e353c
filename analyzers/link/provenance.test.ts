import { describe, expect, it } from "vitest";
import { modelFrom } from "./testing/model-from.ts";

type Case = [name: string, files: Record<string, string>, api?: string];

const SEND = "mail:create().send";
const esm = `import { create } from "mail"; export const mailer = create({ host: "a" });`;
const cjs = `const mail = require("mail"); const mailer = mail.create(); module.exports = { mailer };`;

/** The calls of the package `mail` (or the api given) that the model knows, as `file:line`, and whether they are proven. */
function found(files: Record<string, string>, api: string): string[] {
  const model = modelFrom(files);
  return model.usesOf(api).map(({ call, certainty }) => `${call.file}:${call.line} ${certainty}`);
}

describe("import provenance", () => {
  it.each<Case>([
    ["default import", { "app.ts": `import mail from "mail";\nmail.create().send();` }],
    ["namespace import", { "app.ts": `import * as mail from "mail";\nmail.create().send();` }],
    ["named import", { "app.ts": `import { create as make } from "mail";\nmake().send();` }],
    ["whole require", { "app.js": `const mail = require("mail");\nmail.create().send();` }],
    ["destructured require", { "app.js": `const { create } = require("mail");\ncreate().send();` }],
    ["require in place", { "app.js": `\nrequire("mail").create().send();` }],
    ["interop default", { "app.js": `const mail = require("mail").default;\nmail.create().send();` }],
    ["dynamic import", { "app.ts": `const { create } = await import("mail");\ncreate().send();` }],
    ["awaited and cast", { "app.ts": `import { create } from "mail"; const m = await create() as any;\nm!.send();` }],
    ["a later assignment", { "app.ts": `import { create } from "mail"; let m; m = create();\nm.send();` }],
    [
      "one of two",
      { "app.ts": `import { create } from "mail"; const m = process.env.X ? create() : null;\nm.send();` },
    ],
    ["a default value", { "app.ts": `import { create } from "mail"; const m = globalThis.m ?? create();\nm.send();` }],
    ["destructuring", { "app.ts": `import { create } from "mail"; const { send } = create();\nsend();` }],
    ["renamed in destructuring", { "app.ts": `import { create } from "mail"; const { send: s } = create();\ns();` }],
    [
      "an object",
      { "app.ts": `import { create } from "mail"; const o = { deep: { m: create() } };\no.deep.m.send();` },
    ],
    [
      "an object that is spread",
      { "app.ts": `import { create } from "mail"; const a = { m: create() }; const o = { ...a };\no.m.send();` },
    ],
    ["an array", { "app.ts": `import { create } from "mail"; const [m] = [create()];\nm.send();` }],
    [
      "Promise.all",
      { "app.ts": `import { create } from "mail"; const [m] = await Promise.all([create()]);\nm.send();` },
    ],
    ["Object.freeze", { "app.ts": `import { create } from "mail"; const m = Object.freeze(create());\nm.send();` }],
    ["bind", { "app.ts": `import { create } from "mail"; const m = create(); const s = m.send.bind(m);\ns();` }],
    ["a then callback", { "app.ts": `import { create } from "mail";\ncreate().then((m) => m.send());` }],
    [
      "an iteration",
      { "app.ts": `import { create } from "mail"; const all = [create()];\nall.forEach((m) => m.send());` },
    ],
    [
      "what is made once and kept on the global object",
      {
        "app.ts": `import { create } from "mail"; import { once } from "./once"; const m = once("mail", () => create());\nm.send();`,
        "once.ts": `export function once(name, make) { const all = globalThis; all.kept ??= {}; all.kept[name] ??= make(); return all.kept[name]; }`,
      },
    ],
    [
      "what is made once and kept in a map",
      {
        "app.ts": `import { create } from "mail"; function once(name, make) { const all = globalThis; if (!all.kept.has(name)) all.kept.set(name, make()); return all.kept.get(name); } const m = once("mail", create);\nm.send();`,
      },
    ],
    [
      "what a package makes once",
      {
        "app.ts": `import { create } from "mail"; import { remember } from "@epic-web/remember"; const m = remember("mail", () => create());\nm.send();`,
      },
    ],
    ["a loop", { "app.ts": `import { create } from "mail"; for (const m of [create()])\nm.send();` }],
    [
      "Object.values",
      {
        "app.ts": `import { create } from "mail"; const o = { a: create() };\nObject.values(o).forEach((m) => m.send());`,
      },
    ],
    [
      "Object.entries",
      {
        "app.ts": `import { create } from "mail"; const o = { a: create() };\nObject.entries(o).map(([, m]) => m.send());`,
      },
    ],
    ["a global", { "app.js": `const { create } = require("mail"); global.m = create();\nm.send();` }],
    [
      "a property given later",
      { "app.js": `const { create } = require("mail"); const o = {}; o.m = create();\no.m.send();` },
    ],
  ])("%s", (_, files, api = SEND) => {
    const [file] = Object.keys(files);
    expect(found(files, api)).toEqual([`${file}:2 proven`]);
  });

  it.each<Case>([
    ["an ES export", { "m.ts": esm, "app.ts": `import { mailer } from "./m";\nmailer.send();` }],
    ["a default export", { "m.ts": `${esm} export default mailer;`, "app.ts": `import m from "./m.js";\nm.send();` }],
    ["a namespace", { "m.ts": esm, "app.ts": `import * as all from "./m";\nall.mailer.send();` }],
    [
      "a named re-export",
      {
        "m.ts": esm,
        "i.ts": `export { mailer as post } from "./m";`,
        "app.ts": `import { post } from "./i";\npost.send();`,
      },
    ],
    [
      "a star re-export",
      { "m.ts": esm, "i.ts": `export * from "./m";`, "app.ts": `import { mailer } from "./i";\nmailer.send();` },
    ],
    [
      "a star under a name",
      {
        "m.ts": esm,
        "i.ts": `export * as lib from "./m";`,
        "app.ts": `import { lib } from "./i";\nlib.mailer.send();`,
      },
    ],
    [
      "import then export",
      {
        "m.ts": esm,
        "i.ts": `import { mailer } from "./m"; export { mailer };`,
        "app.ts": `import { mailer } from "./i";\nmailer.send();`,
      },
    ],
    [
      "what a required client hands to the callback of its transaction",
      {
        "m.js": `const { create } = require("mail"); module.exports = create();`,
        "app.js": `const m = require("./m"); m.transaction(async (tx) => {\ntx.send(); });`,
      },
    ],
    [
      "a re-exported default",
      {
        "m.ts": `import { create } from "mail"; export default create();`,
        "i.ts": `export { default as m } from "./m";`,
        "app.ts": `import { m } from "./i";\nm.send();`,
      },
    ],
    [
      "a re-exported package",
      { "i.ts": `export { create } from "mail";`, "app.ts": `import { create } from "./i";\ncreate().send();` },
    ],
    [
      "re-exports in a circle",
      {
        "a.ts": `export * from "./b";`,
        "b.ts": `export * from "./a"; ${esm}`,
        "app.ts": `import { mailer } from "./a";\nmailer.send();`,
      },
    ],
    [
      "a package behind two stars",
      {
        "a.ts": `export * from "./other"; export * from "./b";`,
        "b.ts": `export * from "mail";`,
        "other.ts": `export const port = 3000;`,
        "app.ts": `import { create } from "./a";\ncreate().send();`,
      },
    ],
    ["module.exports", { "m.js": cjs, "app.js": `const { mailer } = require("./m");\nmailer.send();` }],
    [
      "module.exports as a whole",
      { "m.js": `module.exports = require("mail").create();`, "app.js": `const m = require("./m");\nm.send();` },
    ],
    [
      "exports.x",
      { "m.js": `exports.mailer = require("mail").create();`, "app.js": `const m = require("./m");\nm.mailer.send();` },
    ],
    [
      "module.exports.x",
      {
        "m.js": `module.exports.mailer = require("mail").create();`,
        "app.js": `const { mailer } = require("./m");\nmailer.send();`,
      },
    ],
    [
      "a required index",
      {
        "lib/index.js": `module.exports.m = require("./m");`,
        "lib/m.js": cjs,
        "app.js": `const { m } = require("./lib");\nm.mailer.send();`,
      },
    ],
    ["CommonJS through import", { "m.js": cjs, "app.ts": `import m from "./m";\nm.mailer.send();` }],
    ["ES through require", { "m.ts": esm, "app.js": `const { mailer } = require("./m");\nmailer.send();` }],
    [
      "a default through require",
      {
        "m.ts": `import { create } from "mail"; export default create();`,
        "app.js": `const m = require("./m").default;\nm.send();`,
      },
    ],
    ["a dynamic import", { "m.ts": esm, "app.ts": `const m = await import("./m");\nm.mailer.send();` }],
  ])("across files: %s", (_, files) => {
    const file = "app.ts" in files ? "app.ts" : "app.js";
    expect(found(files, SEND)).toEqual([`${file}:2 proven`]);
  });

  it.each<Case>([
    ["a factory", { "app.ts": `import { create } from "mail"; const make = () => create();\nmake().send();` }],
    [
      "an async factory",
      { "app.ts": `import { create } from "mail"; async function make() { return create(); }\n(await make()).send();` },
    ],
    [
      "a lazy singleton",
      {
        "app.ts": `import { create } from "mail"; let m; function get() { if (!m) m = create(); return m; }\nget().send();`,
      },
    ],
    [
      "a factory of objects",
      {
        "app.ts": `import { create } from "mail"; const make = (m) => ({ send: () => {\nm.send() } }); make(create()).send();`,
      },
    ],
    ["a parameter", { "app.ts": `import { create } from "mail"; function go(m) {\nm.send(); } go(create());` }],
    [
      "a destructured parameter",
      { "app.ts": `import { create } from "mail"; function go({ m }) {\nm.send(); } go({ m: create() });` },
    ],
    [
      "a default parameter",
      { "app.ts": `import { create } from "mail"; function go(m = create()) {\nm.send(); } go();` },
    ],
    [
      "a parameter handed on",
      {
        "app.ts": `import { create } from "mail"; const b = (m) => {\nm.send(); }; const a = (m) => b(m); a(create());`,
      },
    ],
    [
      "a rest parameter",
      { "app.ts": `import { create } from "mail"; function go(x, ...all) {\nall[0].send(); } go(1, create());` },
    ],
    [
      "call",
      { "app.js": `const { create } = require("mail"); function go(m) {\nm.send(); } go.call(null, create());` },
    ],
    [
      "a bound argument",
      {
        "app.js": `const { create } = require("mail"); function go(m, x) {\nm.send(x); } const g = go.bind(null, create()); g(1);`,
      },
    ],
    [
      "a callback of the app's own",
      { "app.ts": `import { create } from "mail"; const run = (fn) => fn(create());\nrun((m) => m.send());` },
    ],
  ])("through functions: %s", (_, files) => {
    const [file] = Object.keys(files);
    expect(found(files, SEND)).toEqual([`${file}:2 proven`]);
  });

  it.each<Case>([
    [
      "a field",
      { "app.ts": `import { create } from "mail"; class A { m = create(); go() {\nthis.m.send(); } } new A().go();` },
    ],
    [
      "a field set in the constructor",
      {
        "app.ts": `import { create } from "mail"; class A { constructor() { this.m = create(); } go() {\nthis.m.send(); } } new A().go();`,
      },
    ],
    ["a static field", { "app.ts": `import { create } from "mail"; class A { static m = create(); }\nA.m.send();` }],
    [
      "a private field",
      { "app.ts": `import { create } from "mail"; class A { #m = create(); go() {\nthis.#m.send(); } }` },
    ],
    [
      "a getter",
      { "app.ts": `import { create } from "mail"; class A { get m() { return create(); } }\nnew A().m.send();` },
    ],
    [
      "getInstance",
      {
        "app.ts": `import { create } from "mail"; class A { static i; m = create(); static get() { return (A.i ??= new A()); } }\nA.get().m.send();`,
      },
    ],
    [
      "an injected constructor parameter",
      {
        "app.ts": `import { create } from "mail"; class A { constructor(m) { this.m = m; } go() {\nthis.m.send(); } } new A(create()).go();`,
      },
    ],
    [
      "a parameter property",
      {
        "app.ts": `import { create } from "mail"; class A { constructor(private m) {} go() {\nthis.m.send(); } } new A(create()).go();`,
      },
    ],
    [
      "an object of dependencies",
      {
        "app.ts": `import { create } from "mail"; class A { constructor(deps) { this.deps = deps; } go() {\nthis.deps.m.send(); } } new A({ m: create() }).go();`,
      },
    ],
    [
      "an inherited field",
      {
        "app.ts": `import { create } from "mail"; class B { m = create(); } class A extends B { go() {\nthis.m.send(); } } new A().go();`,
      },
    ],
    [
      "a field of the parent's constructor",
      {
        "app.ts": `import { create } from "mail"; class B { constructor(m) { this.m = m; } } class A extends B { constructor() { super(create()); } go() {\nthis.m.send(); } } new A().go();`,
      },
    ],
    [
      "an arrow field",
      {
        "app.ts": `import { create } from "mail"; class A { m = create(); go = () => {\nthis.m.send(); } } new A().go();`,
      },
    ],
    [
      "this of an object",
      { "app.js": `const { create } = require("mail"); const o = { m: create(), go() {\nthis.m.send(); } }; o.go();` },
    ],
    [
      "a class of the package",
      { "app.ts": `import { Mail } from "mail"; class A extends Mail { go() {\nthis.send(); } } new A().go();` },
      "mail:Mail().send",
    ],
    [
      "an exported instance",
      {
        "a.ts": `import { create } from "mail"; class A { m = create(); } export default new A();`,
        "app.ts": `import a from "./a";\na.m.send();`,
      },
    ],
  ])("through classes: %s", (_, files, api = SEND) => {
    const [found_] = found(files, api);
    expect(found_).toBe("app.ts:2 proven".replace("app.ts", "app.js" in files ? "app.js" : "app.ts"));
  });

  it.each<Case>([
    [
      "a parameter's type",
      { "app.ts": `import type { Mailer } from "mail"; export function go(m: Mailer) {\nm.send(); }` },
      "mail:Mailer().send",
    ],
    [
      "a field's type",
      { "app.ts": `import { Mailer } from "mail"; export class A { m: Mailer; go() {\nthis.m.send(); } }` },
      "mail:Mailer().send",
    ],
    [
      "an injected class",
      {
        "m.ts": `${esm} export class Post { send() { mailer.send(); } m = mailer }`,
        "app.ts": `import { Post } from "./m"; export class A { constructor(private post: Post) {} go() {\nthis.post.m.send(); } }`,
      },
    ],
    [
      "an interface with one class",
      {
        "m.ts": `${esm} export class Post { m = mailer }`,
        "app.ts": `import type { IPost } from "./types"; export function go(post: IPost) {\npost.m.send(); }`,
        "types.ts": "export interface IPost {}",
      },
    ],
    [
      "a container",
      {
        "m.ts": `${esm} export class Post { m = mailer }`,
        "app.ts": `import { container } from "tsyringe"; import { Post } from "./m";\ncontainer.resolve(Post).m.send();`,
      },
    ],
    [
      "a service's name",
      {
        "m.ts": `${esm} export class PostService { m = mailer }`,
        "app.js": `class A { constructor({ postService }) { this.postService = postService; } go() {\nthis.postService.m.send(); } }`,
      },
    ],
    [
      "the name of a part of a parameter",
      {
        "m.ts": `${esm} export class PostService { m = mailer }`,
        "app.js": `exports.go = ({ postService }) =>\npostService.m.send();`,
      },
    ],
  ])("inferred from %s", (_, files, api = SEND) => {
    expect(found(files, api)).toContain(`${"app.js" in files ? "app.js" : "app.ts"}:2 inferred`);
  });

  it.each<Case>([
    ["another package's", { "app.ts": `import { create } from "other"; const mailer = create(); mailer.send();` }],
    [
      "a name that hides it",
      {
        "app.ts": `import { create } from "mail"; function go() { const create = () => ({ send() {} }); create().send(); } go();`,
      },
    ],
    ["only a type", { "app.ts": `import type { create } from "mail"; declare const m: any; m.send();` }],
    [
      "a property of the same name",
      { "app.ts": `import { create } from "mail"; const o = { create: () => ({ send() {} }) }; o.create().send();` },
    ],
    [
      "the other caller's argument",
      { "app.ts": `import { create } from "mail"; const make = (x) => x; make(create()); make({ send() {} }).send();` },
    ],
  ])("not %s", (_, files) => {
    expect(found(files, SEND)).toEqual([]);
  });
});

describe("construction", () => {
  it.each<[string, Record<string, string>, string]>([
    [
      "the client's",
      {
        "m.ts": `import OpenAI from "openai";\nexport const ai = new OpenAI({ timeout: 5 });`,
        "app.ts": `import { ai } from "./m"; ai.chat.completions.create({});`,
      },
      "m.ts:2",
    ],
    [
      "a factory's",
      {
        "app.ts": `import OpenAI from "openai";\nconst make = () =>\n new OpenAI(); make().chat.completions.create({});`,
      },
      "app.ts:3",
    ],
    [
      "an instance's field",
      {
        "app.ts": `import OpenAI from "openai"; class A { ai =\nnew OpenAI(); go() { this.ai.chat.completions.create({}); } }`,
      },
      "app.ts:2",
    ],
  ])("is %s", (_, files, expected) => {
    const [use] = modelFrom(files).usesOf("openai:().chat.completions.create");
    expect(use?.kind).toBe("model");
    expect(`${use?.construction?.file}:${use?.construction?.line}`).toBe(expected);
  });

  it("shows its options", () => {
    const model = modelFrom({
      "config.js": `module.exports = { smtp: { host: process.env.SMTP_HOST || "localhost", port: 25 } };`,
      "app.js": `const config = require("./config"); const nodemailer = require("nodemailer");
        const t = nodemailer.createTransport({ ...config.smtp, secure: true, tls: { x: [1, "a"] }, log: () => {} });
        t.sendMail({ to: \`a@\${config.smtp.port}\` });`,
    });
    const [use] = model.usesOf("nodemailer:createTransport().sendMail");
    expect(use?.construction?.args).toEqual([
      {
        kind: "object",
        open: false,
        entries: {
          host: { kind: "env", name: "SMTP_HOST", default: "localhost" },
          port: { kind: "literal", value: 25 },
          secure: { kind: "literal", value: true },
          tls: {
            kind: "object",
            open: false,
            entries: {
              x: {
                kind: "array",
                items: [
                  { kind: "literal", value: 1 },
                  { kind: "literal", value: "a" },
                ],
              },
            },
          },
          log: { kind: "fn", fn: "app.js#1" },
        },
      },
    ]);
    expect(use?.call.args).toEqual([
      { kind: "object", open: false, entries: { to: { kind: "template", parts: ["a@", "25"] } } },
    ]);
  });
});

describe("models that a loop over a folder keeps under their names", () => {
  const index = (load: string): string =>
    `const fs = require("fs"); const path = require("path"); const { Sequelize, DataTypes } = require("sequelize");
    const sequelize = new Sequelize("url"); const db = {};
    fs.readdirSync(__dirname).filter((file) => file !== "index.js").forEach((file) => { ${load} });
    module.exports = db;`;
  const called = "const model = require(path.join(__dirname, file))(sequelize, DataTypes); db[model.name] = model;";
  const model = (name: string): string =>
    `module.exports = (sequelize, DataTypes) => { const Made = sequelize.define("${name}", {}); return Made; };`;

  it.each<[name: string, load: string, use: string, expected: string[]]>([
    ["by their own name", called, "db.User.findAll();", ["app.js:1 inferred"]],
    ["by another case and number", called, "const { OrderItems } = db; OrderItems.findAll();", ["app.js:1 inferred"]],
    ["and nothing under other names", called, "db.Account.findAll();", []],
    [
      "where the key is worked out",
      called.replace("model.name", "nameFor(model)"),
      "db.User.findAll();",
      ["app.js:1 inferred"],
    ],
  ])("%s", (_, load, use, expected) => {
    const files = {
      "models/index.js": index(load),
      "models/user.js": model("User"),
      "models/order-item.js": model("order_items"),
      "app.js": `const db = require("./models"); ${use}`,
    };
    expect(found(files, "sequelize:Sequelize().define().findAll")).toEqual(expected);
  });
});
