/** Cache: its fixtures, and what is no cache although it is called one. */
import { expect, it } from "vitest";
import { analyze } from "../../analyzers/index.ts";
import { memoryRepo } from "../../analyzers/repo/memory.ts";
import { testComponent } from "../testing/test-component.ts";
import { cache } from "./index.ts";

testComponent(cache);

it("takes code that is loaded when it is needed for no kept answer", async () => {
  const app = `
import express from "express";
const app = express();
const loadedParts = {};
async function posts() {
  if (!loadedParts.list) {
    loadedParts.list = (await import("./list.js")).list;
  }
  return loadedParts.list();
}
app.get("/posts", async (req, res) => {
  res.json(await posts());
});
app.listen(3000);
`;
  const manifest = {
    name: "a",
    type: "module",
    scripts: { start: "node app.js" },
    dependencies: { express: "^5.0.0" },
  };
  const files = {
    "package.json": JSON.stringify(manifest),
    "app.js": app,
    "list.js":
      'import { PrismaClient } from "@prisma/client"; const prisma = new PrismaClient(); export const list = async () => prisma.post.findMany({ take: 5 });',
  };
  const model = await analyze(memoryRepo(files), { cacheFolder: null });
  expect(cache.presence(model)).toEqual({ status: "absent", evidence: [] });
});

it.each([
  ["one visitor's", 'const id = req.nextUrl.searchParams.get("userId");', 0],
  ["one page of everybody's", 'const id = Number(req.nextUrl.searchParams.get("page"));', 1],
])("takes %s answer for what it is", async (_, question, count) => {
  const read = (table: string): string => `await prisma.${table}.findMany({ where: { place: id }, take: 9 })`;
  const files = {
    "package.json": JSON.stringify({
      name: "a",
      scripts: { start: "next start" },
      dependencies: { next: "15", "@prisma/client": "6" },
    }),
    "app/api/board/route.ts": `import { PrismaClient } from "@prisma/client";\nconst prisma = new PrismaClient();\nexport async function GET(req) {\n  ${question}\n  return Response.json([${["note", "news", "offer"].map(read).join(", ")}]);\n}\n`,
  };
  const model = await analyze(memoryRepo(files), { cacheFolder: null });
  const shown = cache.detect(model).filter(({ confidence }) => confidence === "medium");
  expect(shown.filter(({ rule }) => rule === "cache/hot-read-uncached")).toHaveLength(count);
});
