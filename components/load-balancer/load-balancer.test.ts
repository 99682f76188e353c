/** Load balancer: its fixtures, where sessions are kept, and what makes a second process sure. */
import { describe, expect, it } from "vitest";
import { analyze } from "../../analyzers/index.ts";
import { memoryRepo } from "../../analyzers/repo/memory.ts";
import { judge } from "../findings.ts";
import { templatesOf } from "../../patches/templates.ts";
import { stepOf, type PlanStep } from "../plan.ts";
import { composed } from "../testing/composition.ts";
import { testComponent } from "../testing/test-component.ts";
import { loadBalancer } from "./index.ts";

testComponent(loadBalancer);

const manifest = JSON.stringify({ name: "a", scripts: { start: "node app.js" }, dependencies: { express: "^5.0.0" } });

async function rulesFor(code: string, files: Record<string, string> = {}): Promise<string[]> {
  const app = `const express = require("express");\nconst app = express();\n${code}\napp.listen(3000);\n`;
  const repo = memoryRepo({ "package.json": manifest, "app.js": app, ...files });
  const model = await analyze(repo, { cacheFolder: null });
  return loadBalancer
    .detect(model)
    .map(({ rule, confidence }) => `${rule.replace("load-balancer/", "")} ${confidence}`);
}

it.each([
  ["session({ secret: 'a' })", ["in-memory-session high"]],
  ["session({ secret: 'a', store: new session.MemoryStore() })", ["in-memory-session high"]],
  ["session({ secret: 'a', store: new (require('memorystore')(session))({}) })", ["in-memory-session high"]],
  ["session({ secret: 'a', store: require('connect-mongo').create({}) })", []],
  ["session({ secret: 'a', store })", []],
  ["session(options)", []],
])("sessions of %s", async (call, expected) => {
  const code = "const session = require('express-session');\nconst { store, options } = require('./settings');";
  expect(await rulesFor(`${code}\napp.use(${call});`)).toEqual(expected);
});

it("leaves alone options that get a store later", async () => {
  const code =
    "const session = require('express-session');\nconst options = { secret: 'a' };\nif (process.env.REDIS_URL) options.store = makeStore();\napp.use(session(options));";
  expect(await rulesFor(code)).toEqual([]);
});

it.each([
  ["listens to Postgres", "db.query('LISTEN scores');", []],
  ["watches a collection", "require('mongoose').model('Score').watch().on('change', tell);", []],
  ["hears a channel of Redis", "const Redis = require('ioredis'); new Redis().subscribe('scores');", []],
  ["only asks Postgres", "db.query('SELECT 1');", ["ws-local-broadcast medium"]],
])("live messages of an app that %s", async (_name, code, expected) => {
  const around = `const { Server } = require('socket.io');\nconst { Client } = require('pg');\nconst db = new Client();
const io = new Server(3001);\nconst tell = (score) => io.emit('score', score);\ndb.on('notification', tell);\n`;
  expect(await rulesFor(`${around}${code}`)).toEqual(expected);
});

describe("carts in memory", () => {
  const carts =
    "const carts = new Map();\napp.post('/cart', (req, res) => { carts.set(req.ip, req.body); res.json({}); });\napp.get('/cart', (req, res) => res.json(carts.get(req.ip)));\napp.set('trust proxy', 1);";

  it.each<[string, Record<string, string>, string]>([
    ["on a machine that nothing is known of", {}, "medium"],
    [
      "in a cluster",
      { "ecosystem.config.js": "module.exports = { apps: [{ script: 'app.js', instances: 4 }] };" },
      "high",
    ],
    ["in functions", { "vercel.json": "{}" }, "high"],
  ])("%s", async (_name, files, confidence) => {
    expect(await rulesFor(carts, files)).toEqual([`in-memory-state-shared ${confidence}`]);
  });
});

describe("nothing found", () => {
  it.each<[string, Record<string, string>, string]>([
    ["a process", {}, "not_yet"],
    ["functions", { "vercel.json": "{}" }, "not_applicable"],
  ])("in %s", async (_name, files, verdict) => {
    const app =
      'const express = require("express");\nconst app = express();\napp.get("/", (req, res) => res.json({}));\napp.listen(3000);\n';
    const repo = memoryRepo({ "package.json": manifest, "app.js": app, ...files });
    const model = await analyze(repo, { cacheFolder: null });
    expect(loadBalancer.whenQuiet(model)).toMatchObject({ verdict });
  });
});

it("says once what one line of the deployment says of several services", async () => {
  const app = 'const app = require("express")();\napp.get("/", (req, res) => res.json({}));\napp.listen(3000);\n';
  const files = Object.fromEntries(
    ["api", "admin"].flatMap((name) => [
      [`${name}/package.json`, manifest.replace('"a"', `"${name}"`)],
      [`${name}/app.js`, app],
    ]),
  );
  const repo = memoryRepo({ ...files, "railway.toml": "[deploy]\nnumReplicas = 1\n" });
  const model = await analyze(repo, { cacheFolder: null });
  const found = loadBalancer.detect(model).filter(({ rule }) => rule === "load-balancer/single-instance");
  expect(found.map(({ file, line }) => `${file}:${line}`)).toEqual(["railway.toml:2"]);
});

describe("a container that is open to the world", () => {
  const image = 'FROM node:24-slim\nCMD ["node", "app.js"]\n';
  const app = 'const app = require("express")();\napp.get("/", (req, res) => res.json({}));\napp.listen(3000);\n';
  const planned = async (more: string, code = app, files: Record<string, string> = {}): Promise<PlanStep> => {
    const compose = `services:\n  app:\n    build: .\n    restart: always\n${more}`;
    const tree = { "package.json": manifest, "app.js": code, Dockerfile: image, "compose.yaml": compose, ...files };
    return stepOf(loadBalancer, "", await analyze(memoryRepo(tree), { cacheFolder: null })).step;
  };
  const composeOf = ({ outcome }: PlanStep): string =>
    (outcome.kind === "patch" ? outcome.patch.files.find(({ path }) => path === "compose.yaml")?.after : null) ?? "";
  const ports = '    ports: ["3000:3000"]\n';

  it.each<[string, string, RegExp]>([
    ["a free port stays", ports, /replicas: 2[^]*- 3000:80/],
    ["port 80 comes with https", '    ports: ["80:3000"]\n', /\$\{HTTPS_PORT:-443\}:443/],
    ["another name is given up", `${ports}    container_name: shop\n`, /^(?![^]*container_name)[^]*replicas: 2/],
    ["a folder for two is a reason for one", `${ports}    volumes: ["data:/data"]\nvolumes:\n  data:\n`, /replicas: 1/],
    ["what is read only is none", `${ports}    volumes: ["./a.json:/a.json:ro"]\n`, /replicas: 2/],
  ])("%s", async (_name, more, expected) => {
    expect(composeOf(await planned(more))).toMatch(expected);
  });

  it.each<[string, string, string, RegExp]>([
    ["two ports", '    ports: ["3000:3000", "9229:9229"]\n', app, /not one plain/],
    ["a proxy nobody shows", ports, app.replace("app.get", 'app.set("trust proxy", 2);\napp.get'), /believes a proxy/],
    ["a CDN", ports, app.replace("res.json({})", 'res.json(req.get("CF-Connecting-IP"))'), /CDN/],
    ["shared lines", `${ports}    labels: &all {}\n    annotations: *all\n`, app, /plain lines/],
  ])("%s is left to a brief", async (_name, more, code, why) => {
    const { outcome, briefs } = await planned(more, code);
    expect([outcome.kind, briefs.map((brief) => why.test(brief.why))]).toEqual(["nothing", [true]]);
  });

  it.each<[string, string, Record<string, string>]>([
    ["on a platform", ports, { "fly.toml": 'app = "a"\n' }],
    ["behind nginx", ports, { "nginx.conf": "location / {\n proxy_pass http://app;\n}\n" }],
    ["in a network of others", `${ports}networks:\n  web:\n    external: true\n`, {}],
    ["in a swarm", `${ports}    deploy:\n      update_config: { order: start-first }\n`, {}],
  ])("is none %s", async (_name, more, files) => {
    expect((await planned(more, app, files)).findings).toEqual([]);
  });

  it.each([
    ["take(req.formData(), { fileSize: 50 * 1024 * 1024 })", "500MiB"],
    ["take(req.formData())", "100MiB"],
    ["express.json({ limit: '25mb' })", "25MiB"],
    ["list({ limit: 50 })", "10MiB"],
  ])("lets through what %s takes", async (call, size) => {
    const { outcome } = await planned(ports, app.replace("res.json({})", call));
    const caddyfile = outcome.kind === "patch" ? outcome.patch.files.find(({ path }) => path === "Caddyfile") : null;
    expect(caddyfile?.after).toContain(`max_size ${size}\n`);
  });
});

it("takes over the file that the part Containers writes, with https, and leaves nothing for a second run", async () => {
  const app = 'const app = require("express")();\napp.get("/", (req, res) => res.json({}));\napp.listen(3000);\n';
  const { faults, after } = await composed({ "package.json": manifest, "app.js": app, "package-lock.json": "{}" }, [
    "load-balancer",
    "containers",
  ]);
  expect(faults).toEqual([]);
  expect(after["compose.yaml"]).toMatch(/expose:\n\s+- 3000\n[^]*replicas: 2[^]*HTTPS_PORT/);
});

const sessions = "app.use(require('express-session')({ secret: 'a' }));";
const sockets =
  "const { Server } = require('socket.io');\nconst io = new Server(3001);\napp.post('/say', (req, res) => { io.emit('said', req.body); res.json({}); });";

it.each<[string, string, Record<string, string>, RegExp | null]>([
  ["sessions", sessions, {}, null],
  ["sessions of two kinds", `${sessions}\n${sessions}`, {}, /2 kinds of sessions/],
  ["sessions in an old Redis client", sessions, { redis: "^4.6.0" }, /redis \^4\.6\.0/],
  ["sockets", sockets, { "socket.io": "^4.8.0" }, null],
  ["sockets of an old version", sockets, { "socket.io": "^2.4.0" }, /needs Socket\.IO 4/],
  [
    "sockets beside a database in a file",
    sockets,
    { "socket.io": "^4.8.0", sqlite3: "^5.1.0" },
    /no second process yet/,
  ],
])("%s are written, or the reason is named", async (_name, code, more, reason) => {
  const parsed: { dependencies: Record<string, string> } = JSON.parse(manifest);
  const text = JSON.stringify({ ...parsed, dependencies: { ...parsed.dependencies, ...more } });
  const app = `const app = require("express")();\n${code}\napp.listen(3000);\n`;
  const model = await analyze(memoryRepo({ "package.json": text, "app.js": app }), { cacheFolder: null });
  const { findings } = judge(model, [loadBalancer]);
  const draft = loadBalancer.recipe?.(findings, model, templatesOf(loadBalancer.folder), () => findings);
  const why = draft?.briefs.map((brief) => brief.why).join(" ") ?? "";
  const isSaid = reason === null ? why === "" : reason.test(why);
  expect({ fixes: draft?.fixes.length, isSaid }).toEqual({
    fixes: reason === null ? findings.length : 0,
    isSaid: true,
  });
});
