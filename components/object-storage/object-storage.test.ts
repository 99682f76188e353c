/** Object storage: its fixtures hold what every component must, and what only receives files keeps none. */
import { expect, it } from "vitest";
import { analyze } from "../../analyzers/index.ts";
import { memoryRepo } from "../../analyzers/repo/memory.ts";
import { testComponent } from "../testing/test-component.ts";
import { objectStorage } from "./index.ts";

testComponent(objectStorage);

it("does not take what receives files for what keeps them", async () => {
  const files = {
    "package.json": JSON.stringify({
      name: "a",
      type: "module",
      scripts: { start: "node a.js" },
      dependencies: { fastify: "5", "@fastify/multipart": "9" },
    }),
    "a.js":
      'import Fastify from "fastify";\nimport multipart from "@fastify/multipart";\nconst app = Fastify();\napp.register(multipart);\napp.post("/proofs", async (request) => {\n  const file = await request.file();\n  return { name: file.filename };\n});\napp.listen({ port: 3000 });\n',
  };
  const model = await analyze(memoryRepo(files), { cacheFolder: null });
  expect(objectStorage.presence(model).status).toBe("absent");
});

it("sees a picture that Bun writes as it came, and no text that the app made", async () => {
  const files = {
    "package.json": JSON.stringify({
      name: "a",
      type: "module",
      scripts: { start: "bun a.ts" },
      dependencies: { hono: "4" },
    }),
    "a.ts":
      'import { Hono } from "hono";\nimport { keep } from "./keep";\nconst app = new Hono();\napp.post("/pictures", async (c) => {\n  const form = await c.req.parseBody();\n  return c.json({ path: await keep(form) });\n});\napp.post("/notes", async (c) => {\n  const { note } = await c.req.json();\n  await Bun.write("notes/last.txt", `Last: ${note}`);\n  return c.body(null, 204);\n});\nBun.serve({ fetch: app.fetch, port: 3000 });\n',
    "keep.ts":
      "export async function keep(form: { picture: File }) {\n  const path = `static/pictures/${form.picture.name}`;\n  await Bun.write(path, form.picture);\n  return path;\n}\n",
  };
  const model = await analyze(memoryRepo(files), { cacheFolder: null });
  expect(objectStorage.detect(model).map(({ rule, file, line }) => `${rule} ${file}:${line}`)).toEqual([
    "object-storage/upload-to-local-disk keep.ts:3",
  ]);
});
