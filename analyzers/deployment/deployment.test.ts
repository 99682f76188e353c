/** What images, compose files and manifests say, in the forms that people write them. */
import { expect, it } from "vitest";
import { memoryRepo } from "../repo/memory.ts";
import { composedServices } from "./compose.ts";
import { copyOf, settingsIn, shippedImage } from "./dockerfile.ts";
import { expanded } from "./expanded.ts";
import { workloadsOf } from "./kubernetes.ts";

it.each([
  ["all of a stage that took the context", "FROM node AS b\nCOPY . .\nFROM node\nCOPY --from=b /app ./\n", true],
  ["one folder of it", "FROM node AS b\nCOPY . .\nFROM node\nCOPY --from=b /app/dist ./dist\n", false],
  ["another stage's folder is no context", "FROM node AS b\nFROM node\nCOPY --from=b . .\n", null],
])("a COPY of %s", (_, text, isShipped) => {
  expect(shippedImage(text)?.copiesContext?.isShipped ?? null).toBe(isShipped);
});

it.each([
  ["FROM node AS production\nUSER node\nFROM node AS development\n", "production"],
  ["FROM node AS build\nFROM node AS dev\n", "dev"],
  ["FROM node AS test\nFROM node AS runner\n", "runner"],
  ["FROM node AS production-deps\nFROM node AS app\n", "app"],
])("%j ships %s", (text, stage) => {
  expect(shippedImage(text)?.stage).toBe(stage);
});

it("sees who owns what is copied, also behind another flag", () => {
  const image = shippedImage("FROM node AS b\nFROM node\nCOPY --from=b --chown=node:node /app ./\n");
  expect(image?.chowns).toBe(true);
  expect(image?.steps.map(copyOf)).toEqual([{ from: "b", sources: ["/app"] }]);
});

it.each([
  [
    "ENV A=1 B='two words'",
    [
      ["A", "1"],
      ["B", "two words"],
    ],
  ],
  ["ENV OLD some value", [["OLD", "some value"]]],
  [
    "ENV LONG=1 \\\n  SECOND=2",
    [
      ["LONG", "1"],
      ["SECOND", "2"],
    ],
  ],
  ["ARG TOKEN", [["TOKEN", ""]]],
  ["ARG TOKEN=x", [["TOKEN", "x"]]],
])("%s", (line, expected) => {
  const image = shippedImage(`FROM node\n${line}\n`);
  expect(image && settingsIn(image).map(({ name, value }) => [name, value])).toEqual(expected);
});

it.each([
  ["docker-compose.yml", "restart: always", "production"],
  ["docker-compose.yml", "deploy: { replicas: 2 }", "production"],
  ["docker-compose.yml", "ports: ['1:1']", "unclear"],
  ["docker-compose.yml", "restart: always\n    volumes: ['.:/app']", "development"],
  ["docker-compose.yml", "restart: always\n    volumes: [{ source: ./src, target: /app/src }]", "development"],
  ["docker-compose.yml", "restart: always\n    volumes: ['./data:/data']", "production"],
  ["docker-compose.yml", "restart: 'no'", "unclear"],
  ["docker-compose.dev.yml", "restart: always", "development"],
  ["docker-compose.prod.yml", "ports: ['1:1']", "production"],
])("%s with %s is for %s", (file, lines, purpose) => {
  const repo = memoryRepo({ [file]: `services:\n  app:\n    build: .\n    ${lines}\n` });
  expect(composedServices(repo).map((service) => service.purpose)).toEqual([purpose]);
});

it("takes the folder that an image is built from for code, whatever it is called", () => {
  const lines = "restart: always\n    build: ./auth_service\n    volumes: ['./auth_service:/app']";
  const repo = memoryRepo({ "compose.yaml": `services:\n  app:\n    ${lines}\n` });
  expect(composedServices(repo).map(({ purpose }) => purpose)).toEqual(["development"]);
});

it("knows who waits for whom, and how", () => {
  const repo = memoryRepo({
    "compose.yaml":
      "services:\n  app: { image: a, healthcheck: { test: [CMD, curl, 'http://localhost/up'] } }\n  web: { image: b, depends_on: { app: { condition: service_healthy } } }\n  job: { image: c, depends_on: [app], healthcheck: { disable: true } }\n",
  });
  const [app, web, job] = composedServices(repo);
  expect(app?.awaitedBy).toEqual([
    { name: "web", healthy: true },
    { name: "job", healthy: false },
  ]);
  expect([app, web, job].map((service) => service?.healthcheck)).toEqual(["CMD curl http://localhost/up", null, null]);
});

const pod = (more: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: api }\nspec:\n  selector: {}\n  template: { spec: { containers: [{ name: api, image: "acme/api:1"${more} }] } }\n`;

it("joins a workload with the patches of its name, and leaves out what is none", () => {
  const repo = memoryRepo({
    "k8s/api.yaml": `${pod("")}---\napiVersion: v1\nkind: Service\nmetadata: { name: api }\n`,
    "k8s/patch.yaml":
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: api }\nspec: { replicas: 3, template: { spec: { containers: [{ name: api, readinessProbe: { httpGet: { path: /ready } } }] } } }\n",
    "chart/deployment.yaml": pod("").replace("name: api }", "name: {{ .Release.Name }} }"),
    "examples/api.yaml": pod(""),
    "k8s/broken.yaml": "apiVersion: v1\nkind: Deployment\n  bad:\n indent",
  });
  const workloads = workloadsOf(repo);
  expect(workloads).toHaveLength(1);
  expect(workloads[0]).toMatchObject({
    file: "k8s/api.yaml",
    line: 2,
    replicas: 3,
    containers: [{ readiness: "/ready", liveness: null }],
  });
});

it.each([
  ["npm start", ["npm start", "npm run serve", "node server.js"]],
  ["npm run --workspace=web dev", ["npm run --workspace=web dev", "vite"]],
  ["pnpm run ci", ["pnpm run ci", "vitest"]],
  ["node x.js", ["node x.js"]],
])("%s written out", (command, expected) => {
  const repo = memoryRepo({
    "package.json": JSON.stringify({
      name: "a",
      scripts: { start: "npm run serve", serve: "node server.js", ci: "vitest", loop: "npm run loop" },
    }),
    "web/package.json": JSON.stringify({ name: "web", scripts: { dev: "vite" } }),
  });
  expect(expanded(repo, ".", command)).toEqual(expected);
});
