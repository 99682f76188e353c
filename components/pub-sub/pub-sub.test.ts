/** The pub-sub component over its fixtures, and what it says about apps that tell others already. */
import { expect, it } from "vitest";
import { analyze } from "../../analyzers/index.ts";
import { memoryRepo } from "../../analyzers/repo/memory.ts";
import { statuses } from "../assess.ts";
import { judge } from "../findings.ts";
import { stepOf } from "../plan.ts";
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

const copies = { "ecosystem.config.js": 'module.exports = { apps: [{ script: "server.js", instances: 4 }] };' };
const stream = 'app.get("/live", (req, res) => { bus.on("news", (news) => res.write(news)); });\n';
const publish = 'app.post("/news", (req, res) => { bus.emit("news", req.body); res.end(); });\n';
const emitter = 'const { EventEmitter } = require("events");\n';

it.each<[string, string, RegExp]>([
  [
    "options",
    `${emitter}const bus = new EventEmitter({ captureRejections: true });\n${stream}${publish}`,
    /options or types/,
  ],
  ["another emitter", `const bus = new (require("eventemitter3"))();\n${stream}${publish}`, /eventemitter3/],
  [
    "a listener that writes",
    `${emitter}const bus = new EventEmitter();\nconst redis = new (require("ioredis"))();\n${stream}${publish}bus.on("news", (news) => fetch("https://api.example.com/news", { method: "POST", body: news }));\n`,
    /a listener \(server\.js:\d+\) does work that belongs to one process/,
  ],
  [
    "a connection in the event",
    `${emitter}const bus = new EventEmitter();\n${stream}app.post("/news", (req, res) => { bus.emit("news", () => res.end()); });\n`,
    /is alive in its process/,
  ],
])("leaves a bus with %s to whoever knows the app", async (_what, text, why) => {
  const files = { "package.json": manifest, "server.js": `${serve}${text}`, ...copies };
  const model = await analyze(memoryRepo(files), { cacheFolder: null });
  const { step } = stepOf(pubSub, "", model);
  expect(step.outcome.kind).toBe("nothing");
  expect(step.briefs.map((brief) => brief.why).join("\n")).toMatch(why);
});

it("leaves an app with an old Redis client to raise it first", async () => {
  const old = JSON.stringify({ name: "app", dependencies: { express: "4", redis: "^4.7.0" } });
  const text = `${emitter}const bus = new EventEmitter();\n${stream}${publish}`;
  const files = { "package.json": old, "server.js": `${serve}${text}`, ...copies };
  const { step } = stepOf(pubSub, "", await analyze(memoryRepo(files), { cacheFolder: null }));
  expect(step.briefs.map((brief) => brief.why).join("\n")).toContain("has redis ^4.7.0, which has to be raised to 5");
});
