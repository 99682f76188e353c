/** What is said against a second copy of a service, by what its code does. */
import { expect, it } from "vitest";
import { analyze } from "../analyzers/index.ts";
import { memoryRepo } from "../analyzers/repo/memory.ts";
import { obstaclesToASecondCopy } from "./second-copy.ts";

async function whysOf(code: string, dependencies: Record<string, string> = {}): Promise<string[]> {
  const files = {
    "package.json": JSON.stringify({
      name: "a",
      scripts: { start: "node app.js" },
      dependencies: { express: "5", ...dependencies },
    }),
    "app.js": `const app = require("express")();\n${code}\napp.listen(3000);\n`,
  };
  const model = await analyze(memoryRepo(files), { cacheFolder: null });
  const [service] = model.services;
  return service === undefined ? ["no service"] : obstaclesToASecondCopy(model, service).map(({ why }) => why);
}

it.each([
  ["nothing", 'app.get("/a", (req, res) => res.json([]));', {}, /^$/],
  ["sessions in memory", 'app.use(require("express-session")({ secret: "x" }));', { "express-session": "1" }, /logins/],
  [
    "uploads on a disk",
    'const upload = require("multer")({ dest: "uploads/" });\napp.post("/a", upload.single("f"), (req, res) => res.json(req.file.path));',
    { multer: "2" },
    /uploads/,
  ],
  [
    "a database in a file",
    'const db = new (require("better-sqlite3"))("data.db");\napp.get("/a", (req, res) => res.json(db.prepare("select 1").all()));',
    { "better-sqlite3": "12" },
    /file on one disk/,
  ],
  [
    "a schedule that writes",
    'const { Pool } = require("pg");\nconst pool = new Pool();\nrequire("node-cron").schedule("0 3 * * *", () => pool.query("insert into bills default values"));\napp.get("/a", (req, res) => res.json([]));',
    { "node-cron": "4", pg: "8" },
    /schedule/,
  ],
  ["a bot", 'app.get("/a", (req, res) => res.json([]));', { telegraf: "4" }, /telegraf/],
])("%s", async (_, code, dependencies, why) => {
  expect((await whysOf(code, dependencies)).join("\n")).toMatch(why);
});
