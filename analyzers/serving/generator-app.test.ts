/** An app as express-generator lays it out: the process starts from `bin/www`, a script without an ending. */
import { expect, it } from "vitest";
import { analyze } from "../index.ts";
import { memoryRepo } from "../repo/memory.ts";

it("is started, routed and served", async () => {
  const model = await analyze(
    memoryRepo({
      "package.json":
        '{ "name": "gen", "scripts": { "start": "node ./bin/www" }, "dependencies": { "express": "^4" } }',
      "bin/www": '#!/usr/bin/env node\nvar app = require("../app");\nrequire("http").createServer(app).listen(3000);\n',
      "app.js":
        'var app = require("express")();\napp.use("/users", require("./routes/users"));\nmodule.exports = app;\n',
      "routes/users.js":
        'var router = require("express").Router();\nrouter.get("/", function (q, s) {});\nmodule.exports = router;\n',
    }),
    { cacheFolder: null },
  );
  expect(model.services[0]?.entry).toEqual(["bin/www"]);
  expect(model.routes.map(({ method, path }) => `${method} ${path}`)).toEqual(["GET /users"]);
  expect(["bin/www", "app.js", "routes/users.js"].map((file) => model.context(file))).toEqual([
    "server",
    "server",
    "server",
  ]);
});
