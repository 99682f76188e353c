/** The pub-sub component over its fixtures, and what it says about apps that tell others already. */
import { expect, it } from "vitest";
import { analyze } from "../../analyzers/index.ts";
import { memoryRepo } from "../../analyzers/repo/memory.ts";
import { statuses } from "../assess.ts";
import { judge } from "../findings.ts";
import { testComponent } from "../testing/test-component.ts";
import { pubSub } from "./index.ts";

testComponent(pubSub);

const manifest = JSON.stringify({
  name: "app",
  scripts: { start: "node server.js" },
  dependencies: { express: "4", ioredis: "5", "socket.io": "4", "@socket.io/redis-adapter": "8" },
});
const serve = 'const app = require("express")();\napp.get("/", (req, res) => res.end());\napp.listen(3000);\n';
const redis = 'const Redis = require("ioredis");\nconst redis = new Redis();\n';

it.each<[string, string, string, string]>([
  ["nothing", "console.log(1);", "absent", "not_applicable"],
  ["a server alone", serve, "absent", "not_yet"],
  ["one end of a channel", `${serve}${redis}redis.publish("a", "b");`, "present", "not_yet"],
  ["both ends", `${serve}${redis}redis.publish("a", "b");\nnew Redis().subscribe("a");`, "in_effect", "in_place"],
  [
    "sockets that share their news",
    `${serve}const { createAdapter } = require("@socket.io/redis-adapter");\ncreateAdapter({}, {});`,
    "in_effect",
    "in_place",
  ],
])("%s", async (_, server, status, verdict) => {
  const model = await analyze(memoryRepo({ "package.json": manifest, "server.js": server }), { cacheFolder: null });
  const [found] = statuses(model, judge(model, [pubSub]), [pubSub]);
  expect(found).toMatchObject({ status, verdict });
});
