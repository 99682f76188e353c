/** What the queue component says about apps that have a queue, or whose routes cannot be read. */
import { expect, it } from "vitest";
import { analyze } from "../../analyzers/index.ts";
import { memoryRepo } from "../../analyzers/repo/memory.ts";
import { statuses } from "../assess.ts";
import { judge } from "../findings.ts";
import { queue } from "./index.ts";

const manifest = JSON.stringify({
  name: "app",
  scripts: { start: "node server.js" },
  dependencies: { express: "^4", bull: "^4", inversify: "^6" },
});
const serves = 'const app = require("express")();\napp.post("/a", (req, res) => res.end());\napp.listen(3000);\n';

it.each<[string, Record<string, string>, string, string, RegExp]>([
  [
    "bull with its jobs in a file of their own",
    {
      "server.js": `${serves}require("./queues");`,
      "queues.js": `const path = require("node:path");
const Queue = require("bull");
let visits;
if (process.env.REDIS_ENABLED) {
  visits = new Queue("visits");
  visits.process(6, path.resolve(__dirname, "visit.js"));
}
module.exports = { visits };`,
      "visit.js": "module.exports = () => 1;",
    },
    "in_effect",
    "in_place",
    /queues\.js:6/,
  ],
  [
    "bull that nothing works off",
    {
      "server.js": `${serves}const Queue = require("bull");\nconst visits = new Queue("visits");\nvisits.add({});`,
    },
    "present",
    "add_now",
    /never done: server\.js:6/,
  ],
  [
    "routes that cannot be read",
    {
      "server.js": `const { Container } = require("inversify");
const app = require("express")();
app.use(new Container().get("x").getRouter());
app.listen(3000);`,
    },
    "absent",
    "unknown",
    /server\.js:2.*could not be read/,
  ],
  ["no server", { "server.js": "console.log(1);" }, "absent", "not_applicable", /Nothing here answers/],
])("%s", async (_, files, status, verdict, reason) => {
  const model = await analyze(memoryRepo({ "package.json": manifest, ...files }), { cacheFolder: null });
  const [found] = statuses(model, judge(model, [queue]), [queue]);
  expect(found).toMatchObject({ status, verdict, reason: expect.stringMatching(reason) });
});
