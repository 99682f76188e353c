/** How many copies of a service run, by the files that say so. */
import { expect, it } from "vitest";
import { modelFrom } from "../link/testing/model-from.ts";
import { replicasOf } from "./replicas.ts";

const server = { "app.js": 'require("express")().listen(3000);\n' };
const manifest = (dependencies: Record<string, string>) =>
  JSON.stringify({ name: "shop", scripts: { start: "node app.js" }, dependencies: { express: "5", ...dependencies } });

it.each<[string, Record<string, string>, string, (string | null)?]>([
  ["nothing said", {}, "open"],
  [
    "compose",
    { "compose.yaml": "services:\n  web:\n    build: .\n    deploy:\n      replicas: 3\n" },
    "several",
    "compose.yaml:5",
  ],
  [
    "one replica in compose",
    { "compose.yaml": "services:\n  web:\n    build: .\n    deploy:\n      replicas: 1\n" },
    "open",
  ],
  [
    "an autoscaler",
    { "k8s/hpa.yaml": "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\n" },
    "several",
    "k8s/hpa.yaml:2",
  ],
  ["pm2", { "ecosystem.config.js": 'module.exports = { apps: [{ script: "app.js", instances: "max" }] };' }, "several"],
  [
    "pm2 with one",
    { "ecosystem.config.js": 'module.exports = { apps: [{ script: "app.js", instances: 1 }] };' },
    "one",
  ],
  ["Fly", { "fly.toml": "[http_service]\n  min_machines_running = 2\n" }, "several"],
  ["Fly with one", { "fly.toml": "[http_service]\n  min_machines_running = 1\n" }, "open"],
  ["documentation", { "docs/k8s.yaml": "kind: HorizontalPodAutoscaler\n" }, "open"],
  [
    "the cluster module",
    { "app.js": 'require("node:cluster").fork();\nrequire("express")().listen(3000);\n' },
    "several",
    "app.js:1",
  ],
  ["a database in a file", { "package.json": manifest({ "better-sqlite3": "12" }) }, "one", "package.json:1"],
  ["a file beside a server's database", { "package.json": manifest({ sqlite3: "5", pg: "8" }) }, "open"],
])("%s", (_, files, kind, place = null) => {
  const model = modelFrom({ ...server, ...files });
  const [service] = model.services;
  const replicas = service === undefined ? null : replicasOf(model, service);
  const found = replicas === null || replicas.kind === "open" ? null : `${replicas.file}:${replicas.line}`;
  expect({ kind: replicas?.kind, place: place === null ? null : found }).toEqual({ kind, place });
});

it("counts a manifest for the service that it names, where a repo holds several", () => {
  const service = (name: string) =>
    JSON.stringify({ name, scripts: { start: "node app.js" }, dependencies: { express: "5" } });
  const model = modelFrom({
    "package.json": JSON.stringify({ name: "all", private: true }),
    "services/gateway/package.json": service("gateway"),
    "services/gateway/app.js": server["app.js"],
    "services/stock/package.json": service("stock"),
    "services/stock/app.js": server["app.js"],
    "k8s/all.yaml":
      "kind: Deployment\nmetadata: { name: stock }\nspec:\n  replicas: 1\n---\nkind: Deployment\nmetadata: { name: gateway }\nspec:\n  replicas: 3\n",
  });
  const found = model.services.map((each) => [each.name, replicasOf(model, each).kind]);
  expect(Object.fromEntries(found)).toMatchObject({ gateway: "several", stock: "open" });
});
