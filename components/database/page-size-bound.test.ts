/** Page sizes that the patch bounds, and those it leaves to somebody who knows the app. */
import { expect, it } from "vitest";
import { analyze } from "../../analyzers/index.ts";
import { memoryRepo } from "../../analyzers/repo/memory.ts";
import { applyEdits } from "../../patches/edits.ts";
import { judge } from "../findings.ts";
import { database } from "./index.ts";

async function patched(made: string): Promise<string | null> {
  const repo = memoryRepo({
    "package.json": JSON.stringify({
      name: "quay",
      scripts: { start: "node server.js" },
      dependencies: { express: "5", mongoose: "8" },
    }),
    "server.js": `const express = require("express");
const { Boat } = require("./boat");
const app = express();
app.get("/boats", async (req, res) => {
  ${made}
  const page = Number(req.query.page) || 1;
  res.json(await Boat.find().skip((page - 1) * size).limit(size));
});
app.listen(3000);
`,
    "boat.js": `const mongoose = require("mongoose");
exports.Boat = mongoose.model("Boat", new mongoose.Schema({ name: String }));
`,
  });
  const model = await analyze(repo, { cacheFolder: null });
  const findings = judge(model, [database]).findings.filter(({ rule }) => rule === "database/unbounded-page-size");
  expect(findings).toHaveLength(1);
  const edits =
    database.recipe?.(
      findings,
      model,
      () => "",
      () => [],
    ).edits ?? [];
  const applied = applyEdits(repo, edits);
  if (applied.kind === "conflict") throw new Error(JSON.stringify(applied.conflicts));
  return applied.changes.get("server.js")?.split("\n")[4]?.trim() ?? null;
}

it.each([
  ["const size = Number(req.query.size) || 20;", "const size = Math.min(Number(req.query.size) || 20, 1000);"],
  [
    "const size = parseInt(req.query.size ?? '20', 10);",
    "const size = Math.min(parseInt(req.query.size ?? '20', 10), 1000);",
  ],
  ["const size = +req.query.size || 5000;", "const size = Math.min(+req.query.size || 5000, 5000);"],
  [
    "const size = Math.max(1, Number(req.query.size));",
    "const size = Math.min(Math.max(1, Number(req.query.size)), 1000);",
  ],
  ["const size = req.query.size;", null],
  // A second number of the same request would stay as it is.
  ["const size = Number(req.query.size); const top = Number(req.query.size); await Boat.find().limit(top);", null],
  ["const size = Number(req.query.size) || req.query.all;", null],
])("%s", async (made, expected) => {
  expect(await patched(made)).toBe(expected);
});
