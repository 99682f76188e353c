/** Paths as they are written, in all the ways that apps write them. */
import { expect, it } from "vitest";
import { analyze } from "../index.ts";
import { memoryRepo } from "../repo/memory.ts";
import { argumentPaths, isInside, knownFolder } from "./written-path.ts";

it.each([
  ['"./uploads/"', ["uploads"]],
  ['path.join(__dirname, "..", "uploads", name)', ["uploads/*"]],
  ['path.resolve(process.cwd(), "public", "img")', ["public/img"]],
  ["`uploads/${name}.png`", ["uploads/*.png"]],
  ['"uploads/" + name', ["uploads/*"]],
  ['process.env.UPLOADS || "uploads"', ["uploads"]],
  ["`${process.env.UPLOADS}/${name}`", ["$UPLOADS/*"]],
  ["path.join(FOLDER, name)", ["data/files/*"]],
  ["path.join(settings.folder, name)", ["data/files/*"]],
  ["path.join(chosen, name)", ["data/a/*", "data/b/*"]],
  ["name", ["*"]],
])("reads %s", async (code, expected) => {
  const model = await analyze(
    memoryRepo({
      "package.json": '{ "name": "a", "scripts": { "start": "node src/a.js" } }',
      "src/settings.js":
        'const path = require("path");\nconst FOLDER = path.join("data", "files");\nmodule.exports = { FOLDER, settings: { folder: FOLDER } };\n',
      "src/a.js": `const fs = require("fs");\nconst path = require("path");\nconst { FOLDER, settings } = require("./settings");\nfunction open(name) {\n  let chosen = "data/a";\n  if (name) chosen = "data/b";\n  fs.readFile(${code});\n}\nmodule.exports = open;\n`,
    }),
    { cacheFolder: null },
  );
  const [use] = model.usesOf("node:fs:readFile");

  expect(use === undefined ? [] : argumentPaths(model, use.call, 0)).toEqual(expected);
});

it("knows folders up to where they are open", () => {
  expect(["uploads/*", "a/b*/c", "*", "uploads"].map(knownFolder)).toEqual(["uploads", "a", null, "uploads"]);
  expect([isInside("a/b", "a"), isInside("ab", "a"), isInside("a", "a")]).toEqual([true, false, true]);
});
