/** Cdn: its fixtures hold what every component must, and a table what is said of frameworks other than Express. */
import { expect, it } from "vitest";
import { analyze } from "../../analyzers/index.ts";
import { memoryRepo } from "../../analyzers/repo/memory.ts";
import { testComponent } from "../testing/test-component.ts";
import { cdn } from "./index.ts";

testComponent(cdn);

const paths = ["/boats", "/piers", "/tides"];
const onFastify = `import Fastify from "fastify";\nconst app = Fastify();\n${paths.map((path) => `app.get("${path}", async () => []);\n`).join("")}`;
const onHono = `import { Hono } from "hono";\nconst app = new Hono();\n${paths.map((path) => `app.get("${path}", (c) => c.json([]));\n`).join("")}`;

it.each<[name: string, server: string, count: number]>([
  ["Fastify", `${onFastify}app.listen({ port: 3000 });`, 1],
  [
    "Fastify that packs",
    `import compress from "@fastify/compress";\n${onFastify}app.register(compress);\napp.listen({ port: 3000 });`,
    0,
  ],
  ["Hono on Node", `import { serve } from "@hono/node-server";\n${onHono}serve(app);`, 1],
  [
    "Hono that packs",
    `import { serve } from "@hono/node-server";\nimport { compress } from "hono/compress";\n${onHono}serve(app);`,
    0,
  ],
  ["Hono wherever it may run", `${onHono}export default app;`, 0],
])("%s", async (_, server, count) => {
  const dependencies = { fastify: "5", "@fastify/compress": "8", hono: "4", "@hono/node-server": "1" };
  const manifest = JSON.stringify({
    name: "harbour",
    type: "module",
    scripts: { start: "node server.js" },
    dependencies,
  });
  const model = await analyze(memoryRepo({ "package.json": manifest, "server.js": server }), { cacheFolder: null });
  expect(cdn.detect(model).filter(({ rule }) => rule === "cdn/no-compression")).toHaveLength(count);
});
