/** What keeps the recipe from moving a folder, by small apps; and what the moved app is then said to have. */
import { expect, it } from "vitest";
import { analyze } from "../../../analyzers/index.ts";
import { memoryRepo } from "../../../analyzers/repo/memory.ts";
import { stepOf } from "../../plan.ts";
import { objectStorage } from "../index.ts";

const uncached = { cacheFolder: null };

/** An app that keeps pictures in `uploads/` and hands them out; the parts differ from case to case. */
function app(parts: {
  head?: string;
  serve?: string;
  routes?: string;
  manifest?: object;
  files?: object;
  folder?: string;
}) {
  const manifest = {
    name: "a",
    type: "module",
    scripts: { start: "node a.js" },
    dependencies: { express: "5", multer: "2", sharp: "0.34" },
    ...parts.manifest,
  };
  const serve = parts.serve ?? 'app.use("/uploads", express.static("uploads"));';
  return memoryRepo({
    "package.json": JSON.stringify(manifest),
    "a.js": `import express from "express";\nimport multer from "multer";\nimport path from "node:path";\nimport fs from "node:fs";\n${parts.head ?? ""}\nconst upload = multer({ dest: ${parts.folder ?? '"uploads/"'}, limits: { fileSize: 1e6 } });\nconst app = express();\n${serve}\napp.post("/faces", upload.single("face"), async (req, res) => { await users.update({ face: req.file.filename }); res.end(); });\n${parts.routes ?? ""}\napp.listen(3000);\n`,
    ...parts.files,
  });
}

async function step(parts: Parameters<typeof app>[0]) {
  const { step: made, after } = stepOf(objectStorage, "", await analyze(app(parts), uncached));
  return { ...made, after };
}

it.each<[string, Parameters<typeof app>[0], string]>([
  [
    "a reader of the file",
    { routes: 'app.get("/sizes/:n", (req, res) => res.json(fs.statSync(path.join("uploads", req.params.n)).size));' },
    "`statSync` works on the file on the disk (a.js:10)",
  ],
  [
    "a picture made smaller from its path",
    {
      head: 'import sharp from "sharp";',
      routes:
        'app.post("/thumbs", upload.single("face"), async (req, res) => { res.send(await sharp(req.file.path).resize(9).toBuffer()); });',
    },
    "the file's path is passed on there (a.js:10)",
  ],
  [
    "a list of the folder",
    { routes: 'app.get("/faces", (req, res) => res.json(fs.readdirSync("uploads")));' },
    "`readdirSync` works on the file on the disk",
  ],
  [
    "a delete that nobody waits for",
    { routes: 'app.delete("/faces/:n", (req, res) => { fs.unlinkSync("uploads/" + req.params.n); res.end(); });' },
    "`unlinkSync` works on the file on the disk",
  ],
  ["a folder that nothing hands out", { serve: "" }, "nothing in the app hands out uploads"],
  [
    "another folder of the name",
    { serve: 'app.use("/uploads", express.static("/var/data/uploads"));' },
    "another folder than uploads is handed out there",
  ],
  [
    "headers of its own",
    { serve: 'app.use("/uploads", express.static("uploads", { setHeaders: (res) => res.set("x-a", "b") }));' },
    "options there that the bucket would have to heed",
  ],
  ["functions", { files: { "vercel.json": '{ "rewrites": [] }' } }, "runs functions"],
  ["an old Node", { manifest: { engines: { node: "14.x" } } }, "needs Node 18"],
  [
    "a store that is there",
    {
      head: 'import { v2 } from "cloudinary";',
      routes: 'app.post("/films", async (req, res) => { await v2.uploader.upload(req.body.film); res.end(); });',
    },
    "sends files to cloudinary already",
  ],
])("leaves %s to a brief", async (_, parts, why) => {
  const { briefs, outcome } = await step(parts);

  expect(outcome.kind).toBe("nothing");
  expect(briefs.map((brief) => brief.why).join("\n")).toContain(why);
});

it("moves what is simple, and the app then has a storage in effect", async () => {
  const { after, outcome } = await step({
    routes:
      'app.delete("/faces/:n", async (req, res) => { if (fs.existsSync(path.join("uploads", req.params.n))) await fs.promises.unlink(path.join("uploads", req.params.n)); res.end(); });',
  });

  expect(outcome.kind).toBe("patch");
  const text = after?.read("a.js") ?? "";
  expect(text).toContain('if (await hasFile(path.join("uploads", req.params.n))) await removeFile(path.join(');
  expect(text).not.toContain("node:fs");
  if (after === null) return;
  expect(objectStorage.presence(await analyze(after, uncached)).status).toBe("in_effect");
});

it("keeps a login check in front of the bucket's files", async () => {
  const { after } = await step({ serve: 'app.use("/uploads", checkLogin, express.static("uploads"));' });

  expect(after?.read("a.js")).toContain(
    'app.use("/uploads", checkLogin, storedFiles("uploads"), express.static("uploads"));',
  );
});

it("moves what the app makes itself along with what users send", async () => {
  const { after, briefs, outcome } = await step({
    routes:
      'app.post("/codes/:id", async (req, res) => { fs.writeFileSync(path.join("uploads", `${req.params.id}.svg`), draw(req.body)); res.json({ url: `/uploads/${req.params.id}.svg` }); });',
  });

  expect([outcome.kind === "patch" ? outcome.patch.findings.length : 0, briefs]).toEqual([2, []]);
  expect(after?.read("a.js")).toContain('await putFile(path.join("uploads", `${req.params.id}.svg`), draw(req.body));');
});

it("puts the bucket once in front of a folder that two calls hand out at one address", async () => {
  const { after } = await step({
    head: 'const DIR = path.join("public", "uploads");',
    serve: 'app.use(express.static("public"));\napp.use("/uploads", express.static(DIR));',
    folder: '"public/uploads"',
  });

  expect(after?.read("a.js")?.match(/storedFiles\(/g)).toHaveLength(1);
});
