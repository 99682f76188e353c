import { describe, expect, it } from "vitest";
import { analyze } from "../analyzers/index.ts";
import { memoryRepo } from "../analyzers/repo/memory.ts";
import { serverApp } from "../analyzers/serving/server-apps.ts";
import { pluginLoading, type Loading } from "./plugin-loading.ts";

const made = 'import Fastify from "fastify";\nconst app = Fastify();\n';
const plugin =
  'import type { FastifyInstance } from "fastify";\nexport async function routes(app: FastifyInstance) {\n  app.get("/a", async () => 1);\n}\n';
const helper =
  'import type { FastifyInstance } from "fastify";\nimport { routes } from "./routes";\nexport function add(app: FastifyInstance) {\n  app.register(routes);\n}\n';

const cases: { name: string; type?: "module"; files: Record<string, string>; loading: Loading }[] = [
  {
    name: "routes beside the app, in a file that awaits at its top",
    files: { "server.ts": `${made}app.get("/a", async () => 1);\nawait app.listen({ port: 1 });\n` },
    loading: "awaited",
  },
  {
    name: "routes beside the app, in an ES module of Node's own",
    type: "module",
    files: { "server.js": `${made}app.get("/a", async () => 1);\n` },
    loading: "awaited",
  },
  {
    name: "routes beside the app, in TypeScript that may be compiled to require",
    files: { "server.ts": `${made}app.get("/a", async () => 1);\napp.listen({ port: 1 });\n` },
    loading: "too-late",
  },
  {
    name: "routes in a function that is called with the app",
    files: {
      "server.ts": `${made}import { routes } from "./routes";\nroutes(app);\napp.listen({ port: 1 });\n`,
      "routes.ts": plugin,
    },
    loading: "too-late",
  },
  {
    name: "routes in a plugin",
    files: {
      "server.ts": `${made}import { routes } from "./routes";\napp.register(routes);\napp.listen({ port: 1 });\n`,
      "routes.ts": plugin,
    },
    loading: "queued",
  },
  {
    name: "routes in a plugin that a function registers",
    files: {
      "server.ts": `${made}import { add } from "./add";\nadd(app);\napp.listen({ port: 1 });\n`,
      "routes.ts": plugin,
      "add.ts": helper,
    },
    loading: "queued",
  },
  {
    name: "an app made in an async function",
    files: {
      "server.ts":
        'import Fastify from "fastify";\nexport async function build() {\n  const app = Fastify();\n  app.get("/a", async () => 1);\n  return app;\n}\nbuild().then((app) => app.listen({ port: 1 }));\n',
    },
    loading: "awaited",
  },
];

describe("a plugin of Fastify", () => {
  it.each(cases)("is $loading: $name", async ({ type = "commonjs", files, loading }) => {
    const manifest = { name: "shop", type, scripts: { start: "tsx server.ts" }, dependencies: { fastify: "^5.4.0" } };
    const model = await analyze(memoryRepo({ "package.json": JSON.stringify(manifest), ...files }), {
      cacheFolder: null,
    });
    const [service] = model.services;
    const app = service === undefined ? null : serverApp(model, service);

    expect(model.routes.map(({ path }) => path)).toEqual(["/a"]);
    expect(service && app && pluginLoading(model, service, app.creation, model.routes)).toBe(loading);
  });
});
