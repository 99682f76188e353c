/** API gateway: its fixtures, which paths mean a login, and what counts as a limit in front of the app. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { analyze } from "../../analyzers/index.ts";
import { memoryRepo } from "../../analyzers/repo/memory.ts";
import { testComponent } from "../testing/test-component.ts";
import { edgeLimit } from "./edge-limits.ts";
import { apiGateway } from "./index.ts";

testComponent(apiGateway);

const manifest = JSON.stringify({ name: "a", scripts: { start: "node app.js" }, dependencies: { express: "^5.0.0" } });

async function rulesFor(routes: string): Promise<string[]> {
  const app = `const express = require("express");\nconst app = express();\n${routes}\napp.listen(3000);\n`;
  const model = await analyze(memoryRepo({ "package.json": manifest, "app.js": app }), { cacheFolder: null });
  return apiGateway.detect(model).map(({ rule, confidence }) => `${rule.replace("api-gateway/", "")} ${confidence}`);
}

const handler = "(req, res) => res.json({})";

describe("a path alone", () => {
  it.each([
    "/login",
    "/api/v1/auth/sign-in",
    "/api/users/login",
    "/userLogin",
    "/login/auth",
    "/auth/register",
    "/api/signup",
    "/forgotPassword",
    "/auth/forgot-password",
    "/password/forgot",
    "/password/reset",
    "/auth/reset/:token",
    "/reset-password/:token",
    "/auth/send-otp",
    "/verifyOtp",
    "/auth/magic-link",
    "/auth/2fa/verify",
    "/auth/reset-password-otp",
    "/auth/resend-verification-email",
    "/auth/request-verify-email-code-by-email",
  ])("POST %s means a login or a code", async (path) => {
    expect(await rulesFor(`app.post("${path}", ${handler});`)).toEqual(["no-rate-limit-on-auth medium"]);
  });

  it.each([
    "/tokens",
    "/logout",
    "/courses/:id/register",
    "/devices/register",
    "/games/reset",
    "/sessions",
    "/auth/refresh",
    "/loginHistory",
    "/authors",
    "/password-policy",
  ])("POST %s does not", async (path) => {
    expect(await rulesFor(`app.post("${path}", ${handler});`)).toEqual([]);
  });

  it("never means one on a GET", async () => {
    expect(await rulesFor(`app.get("/login", ${handler});`)).toEqual([]);
  });
});

describe("what a payment's provider calls", () => {
  it.each<[path: string, rules: string[]]>([
    ["/payments/notify", []],
    ["/api/payment/paypal/notification", []],
    ["/payments", ["no-rate-limit-on-expensive high"]],
  ])("%s", async (path, rules) => {
    const stripe = 'const Stripe = require("stripe"); const stripe = new Stripe("sk", {});';
    const route = `app.post("${path}", async (req, res) => res.json(await stripe.paymentIntents.create({ amount: 1 })));`;
    expect(await rulesFor(`${stripe}\n${route}`)).toEqual(rules);
  });
});

describe("a parser of files before all routes", () => {
  it.each<[route: string, rules: string[]]>([
    ['app.get("/prices", (req, res) => res.json([]));', []],
    ['app.post("/orders", (req, res) => res.json(req.body));', []],
    ['app.post("/sheets", (req, res) => res.json(req.files.sheet.size));', ["no-rate-limit-on-expensive high"]],
    [
      'app.post("/sheets", (req, res) => { const { files } = req; res.json(files); });',
      ["no-rate-limit-on-expensive high"],
    ],
  ])("%s", async (route, rules) => {
    const parser = 'app.use(require("express-fileupload")({ limits: { fileSize: 1_000_000 } }));';
    expect(await rulesFor(`${parser}\n${route}`)).toEqual(rules);
  });
});

describe("wrong codes that are counted beside the code", () => {
  const verify = (refuse: string, raise: string): string =>
    `const { PrismaClient } = require("@prisma/client");
const prisma = new PrismaClient();
app.post("/auth/verify-otp", async (req, res) => {
  const record = await prisma.otp.findUnique({ where: { id: req.body.id } });
  ${refuse}
  if (record.code === req.body.code) return res.json({ ok: true });
  ${raise}
  res.status(401).json({});
});`;
  const update = (data: string): string => `await prisma.otp.update({ where: { id: record.id }, data: ${data} });`;
  const refused = "if (record.attempts >= MAX) return res.status(429).json({});";

  it.each<[refuse: string, raise: string, rules: string[]]>([
    [refused, update("{ attempts: { increment: 1 } }"), []],
    [refused, update("{ attempts: record.attempts + 1 }"), []],
    ["if (5 <= record.failedLogins) return res.sendStatus(403);", "record.failedLogins += 1;", []],
    [
      "if (restFor(record.wrongPins) > 0) return res.sendStatus(429);",
      `${update("{ wrongPins: { increment: 1 } }")} if (isRight) ${update("{ wrongPins: 0 }")}`,
      [],
    ],
    ["", `${update("{ uses: { increment: 1 } }")} show(record.uses);`, ["no-rate-limit-on-auth medium"]],
    [refused, "", ["no-rate-limit-on-auth medium"]],
    [refused, "// record.attempts += 1;", ["no-rate-limit-on-auth medium"]],
    ["", update("{ attempts: { increment: 1 } }"), ["no-rate-limit-on-auth medium"]],
    ["for (let attempts = 0; attempts < 3; attempts++) ask();", "", ["no-rate-limit-on-auth medium"]],
  ])("%s %s", async (refuse, raise, rules) => {
    expect(await rulesFor(verify(refuse, raise))).toEqual(rules);
  });
});

it.each([
  ["/login", undefined, "guess passwords or codes"],
  ["/register-user", "Accounts can be made without a limit", "make accounts"],
  ["/signup", "Accounts can be made without a limit", "make accounts"],
  ["/forgot-password", "Mails and codes can be asked for without a limit", "have mails or codes sent"],
])("POST %s is told apart from other knocking: %s", async (path, title, harm) => {
  const app = `const app = require("express")();\napp.post("${path}", ${handler});\napp.listen(3000);\n`;
  const model = await analyze(memoryRepo({ "package.json": manifest, "app.js": app }), { cacheFolder: null });
  const [match] = apiGateway.detect(model);
  expect(match?.title).toBe(title);
  expect(match?.message).toContain(harm);
});

describe("sign-ups of files", () => {
  it.each([
    ["with an invitation only", "if (!invitation) throw new Error('no')", []],
    ["with or without one", "if (invitation) join(invitation)", ["api-gateway/no-rate-limit-on-auth"]],
  ])("%s", async (_, line, expected) => {
    const model = await analyze(
      memoryRepo({
        "package.json": JSON.stringify({ name: "a", dependencies: { next: "16" } }),
        "app/api/signup/route.ts": `export async function POST(request) { const { invitation } = await request.json(); ${line}; return Response.json({}); }\nfunction join() {}`,
      }),
      { cacheFolder: null },
    );
    expect(apiGateway.detect(model).map(({ rule }) => rule)).toEqual(expected);
  });
});

it.each([
  ["PUT", "/vaults/:id/open", "req.body.password", ["no-rate-limit-on-auth high"]],
  ["POST", "/links/:id/protected", "req.body.password", ["no-rate-limit-on-auth high"]],
  ["GET", "/vaults/:id", "req.query.password", []],
])("%s %s that compares %s", async (method, path, value, expected) => {
  const route = `app.${method.toLowerCase()}("${path}", async (req, res) => { res.json(await require("bcryptjs").compare(${value}, "x")); });`;
  expect(await rulesFor(route)).toEqual(expected);
});

describe("behind a login", () => {
  const guard = "function requireAuth(req, res, next) { if (req.user) next(); else res.sendStatus(401); }";

  it.each([
    ["/auth/2fa/verify", ["no-rate-limit-on-auth medium"]],
    ["/users/register", []],
    ["/auth/reset", []],
  ])("POST %s", async (path, expected) => {
    expect(await rulesFor(`${guard}\napp.post("${path}", requireAuth, ${handler});`)).toEqual(expected);
  });
});

it.each([
  ['express.json({ limit: "50mb" })', ["no-body-limit high"]],
  ["express.json({ limit: 30_000_000 })", ["no-body-limit high"]],
  ['express.raw({ limit: "1gb" })', ["no-body-limit high"]],
  ["express.json({ limit: Infinity })", []],
  ["express.json()", []],
  ['express.json({ limit: "10mb" })', []],
  ["express.json({ limit: process.env.BODY_LIMIT })", []],
  ['express.urlencoded({ extended: true, limit: "plenty" })', []],
])("the parser %s", async (parser, expected) => {
  expect(await rulesFor(`app.use(${parser});\napp.post("/things", ${handler});`)).toEqual(expected);
});

it.each([
  ["cors({ origin: true, credentials: true })", ["cors-any-origin-with-credentials high"]],
  ['cors({ origin: "*", credentials: true })', ["cors-any-origin-with-credentials medium"]],
  ["cors({ credentials: true })", ["cors-any-origin-with-credentials medium"]],
  ["cors({ origin: (o, done) => done(null, o), credentials: true })", ["cors-any-origin-with-credentials high"]],
  ["cors({ origin: (o, done) => done(null, list.includes(o)), credentials: true })", []],
  ["cors({ origin: (o, done) => (o === site ? done(null, true) : done(new Error())), credentials: true })", []],
  ['cors({ origin: "https://a.example", credentials: true })', []],
  ["cors({ origin: process.env.ORIGIN, credentials: true })", []],
  ["cors({ origin: true })", []],
  ["cors()", []],
])("%s", async (middleware, expected) => {
  expect(await rulesFor(`const cors = require("cors");\napp.use(${middleware});`)).toEqual(expected);
});

describe("in front of the app", () => {
  const limiting = "server {\n  limit_req zone=all;\n  location / {";

  it.each<[string, Record<string, string>, boolean]>([
    ["an nginx that passes on", { "nginx.conf": `${limiting}\n    proxy_pass http://app;` }, true],
    ["an nginx in two files", { "nginx/a.conf": limiting, "nginx/b.conf": "  proxy_pass http://app;" }, true],
    ["an nginx that serves pages", { "client/nginx.conf": `${limiting}\n    root /html;` }, false],
    ["an nginx without a limit", { "nginx.conf": "limit_req_zone $a;\n  proxy_pass http://app;" }, false],
    ["an ingress", { "k8s/ingress.yaml": '  nginx.ingress.kubernetes.io/limit-rps: "5"' }, true],
    ["documentation", { "docs/nginx.md": "    limit_req zone=all;\n    proxy_pass http://app;" }, false],
  ])("%s", async (_name, files, limits) => {
    const model = await analyze(memoryRepo({ "package.json": manifest, ...files }), { cacheFolder: null });
    expect(edgeLimit(model) !== null).toBe(limits);
  });
});

it("says that it does not know where a server is there but no route could be read", async () => {
  const app = `
const express = require("express");
const { container } = require("./container");
const app = express();
app.use(container.get("router").getRouter());
app.listen(3000);
`;
  const files = { "package.json": manifest, "app.js": app };
  const model = await analyze(memoryRepo(files), { cacheFolder: null });
  expect(apiGateway.whenQuiet(model)).toMatchObject({
    verdict: "unknown",
    reason: expect.stringContaining("A server is there (app.js:4)"),
  });
});

it.each(readdirSync(join(apiGateway.folder, "templates")))("%s keeps to what any app's lint takes", (name) => {
  const text = readFileSync(join(apiGateway.folder, "templates", name), "utf8");
  expect(text.split("\n").filter((line) => line.length >= 100 || /\d_\d/.test(line))).toEqual([]);
});

describe("a login of Auth.js", () => {
  const kit = JSON.stringify({
    name: "a",
    devDependencies: { "@sveltejs/kit": "2" },
    dependencies: { "@auth/sveltekit": "1" },
  });

  it.each([
    ["by another site", "google", []],
    ["by a password", "credentials", ["no-rate-limit-on-auth"]],
    ["by a mail", "nodemailer", ["no-rate-limit-on-auth"]],
  ])("%s", async (_, provider, rules) => {
    const files = {
      "package.json": kit,
      "src/auth.ts": `import { SvelteKitAuth } from "@auth/sveltekit"; import by from "@auth/sveltekit/providers/${provider}"; export const { handle, signIn } = SvelteKitAuth({ providers: [by] });`,
      "src/hooks.server.ts": 'export { handle } from "./auth";',
      "src/routes/signin/+page.server.ts":
        'import { signIn } from "../../auth"; export const actions = { default: signIn };',
    };
    const model = await analyze(memoryRepo(files), { cacheFolder: null });
    const found = apiGateway.detect(model).map(({ rule }) => rule.replace("api-gateway/", ""));
    expect(found).toEqual(rules);
  });

  it("is found at the address of Next's, where a mail can be asked for", async () => {
    const files = {
      "package.json": JSON.stringify({ name: "a", dependencies: { next: "15", "next-auth": "4" } }),
      "pages/api/auth/[...nextauth].ts":
        'import NextAuth from "next-auth"; import Email from "next-auth/providers/email"; export default NextAuth({ providers: [Email({})] });',
    };
    const model = await analyze(memoryRepo(files), { cacheFolder: null });
    expect(apiGateway.detect(model).map(({ title }) => title)).toEqual([
      "Mails and codes can be asked for without a limit",
    ]);
  });
});

it("believes a count of failed logins that a helper keeps and refuses by", async () => {
  const files = {
    "package.json": JSON.stringify({ name: "a", dependencies: { nuxt: "4" } }),
    "nuxt.config.ts": "",
    "server/utils/attempts.ts":
      "export async function assertAllowed(event, key) { if ((await failures(key)) > 5) throw createError({ statusCode: 429 }); }",
    "server/api/login.post.ts":
      'import { assertAllowed } from "../utils/attempts"; export default defineEventHandler(async (event) => { const body = await readBody(event); await assertAllowed(event, body.email); return check(body.password); });',
  };
  const model = await analyze(memoryRepo(files), { cacheFolder: null });
  expect(apiGateway.detect(model)).toEqual([]);
});

it("says once that a service's uploads have no limit, which one setting gives to all of them", async () => {
  const code = `import { Controller, Module, Post, UseInterceptors } from "@nestjs/common"; import { NestFactory } from "@nestjs/core";
import { FileInterceptor } from "@nestjs/platform-express";
@Controller("files") export class Files {
  @Post("a") @UseInterceptors(FileInterceptor("a")) a() { return {}; }
  @Post("b")
  @UseInterceptors(FileInterceptor("b")) b() { return {}; }
}
@Module({ controllers: [Files] }) class App {}
NestFactory.create(App).then((app) => app.listen(3000));`;
  const dependencies = { "@nestjs/core": "11", "@nestjs/common": "11", "@nestjs/platform-express": "11" };
  const files = {
    "package.json": JSON.stringify({ name: "a", scripts: { start: "node main.ts" }, dependencies }),
    "main.ts": code,
  };
  const model = await analyze(memoryRepo(files), { cacheFolder: null });
  const found = apiGateway.detect(model).filter(({ rule }) => rule === "api-gateway/no-body-limit");
  expect(found.map(({ line, also, routes }) => ({ line, also: also.map((at) => at.line), routes }))).toEqual([
    { line: 4, also: [6], routes: ["POST /files/a", "POST /files/b"] },
  ]);
});

it.each([
  ['MulterModule.register({ dest: "./inbox" })', "FileInterceptor('a', { storage: memoryStorage() })", 1],
  ['MulterModule.register({ dest: "./inbox" })', "FileInterceptor('a')", 0],
  ["MulterModule.register({ limits: { fileSize: 1000 } })", "FileInterceptor('a', { storage: memoryStorage() })", 0],
  ["MulterModule.registerAsync({ useFactory: options })", "FileInterceptor('a', { storage: memoryStorage() })", 0],
])("reads what %s says beside an interceptor", async (imported, interceptor, count) => {
  const code = `import { Controller, Module, Post, UseInterceptors } from "@nestjs/common"; import { NestFactory } from "@nestjs/core";
import { FileInterceptor, MulterModule } from "@nestjs/platform-express"; import { memoryStorage } from "multer";
@Controller("files") export class Files { @Post("a") @UseInterceptors(${interceptor}) a() { return {}; } }
@Module({ imports: [${imported}], controllers: [Files] }) class App {}
NestFactory.create(App).then((app) => app.listen(3000));`;
  const dependencies = { "@nestjs/core": "11", "@nestjs/common": "11", "@nestjs/platform-express": "11", multer: "2" };
  const files = {
    "package.json": JSON.stringify({ name: "a", scripts: { start: "node main.ts" }, dependencies }),
    "main.ts": code,
  };
  const model = await analyze(memoryRepo(files), { cacheFolder: null });
  expect(apiGateway.detect(model).filter(({ rule }) => rule === "api-gateway/no-body-limit")).toHaveLength(count);
});

it.each([
  ["supabase.auth.signInWithPassword(req.body)", "low"],
  ["bcrypt.compare(req.body.password, process.env.HASH)", "high"],
])("a login by %s has confidence %s", async (call, confidence) => {
  const head =
    'const { createClient } = require("@supabase/supabase-js");\nconst bcrypt = require("bcryptjs");\nconst supabase = createClient(process.env.URL, process.env.KEY);';
  const found = await rulesFor(`${head}\napp.post("/login", async (req, res) => res.json(await ${call}));`);
  expect(found).toEqual([`no-rate-limit-on-auth ${confidence}`]);
});

it("believes a file of named limits only where something loads it", async () => {
  const login = `app.post("/api/auth/login", ${handler});`;
  const limits = 'export const limits = { "/api/auth/login": 5 };\n';
  const found = async (first: string): Promise<string[]> => {
    const app = `${first}const express = require("express");\nconst app = express();\n${login}\napp.listen(3000);\n`;
    const files = { "package.json": manifest, "app.js": app, "rateLimitConfig.js": limits };
    return apiGateway.detect(await analyze(memoryRepo(files), { cacheFolder: null })).map(({ rule }) => rule);
  };
  expect(await found("")).toEqual(["api-gateway/no-rate-limit-on-auth"]);
  expect(await found('require("./rateLimitConfig.js");\n')).toEqual([]);
});

it.each([
  ["a login that counts by itself", "auth.handler(request)", []],
  [
    "a mail",
    'mails.emails.send({ to: (await request.json()).email, subject: "Hi" })',
    ["api-gateway/no-rate-limit-on-expensive"],
  ],
])("what is handed to %s", async (_, work, expected) => {
  const files = {
    "package.json": JSON.stringify({
      name: "a",
      scripts: { start: "next start" },
      dependencies: { next: "15", "better-auth": "1", resend: "4" },
    }),
    "auth.ts": `import { betterAuth } from "better-auth";\nimport { Resend } from "resend";\nexport const mails = new Resend(process.env.KEY);\nexport const auth = betterAuth({ emailAndPassword: { enabled: true, sendResetPassword: async ({ user }) => { await mails.emails.send({ to: user.email, subject: "Reset" }); } } });\n`,
    "app/api/auth/[...all]/route.ts": `import { auth, mails } from "../../../../auth";\nexport async function POST(request: Request) {\n  return Response.json(await ${work});\n}\n`,
  };
  const model = await analyze(memoryRepo(files), { cacheFolder: null });
  expect(apiGateway.detect(model).map(({ rule }) => rule)).toEqual(expected);
});

it.each([
  ["/auth/verify", ["api-gateway/no-rate-limit-on-auth"]],
  ["/verify", ["api-gateway/no-rate-limit-on-auth"]],
  ["/coupons/validate", []],
])("a short code that is compared at POST %s", async (path, expected) => {
  const app = `const express = require("express"); const app = express();
const codes = new Map();
app.post("/codes", (req, res) => { codes.set(req.body.id, Math.floor(100000 + Math.random() * 900000)); res.json({}); });
app.post("${path}", (req, res) => { const entry = { code: codes.get(req.body.id) }; res.json({ ok: entry.code === req.body.code }); });
app.listen(3000);`;
  const model = await analyze(memoryRepo({ "package.json": manifest, "app.js": app }), { cacheFolder: null });
  const found = apiGateway.detect(model).filter(({ routes }) => routes.some((route) => route.endsWith(` ${path}`)));
  expect(found.map(({ rule }) => rule)).toEqual(expected);
});
