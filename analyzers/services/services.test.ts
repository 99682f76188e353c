/** Commands, services, deploy targets and contexts, each from a handful of files as real repos have them. */
import { describe, expect, it } from "vitest";
import { extract, isSource } from "../extract/extract.ts";
import { memoryRepo } from "../repo/memory.ts";
import type { ImportFact, Summary } from "../summary.ts";
import { launches } from "./command.ts";
import { classifyContexts, findDeploy, findServices, readManifests } from "./index.ts";

const SPAN = { start: 0, end: 0, line: 3, endLine: 3, column: 0 };

function summaryOf(packages: string[], more: Partial<Summary> = {}): Summary {
  const imports = packages.map((specifier): ImportFact => ({
    specifier,
    names: [],
    typeOnly: false,
    form: "import",
    span: SPAN,
  }));
  const empty: Summary = {
    language: "typescript",
    modules: "esm",
    directives: [],
    imports,
    exports: {},
    reexports: [],
    functions: [],
    classes: [],
    calls: [],
    writes: [],
    changes: [],
    arms: [],
    tries: [],
    env: [],
    jsx: false,
    dom: false,
    problem: null,
  };
  return { ...empty, ...more };
}

const LISTEN: Summary["calls"][number] = {
  fn: 0,
  callee: { kind: "member", object: { kind: "unknown" }, property: "listen" },
  args: [{ kind: "literal", value: 4000 }],
  isNew: false,
  use: "discarded",
  awaited: false,
  inLoop: false,
  guarded: false,
  span: SPAN,
  statement: SPAN,
};

describe("what a command starts", () => {
  it.each([
    ["node dist/index.js", ["dist/index.js"]],
    ["NODE_ENV=production node --max-old-space-size=512 server", ["server"]],
    ["node -r dotenv/config --enable-source-maps dist/main", ["dist/main"]],
    ["node --env-file .env --import tsx src/a.ts", ["src/a.ts"]],
    ["cross-env NODE_ENV=production node build/app.js", ["build/app.js"]],
    ["tsx watch --env-file=.env src/index.ts", ["src/index.ts"]],
    ["ts-node -P tsconfig.dev.json -r tsconfig-paths/register src/x.ts", ["src/x.ts"]],
    ["ts-node-dev --respawn --ignore-watch node_modules src/x.ts", ["src/x.ts"]],
    ["nodemon --watch src --ext ts --exec 'ts-node -T' src/x.ts", ["src/x.ts"]],
    ['nodemon --exec "tsx src/x.ts"', ["src/x.ts"]],
    ["tsc-watch --onSuccess 'node dist/x.js'", ["dist/x.js"]],
    ["tsc && node dist/x.js", ["dist/x.js"]],
    ['concurrently -k "tsc -w" "nodemon dist/x.js"', ["dist/x.js"]],
    ["pm2-runtime start dist/x.js -i max", ["dist/x.js"]],
    ["pm2 start ecosystem.config.js --env production", ["ecosystem.config.js"]],
    ["sh -c 'npx prisma migrate deploy && exec node dist/x.js'", ["dist/x.js"]],
    ["env-cmd -f .env.local nodemon src/x.js", ["src/x.js"]],
    ["doppler run -- node x.mjs", ["x.mjs"]],
    ["wait-for-it db:5432 -- node x.js", ["x.js"]],
    ["cd server && node x.js", ["server/x.js"]],
    ["bun run src/x.ts", ["src/x.ts"]],
    ["bun --hot src/x.ts", ["src/x.ts"]],
    ["deno run -A --watch src/x.ts", ["src/x.ts"]],
    ["deno serve --port 8000 src/x.ts", ["src/x.ts"]],
    ["node -e 'require(\"fs\")'", []],
    ["node --test", []],
    ["", []],
    ['"unclosed && node x', ["x"]],
  ])("%s", (command, files) => {
    const started = launches(command).flatMap((launch) =>
      launch.kind === "file" ? [launch.folder === "." ? launch.file : `${launch.folder}/${launch.file}`] : [],
    );
    expect(started).toEqual(files);
  });

  it.each([
    ["npm start", ".", "start"],
    ["npm run --silent serve", ".", "serve"],
    ["npm --prefix server run dev", "server", "dev"],
    ["yarn dev", ".", "dev"],
    ["pnpm -C api start", "api", "start"],
  ])("%s calls a script", (command, folder, script) => {
    expect(launches(command)).toEqual([{ kind: "script", script, folder, workspace: null }]);
  });
});

describe("services", () => {
  it("maps the compiled entry back to its source and says where output goes", () => {
    const repo = memoryRepo({
      "package.json": JSON.stringify({
        name: "shop",
        type: "module",
        scripts: { build: "tsc", start: "node dist/server.js" },
        dependencies: { express: "^5.0.0", pg: "8" },
      }),
      "tsconfig.json": '{ // comment\n "compilerOptions": { "outDir": "./dist", "rootDir": "./src", } }',
      "package-lock.json": "{}",
      "src/server.ts": "",
      "src/unused.ts": "",
      ".nvmrc": "v22.3.0\n",
    });
    const summaries = new Map([
      ["src/server.ts", summaryOf(["express", "pg"], { calls: [LISTEN] })],
      ["src/unused.ts", summaryOf([])],
    ]);
    const [service] = findServices(repo, summaries);
    expect(service).toMatchObject({
      name: "shop",
      root: ".",
      language: "typescript",
      modules: "esm",
      frameworks: [{ name: "express", version: "^5.0.0" }],
      packageManager: "npm",
      lockfile: "package-lock.json",
      entry: ["src/server.ts"],
      start: "node dist/server.js",
      build: "tsc",
      outDir: "dist",
      port: { value: 4000, source: "fixed in the code", place: { file: "src/server.ts", line: 3 }, env: null },
      nodeVersion: "22.3.0",
      backing: [{ kind: "postgres", evidence: { file: "src/server.ts", line: 3, note: "imports pg" } }],
      processes: [],
    });
  });

  it("takes only packages that run, with the lockfile of the workspace root", () => {
    const repo = memoryRepo({
      "package.json": JSON.stringify({
        name: "mono",
        workspaces: ["apps/*", "packages/*"],
        packageManager: "pnpm@10.1.0",
        scripts: { start: "turbo run start" },
      }),
      "pnpm-lock.yaml": "",
      "apps/api/package.json": JSON.stringify({
        name: "api",
        scripts: { start: "node dist/index.js", worker: "node dist/worker.js" },
      }),
      "apps/api/src/index.ts": "",
      "apps/api/src/worker.ts": "",
      "apps/web/package.json": JSON.stringify({ name: "web", scripts: { dev: "vite" }, dependencies: { react: "19" } }),
      "apps/web/src/main.tsx": "",
      "packages/ui/package.json": JSON.stringify({ name: "ui", main: "index.ts" }),
      "packages/ui/index.ts": "",
    });
    const summaries = new Map([
      ["apps/api/src/index.ts", summaryOf([])],
      ["apps/api/src/worker.ts", summaryOf([])],
      ["apps/web/src/main.tsx", summaryOf(["react", "react-dom/client"], { jsx: true })],
      ["packages/ui/index.ts", summaryOf([])],
    ]);
    const services = findServices(repo, summaries);
    expect(services.map((each) => [each.name, each.packageManager, each.lockfile, each.entry])).toEqual([
      ["api", "pnpm", "pnpm-lock.yaml", ["apps/api/src/index.ts"]],
      ["web", "pnpm", "pnpm-lock.yaml", []],
    ]);
    expect(services[0]?.processes).toEqual([
      {
        name: "worker",
        command: "node dist/worker.js",
        evidence: { file: "apps/api/package.json", line: 1 },
        entry: ["apps/api/src/worker.ts"],
      },
    ]);
  });

  it("reads Dockerfile, Procfile and compose when package.json has no start script", () => {
    const repo = memoryRepo({
      "package.json": JSON.stringify({ name: "a", dependencies: {} }),
      Dockerfile: 'FROM node:22.5-alpine AS base\nWORKDIR /app\nEXPOSE 8080\nCMD ["node", \\\n  "/app/api/run.js"]\n',
      Procfile: "web: node api/run.js\nmailer: node api/mailer.js\n",
      "docker-compose.yml":
        "services:\n  db:\n    image: postgres:16\n  jobs:\n    build: .\n    command: node api/jobs.js\n    depends_on:\n      tables:\n        condition: service_completed_successfully\n  tables:\n    build: .\n    command: node api/tables.js\n",
      "api/run.js": "",
      "api/mailer.js": "",
      "api/jobs.js": "",
      "api/tables.js": "",
    });
    const [service] = findServices(repo, new Map());
    expect(service).toMatchObject({
      entry: ["api/run.js"],
      start: "node api/run.js",
      nodeVersion: "22.5",
      port: { value: 8080, source: "EXPOSE in the Dockerfile", place: { file: "Dockerfile", line: 3 } },
      backing: [{ kind: "postgres", evidence: { file: "docker-compose.yml", line: 2 } }],
    });
    expect(service?.processes.map((each) => [each.name, each.evidence])).toEqual([
      ["mailer", { file: "Procfile", line: 2 }],
      ["jobs", { file: "docker-compose.yml", line: 4 }],
    ]);
  });

  it.each([
    ["{ not json", "package.json is not valid JSON"],
    ["[]", "package.json does not hold an object"],
    ['{"scripts": 3, "workspaces": {"a": 1}, "bin": 9}', null],
  ])("survives package.json %s", (text, reason) => {
    const repo = memoryRepo({ "package.json": text, "index.js": "" });
    expect(readManifests(repo).problems.map((each) => each.reason)).toEqual(reason === null ? [] : [reason]);
    expect(findServices(repo, new Map()).length).toBe(reason === null ? 1 : 0);
  });

  it.each([
    ["wrangler.toml", 'name = "a"\nmain = "src/worker.ts"\n'],
    ["wrangler.jsonc", '{\n  // the worker\n  "main": "src/worker.ts"\n}'],
  ])("starts where %s says", (file, text) => {
    const worker = "import { Hono } from 'hono'; const app = new Hono(); export default app;";
    const files = { "package.json": '{ "scripts": { "dev": "wrangler dev" } }', [file]: text, "src/worker.ts": worker };
    const summaries = new Map([["src/worker.ts", extract("src/worker.ts", worker)]]);
    expect(findServices(memoryRepo(files), summaries)[0]?.entry).toEqual(["src/worker.ts"]);
  });

  it.each([
    [
      "an app",
      "import { Hono } from 'hono'; const app = new Hono().get('/', h); app.get('/a', h); export default app;",
      ["src/index.ts"],
    ],
    ["a chain", "import { Hono } from 'hono'; export default new Hono().get('/', h);", ["src/index.ts"]],
    ["an object with fetch", "export default { fetch: app.fetch };", ["src/index.ts"]],
    ["something else", "import { Map } from 'm'; export default new Map().get('/', h);", []],
  ])("takes a default export of %s for a server or not", (_, text, entry) => {
    const files = { "package.json": '{ "scripts": { "dev": "wrangler dev" } }', "src/index.ts": text };
    const summaries = new Map([["src/index.ts", extract("src/index.ts", text)]]);
    expect(findServices(memoryRepo(files), summaries)[0]?.entry).toEqual(entry);
  });

  it("tells an app from a library that a script prepares before its watcher runs", () => {
    const library = {
      name: "core",
      scripts: { dev: "npm run vendor && tsc --watch", vendor: "node scripts/vendor.mjs" },
    };
    const files = {
      "packages/core/package.json": JSON.stringify(library),
      "packages/core/scripts/vendor.mjs": 'import { cpSync } from "node:fs"; cpSync("a", "b");',
      "apps/api/package.json": JSON.stringify({ name: "api", scripts: { dev: "node scripts/dev.mjs" } }),
      "apps/api/scripts/dev.mjs": 'import http from "node:http"; http.createServer(() => {}).listen(3000);',
    };
    const read = Object.entries(files).filter(([file]) => file.endsWith(".mjs"));
    const summaries = new Map(read.map(([file, text]) => [file, extract(file, text)]));
    expect(findServices(memoryRepo(files), summaries).map(({ name }) => name)).toEqual(["api"]);
  });

  it("never follows a script that calls itself", () => {
    const repo = memoryRepo({ "package.json": JSON.stringify({ scripts: { start: "npm run go", go: "npm start" } }) });
    expect(findServices(repo, new Map())[0]?.entry).toEqual([]);
  });
});

describe("the port as the code reads it", () => {
  const listen = (argument: string, more = "") => ({ "index.js": `${more}\napp.listen(${argument});\n` });
  const BOTH = { value: 4000, env: "PORT" };

  it.each([
    ["a number", listen("4000"), { value: 4000, env: null }],
    ["env or number", listen("process.env.PORT || 4000"), BOTH],
    ["env or text", listen("process.env['PORT'] ?? '4000', '0.0.0.0'"), BOTH],
    ["converted", listen("Number(process.env.PORT ?? 4000)"), BOTH],
    ["parsed, then defaulted", listen("port", "const port = parseInt(process.env.PORT, 10) || 4000;"), BOTH],
    ["normalised", listen("port", "const port = normalizePort(process.env.PORT || '4000');"), BOTH],
    ["destructured with default", listen("PORT", "const { PORT = 4000 } = process.env;"), BOTH],
    ["template", listen("`${port}`", "const port = process.env.PORT || 4000;"), BOTH],
    ["options object", listen("{ port: process.env.PORT || 4000, host: '::' }"), BOTH],
    ["app setting", listen("app.get('port')", "app.set('port', process.env.PORT || 4000);"), BOTH],
    ["helper", listen("getEnv('PORT', 4000)"), BOTH],
    [
      "class field",
      { "index.js": "class Server { port = process.env.PORT || 4000; start() { this.app.listen(this.port); } }" },
      BOTH,
    ],
    [
      "config object in another file",
      {
        ...listen("config.server.port", "const config = require('./config');"),
        "config/index.js": "module.exports = { server: { port: process.env.PORT || 4000 } };",
      },
      BOTH,
    ],
    [
      "default export, frozen",
      {
        ...listen("config.port", "import config from './config.js';"),
        "config.ts": "export default Object.freeze({ port: Number(process.env.PORT) || 4000 });",
      },
      BOTH,
    ],
    [
      "through a re-export",
      {
        ...listen("PORT", "import { PORT } from './config/index.js';"),
        "config/index.ts": "export * from './env.js';",
        "config/env.ts": "export const PORT = process.env.PORT || 4000;",
      },
      BOTH,
    ],
    [
      "zod schema",
      {
        ...listen("env.PORT", "import { env } from './env.js';"),
        "env.ts":
          "import { z } from 'zod';\nconst schema = z.object({ PORT: z.coerce.number().default(4000) });\nexport const env = schema.parse(process.env);",
      },
      BOTH,
    ],
    [
      "Joi schema and config object",
      {
        ...listen("config.port", "const config = require('./config');"),
        "config.js":
          "const s = Joi.object().keys({ PORT: Joi.number().default(4000) }).unknown();\nconst { value: v } = s.prefs({}).validate(process.env);\nmodule.exports = { port: v.PORT };",
      },
      BOTH,
    ],
    [
      "envalid",
      { ...listen("env.PORT", "const env = cleanEnv(process.env, { PORT: port({ default: 4000 }) });") },
      BOTH,
    ],
    [
      "through a path alias",
      {
        ...listen("PORT || 4000", "import { PORT } from '@config';"),
        "tsconfig.json": '{ "compilerOptions": { "paths": { "@config": ["./src/config"] } } }',
        "src/config/index.ts": "export const { PORT } = process.env;",
      },
      BOTH,
    ],
    [
      "Hono on Node",
      {
        "index.js":
          "import { serve } from '@hono/node-server'; serve({ fetch: app.fetch, port: process.env.PORT || 4000 });",
      },
      BOTH,
    ],
    ["Bun's own", { "index.js": "Bun.serve({ port: process.env.PORT || 4000, fetch() {} });" }, BOTH],
    [
      "what Bun serves by export",
      { "index.js": "export default { port: process.env.PORT || 4000, fetch: app.fetch };" },
      BOTH,
    ],
    [
      "an export under a name",
      { "index.js": "const server = { port: 4000, fetch() {} }; export default server;" },
      { value: 4000 },
    ],
    ["an export that nobody serves", { "index.js": "export default { port: 4000 };" }, { value: null }],
    ["env alone, example file", { ...listen("process.env.PORT"), ".env.example": "A=1\nPORT=4000\n" }, BOTH],
    ["env alone", listen("process.env.APP_PORT"), { value: null, env: "APP_PORT" }],
    ["a pipe or socket path", listen("'/tmp/app.sock'"), { value: null }],
    ["a parameter", { "index.js": "export function start(port) { app.listen(port); }" }, { value: null }],
    ["itself", listen("port", "const port = port;"), { value: null }],
    ["random", listen("0"), { value: null }],
  ] as [string, Record<string, string>, { value: number | null; env?: string | null }][])(
    "%s",
    (_, files, expected) => {
      const repo = memoryRepo({ "package.json": '{ "scripts": { "start": "node index.js" } }', ...files });
      const summaries = new Map(
        repo.files.filter(isSource).map((file) => [file, extract(file, repo.read(file) ?? "")]),
      );
      expect(findServices(repo, summaries)[0]?.port).toMatchObject(expected);
    },
  );

  it.each([
    ["fastify start app.js", { value: 3000, env: "PORT" }],
    ["prisma migrate deploy && fastify start -l info -p 4000 app.js", { value: 4000 }],
    ["fastify generate app.js", { value: null }],
  ])("is fastify-cli's: %s", (start, expected) => {
    const files = {
      "package.json": JSON.stringify({ scripts: { start } }),
      "app.js": "module.exports = async (fastify) => {};",
    };
    const [service] = findServices(memoryRepo(files), new Map([["app.js", extract("app.js", files["app.js"])]]));
    expect(service?.port).toMatchObject(expected);
  });

  it("does not call a port fixed when something unknown may come first", () => {
    const text = "import { PORT } from 'somewhere';\napp.listen(PORT || 4000);\n";
    const repo = memoryRepo({ "package.json": "{}", "index.js": text });
    const [service] = findServices(repo, new Map([["index.js", extract("index.js", text)]]));
    expect(service?.port).toEqual({ value: 4000, source: "default in the code", place: { file: "index.js", line: 2 } });
  });

  it("lists the environment with defaults and places", () => {
    const text =
      "const a = process.env.REDIS_URL;\nconst b = process.env.REDIS_URL || 'redis://x';\nconst e = cleanEnv(process.env, { PORT: port({ default: 4000 }) });\n";
    const repo = memoryRepo({
      "package.json": "{}",
      "index.js": text,
      ".env.example": "REDIS_URL=redis://localhost\nMONGO=mongodb://x\n",
    });
    const [service] = findServices(repo, new Map([["index.js", extract("index.js", text)]]));
    expect(service?.env).toEqual([
      { name: "PORT", default: 4000, place: { file: "index.js", line: 3 } },
      { name: "REDIS_URL", default: "redis://x", place: { file: "index.js", line: 2 } },
    ]);
    expect(service?.backing).toEqual([
      { kind: "redis", evidence: { file: ".env.example", line: 1, note: "REDIS_URL in .env.example" } },
    ]);
  });
});

describe("deploy targets", () => {
  it.each([
    [{ "vercel.json": "{}" }, ["vercel"]],
    [{ "package.json": '{ "scripts": { "deploy": "tsc && wrangler deploy --minify" } }' }, ["cloudflare"]],
    [{ "package.json": '{ "scripts": { "dev": "wrangler dev", "docs": "wrangler pages deploy out" } }' }, []],
    [{ "fly.toml": "", Dockerfile: "FROM node:22" }, ["fly", "docker"]],
    [
      {
        "infra/kafka/Dockerfile": "FROM apache/kafka:4.0\nCOPY topics.sh .",
        "docker-compose.yml": "services:\n  topics:\n    build: ./infra/kafka\n",
      },
      [],
    ],
    [{ "k8s/api.yaml": "apiVersion: apps/v1\nkind: Deployment\n" }, ["kubernetes"]],
    [{ "docs/openapi.yaml": "kind: Deployment\n" }, []],
    [{ "app.json": '{"expo":{}}' }, []],
    [{ "app.yaml": "runtime: nodejs22\n" }, ["app-engine"]],
    [
      {
        ".github/workflows/d.yml":
          "jobs:\n  a:\n    steps:\n      # flyctl deploy\n      - run: npx vercel deploy --prod\n",
      },
      ["vercel"],
    ],
    [
      {
        ".github/workflows/compat.yml":
          "jobs:\n  a:\n    steps:\n      - run: |\n          npm ci\n          npx wrangler deploy --dry-run --outdir dist\n",
      },
      [],
    ],
    [
      {
        "cloudbuild.yaml":
          "steps:\n  - name: gcr.io/google.com/cloudsdktool/cloud-sdk\n    entrypoint: gcloud\n    args:\n      - 'run'\n      - 'deploy'\n      - 'notes'\n",
      },
      ["cloud-run"],
    ],
    [{ "cloudbuild.yaml": "steps:\n  - name: node\n    args: ['npm', 'run', 'build']\n" }, []],
    [{ "package.json": '{ "scripts": { "deploy:prod": "wrangler deploy --minify src/index.ts" } }' }, ["cloudflare"]],
    [{ "package.json": '{ "scripts": { "dev": "wrangler deploy", "deploy": "wrangler deploy --dry-run" } }' }, []],
    [{ "apps/a/fly.toml": "", "apps/b/fly.toml": "", "apps/b/fly.staging.toml": "" }, ["fly", "fly"]],
    [{ "ecosystem.config.js": "" }, ["vm"]],
    [{ "process.json": '{ "apps": [{ "script": "app.js" }] }' }, ["vm"]],
    [{ "src/routes/ecosystem.js": 'router.get("/ecosystem", list);\nmodule.exports = router;\n' }, []],
    [{ "compose.yml": "services:\n  web:\n    build: .\n" }, ["compose"]],
    [{ "compose.yml": "services: [*a" }, []],
    [{ ".devcontainer/Dockerfile": "FROM node" }, []],
  ] as [Record<string, string>, string[]][])("%j", (files, targets) => {
    expect(findDeploy(memoryRepo(files)).map((each) => each.target)).toEqual(targets);
  });
});

describe("contexts", () => {
  const files = {
    "package.json": JSON.stringify({
      name: "a",
      scripts: { start: "node src/index.js", worker: "node src/worker.js", seed: "node db/fill.js" },
    }),
    "src/index.js": "",
  };
  const imports = new Map([
    ["src/index.js", ["src/shared.js", "src/tests/route.js"]],
    ["src/worker.js", ["src/shared.js", "src/job.js"]],
    ["public/app.js", ["src/shared.js"]],
    ["src/index.test.js", ["src/index.js", "test/server-stub.js"]],
  ]);

  it.each([
    ["src/index.js", {}, "server"],
    ["src/shared.js", {}, "server"],
    ["src/tests/route.js", {}, "server"],
    ["src/worker.js", {}, "worker"],
    ["src/job.js", {}, "worker"],
    ["src/index.test.js", {}, "test"],
    ["test/server-stub.js", {}, "test"],
    ["public/app.js", {}, "browser"],
    ["src/widget.jsx", { jsx: true }, "browser"],
    ["db/fill.js", {}, "script"],
    ["scripts/clean.js", {}, "script"],
    ["vite.config.js", {}, "build"],
    ["src/old.js", {}, "dead"],
    ["src/old-server.js", { calls: [LISTEN] }, "dead"],
  ] as [string, Partial<Summary>, string][])("%s is %s code: %s", (file, more, context) => {
    const names = [
      "src/index.js",
      "src/shared.js",
      "src/tests/route.js",
      "src/worker.js",
      "src/job.js",
      "src/index.test.js",
      "test/server-stub.js",
    ];
    const all = [
      ...names,
      "public/app.js",
      "src/widget.jsx",
      "db/fill.js",
      "scripts/clean.js",
      "vite.config.js",
      "src/old.js",
      file,
    ];
    const summaries = new Map(all.map((name) => [name, summaryOf([])]));
    summaries.set(file, summaryOf([], more));
    const repo = memoryRepo({ ...files, ...Object.fromEntries(all.map((name) => [name, ""])) });
    expect(classifyContexts({ repo, services: findServices(repo, summaries), summaries, imports }).get(file)).toBe(
      context,
    );
  });

  it.each([
    [
      "beside the packages that are services",
      { "api/package.json": '{ "name": "api", "scripts": { "start": "node index.js" } }' },
      "script",
    ],
    ["where there is nothing else", {}, "server"],
  ])("takes an example %s for what it is", (_, more, context) => {
    const names = ["api/index.js", "sdk/examples/login.js"];
    const repo = memoryRepo({ ...Object.fromEntries(names.map((name) => [name, ""])), ...more });
    const summaries = new Map(names.map((name) => [name, summaryOf([], { calls: [LISTEN] })]));
    const contexts = classifyContexts({ repo, services: findServices(repo, summaries), summaries, imports: new Map() });
    expect(contexts.get("sdk/examples/login.js")).toBe(context);
  });

  it("says server, not dead, where no entry can be found", () => {
    const repo = memoryRepo({ "package.json": "{}", "odd/name.js": "", "odd/other.js": "" });
    const summaries = new Map([
      ["odd/name.js", summaryOf([], { calls: [LISTEN] })],
      ["odd/other.js", summaryOf([])],
    ]);
    const contexts = classifyContexts({ repo, services: findServices(repo, summaries), summaries, imports: new Map() });
    expect([...contexts.values()]).toEqual(["server", "server"]);
  });

  it("takes what a server loads by folder as the server's", () => {
    const repo = memoryRepo({ ...files, "src/models/index.js": "", "src/models/user.js": "" });
    const load = {
      ...LISTEN,
      callee: { kind: "name", name: "require", fn: 0 },
      args: [{ kind: "unknown" }],
    } satisfies Summary["calls"][number];
    const summaries = new Map([
      ["src/index.js", summaryOf([])],
      ["src/models/index.js", summaryOf([], { calls: [load] })],
      ["src/models/user.js", summaryOf([])],
    ]);
    const edges = new Map([["src/index.js", ["src/models/index.js"]]]);
    expect(
      classifyContexts({ repo, services: findServices(repo, summaries), summaries, imports: edges }).get(
        "src/models/user.js",
      ),
    ).toBe("server");
  });

  it.each([
    "import cluster from 'node:cluster'; import path from 'node:path'; cluster.setupPrimary({ exec: path.join(__dirname, 'jobs', 'web.js') }); cluster.fork();",
    "import { fork } from 'node:child_process'; fork('./jobs/web.js');",
    "import { Worker } from 'node:worker_threads'; new Worker(new URL('./jobs/web.js', import.meta.url));",
  ])("takes what a server starts by its path for the server's: %s", (text) => {
    const repo = memoryRepo({ ...files, "src/index.js": text, "src/jobs/web.ts": "", "src/jobs/old.ts": "" });
    const summaries = new Map(repo.files.filter(isSource).map((file) => [file, extract(file, repo.read(file) ?? "")]));
    const contexts = classifyContexts({ repo, services: findServices(repo, summaries), summaries, imports: new Map() });
    expect(["src/jobs/web.ts", "src/jobs/old.ts"].map((file) => contexts.get(file))).toEqual(["server", "dead"]);
  });

  it("ends the server's reach where browser code begins", () => {
    const repo = memoryRepo({
      "package.json": JSON.stringify({ scripts: { start: "next start" }, dependencies: { next: "16" } }),
      "app/page.tsx": "",
      "app/form.tsx": "",
    });
    const summaries = new Map([
      ["app/page.tsx", summaryOf([], { jsx: true })],
      ["app/form.tsx", summaryOf([], { jsx: true, directives: ["use client"] })],
    ]);
    const contexts = classifyContexts({
      repo,
      services: findServices(repo, summaries),
      summaries,
      imports: new Map([["app/page.tsx", ["app/form.tsx"]]]),
    });
    expect(Object.fromEntries(contexts)).toEqual({ "app/page.tsx": "server", "app/form.tsx": "browser" });
  });
});
