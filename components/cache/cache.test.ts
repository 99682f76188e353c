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
