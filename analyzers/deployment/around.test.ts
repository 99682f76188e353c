/** What the repo says of processes, disks and of what stands before the app. */
import { describe, expect, it } from "vitest";
import { diskOf, holds } from "./disk.ts";
import { analyze } from "../index.ts";
import type { Model, Service } from "../model.ts";
import { countsOf } from "./replicas.ts";
import { memoryRepo } from "../repo/memory.ts";
import { compressesBefore, standingBefore } from "./standing-before.ts";

const manifest = JSON.stringify({
  name: "shop",
  scripts: { start: "node app.js" },
  dependencies: { express: "^5.0.0" },
});
const app = 'const express = require("express");\nexpress().get("/", () => {}).listen(3000);\n';

async function appWith(files: Record<string, string>): Promise<{ model: Model; service: Service }> {
  const repo = memoryRepo({ "package.json": manifest, "app.js": app, ...files });
  const model = await analyze(repo, { cacheFolder: null });
  const [service] = model.services;
  if (service === undefined) throw new Error("no service");
  return { model, service };
}

describe("how many processes run", () => {
  it.each<[string, Record<string, string>, number[]]>([
    ["nothing says", {}, []],
    [
      "pm2 max",
      { "ecosystem.config.js": "module.exports = { apps: [{ script: 'app.js', instances: 'max' }] };" },
      [Infinity],
    ],
    ["pm2 one", { "ecosystem.config.js": "module.exports = { apps: [{ script: 'app.js', instances: 1 }] };" }, [1]],
    ["pm2 in a script", { "package.json": manifest.replace("node app.js", "pm2-runtime app.js -i 4") }, [4]],
    ["compose", { "compose.yaml": "services:\n  web:\n    build: .\n    deploy:\n      replicas: 3\n" }, [3]],
    [
      "compose for a worker",
      { "compose.yaml": "services:\n  worker:\n    build: .\n    deploy:\n      replicas: 3\n" },
      [],
    ],
    [
      "compose for a database",
      { "compose.yaml": "services:\n  db:\n    image: postgres\n    deploy:\n      replicas: 2\n" },
      [],
    ],
    [
      "kubernetes",
      { "k8s/web.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: shop\nspec:\n  replicas: 2\n" },
      [2],
    ],
    ["render", { "render.yaml": "services:\n  - type: web\n    numInstances: 1\n" }, [1]],
    ["fly", { "fly.toml": "[http_service]\n  min_machines_running = 2\n" }, [2]],
    ["fly with one", { "fly.toml": "[http_service]\n  min_machines_running = 1\n" }, []],
    ["nginx", { "nginx.conf": "upstream a {\n  server a:1;\n  server b:1;\n}\n" }, [2]],
    ["nginx with a spare", { "nginx.conf": "upstream a {\n  server a:1;\n  server b:1 backup;\n}\n" }, []],
    ["functions", { "vercel.json": "{}" }, [Infinity]],
    ["cluster", { "app.js": `${app}require("node:cluster").fork();` }, [Infinity]],
    [
      "an example",
      { "examples/compose.yaml": "services:\n  web:\n    build: .\n    deploy:\n      replicas: 3\n" },
      [],
    ],
  ])("%s", async (_name, files, expected) => {
    const { model, service } = await appWith(files);
    expect(countsOf(model, service).map(({ count }) => count)).toEqual(expected);
  });
});

describe("what stands before", () => {
  it.each<[string, Record<string, string>, string[], boolean]>([
    ["nothing", {}, [], false],
    ["heroku", { Procfile: "web: node app.js" }, ["platform platform"], false],
    ["nginx", { "nginx.conf": "gzip on;\nlocation / { \n proxy_pass http://a;\n}" }, ["nginx config"], true],
    ["nginx for pages", { "nginx.conf": "location / {\n root /html;\n}" }, [], false],
    ["caddy", { Caddyfile: "a.example {\n encode gzip\n reverse_proxy a:1\n}" }, ["caddy config"], true],
    ["an ingress", { "k8s/i.yaml": "apiVersion: v1\nkind: Ingress\n" }, ["ingress config"], false],
    ["terraform", { "main.tf": 'resource "aws_lb" "a" {}\n' }, ["load-balancer config"], false],
    ["a README", { "README.md": "We run it on a VPS behind nginx:\n" }, ["nginx prose"], false],
    ["advice in a README", { "README.md": "If you run it behind nginx, set the headers.\n" }, [], false],
    ["a CDN in a README", { "README.md": "The site is served through Cloudflare.\n" }, ["cdn prose"], true],
  ])("%s", async (_name, files, expected, packs) => {
    const { model, service } = await appWith(files);
    const before = standingBefore(model, service);
    expect(before.map(({ kind, shows }) => `${kind} ${shows}`)).toEqual(expected);
    expect(compressesBefore(before)).toBe(packs);
  });
});

describe("the disk", () => {
  it.each<[string, Record<string, string>, string, boolean]>([
    ["nothing says", {}, "unknown", false],
    ["heroku", { Procfile: "web: node app.js" }, "ephemeral", false],
    ["fly without a mount", { "fly.toml": 'app = "a"\n' }, "ephemeral", false],
    ["fly with a mount", { "fly.toml": '[mounts]\n  source = "d"\n  destination = "/data"\n' }, "volume", true],
    ["render with a disk", { "render.yaml": "services:\n  - disk:\n      mountPath: /app/uploads\n" }, "volume", true],
    [
      "compose",
      { "compose.yaml": "services:\n  a:\n    build: .\n    volumes:\n      - up:/app/uploads\n" },
      "volume",
      true,
    ],
    [
      "compose for code",
      { "compose.yaml": "services:\n  a:\n    build: .\n    volumes:\n      - .:/app\n" },
      "ephemeral",
      false,
    ],
    [
      "compose for a database",
      { "compose.yaml": "services:\n  a:\n    image: postgres\n    volumes:\n      - d:/var/lib\n" },
      "unknown",
      false,
    ],
    [
      "a mount for something else",
      { "compose.yaml": "services:\n  a:\n    build: .\n    volumes:\n      - s:/app/sqlite-db\n" },
      "volume",
      false,
    ],
  ])("%s", async (_name, files, kind, keeps) => {
    const { model, service } = await appWith(files);
    const disk = diskOf(model, service);
    expect(disk.kind).toBe(kind);
    expect(holds(disk, "public/uploads")).toBe(keeps);
  });
});
