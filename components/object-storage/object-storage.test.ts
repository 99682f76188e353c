/** Object storage: its fixtures hold what every component must, and what only receives files keeps none. */
import { expect, it } from "vitest";
import { analyze } from "../../analyzers/index.ts";
import { memoryRepo } from "../../analyzers/repo/memory.ts";
import { testComponent } from "../testing/test-component.ts";
import { objectStorage } from "./index.ts";
import { limitSize } from "./limit-size.ts";

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

it.each<[name: string, files: Record<string, string>, found: string[]]>([
  [
    "a folder that another file names",
    {
      "folders.js": 'export const BADGES = "badges";\n',
      "badges.js":
        'import { readFile, writeFile } from "node:fs/promises";\nimport { join } from "node:path";\nimport QRCode from "qrcode";\nimport { BADGES } from "./folders.js";\nexport async function draw(guest) {\n  const file = join(BADGES, `${guest}.png`);\n  await writeFile(file, await QRCode.toBuffer(guest));\n}\nexport const show = (guest) => readFile(join(BADGES, `${guest}.png`));\n',
      "a.js":
        'import express from "express";\nimport { draw, show } from "./badges.js";\nconst app = express();\napp.post("/guests/:id", async (req, res) => { await draw(req.params.id); res.status(204).end(); });\napp.get("/badges/:id", async (req, res) => res.send(await show(req.params.id)));\napp.listen(3000);\n',
    },
    ["object-storage/generated-file-on-local-disk badges.js:7 medium"],
  ],
  [
    "nothing where a setting decides between a folder and a storage service",
    {
      "local.js":
        'import { writeFileSync } from "node:fs";\nexport const keep = (name, page) => { writeFileSync(`public/uploads/${name}`, page); return `/uploads/${name}`; };\n',
      "bucket.js":
        'import { S3Client, PutObjectCommand } from "@aws-sdk/client-s3";\nconst s3 = new S3Client({});\nexport const keep = async (name, page) => { await s3.send(new PutObjectCommand({ Bucket: "pages", Key: name, Body: page })); return name; };\n',
      "a.js":
        'import express from "express";\nimport * as local from "./local.js";\nimport * as bucket from "./bucket.js";\nconst { keep } = process.env.PAGES === "local" ? local : bucket;\nconst app = express();\napp.use(express.static("public", { maxAge: "1d" }));\napp.post("/pages/:name", async (req, res) => res.json(await keep(req.params.name, draw(req.body))));\napp.listen(3000);\n',
    },
    ["object-storage/generated-file-on-local-disk local.js:2 low"],
  ],
  [
    "one parser whose files stay at one of its routes",
    {
      "a.js":
        'import express from "express";\nimport multer from "multer";\nimport { createReadStream } from "node:fs";\nimport { S3Client, PutObjectCommand } from "@aws-sdk/client-s3";\nconst s3 = new S3Client({});\nconst upload = multer({ dest: "faces", limits: { fileSize: 1e6 } });\nconst app = express();\napp.post("/songs", upload.single("song"), async (req, res) => { await s3.send(new PutObjectCommand({ Bucket: "songs", Key: "a", Body: createReadStream(req.file.path) })); res.end(); });\napp.post("/faces", upload.single("face"), async (req, res) => { await users.update({ face: req.file.filename }); res.end(); });\napp.listen(3000);\n',
    },
    ["object-storage/upload-to-local-disk a.js:6 medium"],
  ],
])("finds %s", async (_, files, found) => {
  const dependencies = { express: "5", multer: "2", qrcode: "1", "@aws-sdk/client-s3": "3" };
  const manifest = JSON.stringify({ name: "a", type: "module", scripts: { start: "node a.js" }, dependencies });
  const model = await analyze(memoryRepo({ "package.json": manifest, ...files }), { cacheFolder: null });
  const matches = objectStorage.detect(model);
  expect(matches.map(({ rule, file, line, confidence }) => `${rule} ${file}:${line} ${confidence}`)).toEqual(found);
});

it.each([
  ["pictures", 'upload.single("avatar")', "10 * 1024"],
  ["films", 'upload.single("video")', "100 * 1024"],
])("bounds %s by what they need", async (_, taking, size) => {
  const files = {
    "package.json": JSON.stringify({
      name: "a",
      scripts: { start: "node a.js" },
      dependencies: { express: "5", multer: "2" },
    }),
    "a.js": `const multer = require("multer");\nconst app = require("express")();\nconst upload = multer({ dest: "files" });\napp.post("/files", ${taking}, (req, res) => res.json(req.file));\napp.listen(3000);\n`,
  };
  const model = await analyze(memoryRepo(files), { cacheFolder: null });
  const [use] = model.usesOf("multer:");
  expect(use === undefined ? null : JSON.stringify(limitSize(use.call, use.api, model)?.edits)).toContain(size);
});
