/** The shutdown component on its fixtures. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { analyze } from "../../analyzers/index.ts";
import { memoryRepo } from "../../analyzers/repo/memory.ts";
import { testComponent } from "../testing/test-component.ts";
import { shutdown } from "./index.ts";

testComponent(shutdown);

it("says that it does not know where a server is there but no route could be read", async () => {
  const app = `
const express = require("express");
const { container } = require("./container");
const app = express();
app.use(container.get("router").getRouter());
module.exports = app;
`;
  const files = {
    "package.json": JSON.stringify({
      name: "a",
      scripts: { start: "node app.js" },
      dependencies: { express: "^5.0.0" },
    }),
    "app.js": app,
  };
  const model = await analyze(memoryRepo(files), { cacheFolder: null });
  expect(shutdown.whenQuiet(model)).toMatchObject({
    verdict: "unknown",
    reason: expect.stringContaining("A server is there (app.js:4)"),
  });
});

it.each(readdirSync(join(shutdown.folder, "templates")))("%s keeps to what any app's lint takes", (name) => {
  const text = readFileSync(join(shutdown.folder, "templates", name), "utf8");
  expect(text.split("\n").filter((line) => line.length >= 100 || /\d_\d/.test(line))).toEqual([]);
});
