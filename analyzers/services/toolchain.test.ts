/** Package managers' commands and the choice of a Node major. */
import { expect, it } from "vitest";
import type { Service } from "../model.ts";
import { overlay, type Repo } from "../repo/repo.ts";
import { commandsOf, nodeMajorOf } from "./toolchain.ts";

const empty: Repo = { root: "/", commit: null, files: [], skipped: [], bytes: 0, has: () => false, read: () => null };

function service(part: Partial<Service>): Service {
  return {
    name: "a",
    root: ".",
    language: "javascript",
    modules: "commonjs",
    frameworks: [],
    packageManager: "npm",
    lockfile: null,
    entry: [],
    scripts: {},
    start: null,
    build: null,
    outDir: null,
    port: { value: null, source: "", place: null },
    nodeVersion: null,
    dependencies: {},
    devDependencies: {},
    env: [],
    backing: [],
    processes: [],
    ...part,
  };
}

it.each([
  [null, 24, true],
  [">=18", 24, true],
  [">=18 <23", 22, true],
  ["22.x", 22, true],
  ["v22.11.0", 22, true],
  ["^20.10.0 || ^22.2.0", 22, true],
  ["20", 24, false],
  ["^18.17.0", 24, false],
  [">=25", 26, true],
  ["26", 26, true],
  ["lts/*", 24, true],
  ["node", 24, true],
])("Node for %s is %i", (nodeVersion, major, honoured) => {
  expect(nodeMajorOf(service({ nodeVersion }))).toEqual({ major, honoured });
});

it.each([
  ["npm", null, "", "npm install", null],
  ["npm", "package-lock.json", "", "npm ci", null],
  [
    "pnpm",
    "pnpm-lock.yaml",
    "lockfileVersion: '6.0'\n",
    "pnpm install --frozen-lockfile",
    "npm install --global pnpm@8",
  ],
  [
    "pnpm",
    "pnpm-lock.yaml",
    "lockfileVersion: '9.0'\n",
    "pnpm install --frozen-lockfile",
    "npm install --global pnpm@10",
  ],
  ["yarn", "yarn.lock", "# yarn lockfile v1\n", "yarn install --frozen-lockfile", "npm install --global yarn@1"],
  ["yarn", "yarn.lock", "__metadata:\n  version: 8\n", "yarn install --immutable", "corepack enable"],
  ["bun", "bun.lock", "{}", "bun install --frozen-lockfile", "npm install --global bun@1"],
] as const)("%s with %s installs by the lockfile", (packageManager, lockfile, text, install, setup) => {
  const repo = lockfile === null ? empty : overlay(empty, new Map([[lockfile, text]]));
  expect(commandsOf(service({ packageManager, lockfile }), repo)).toMatchObject({ install, setup });
});

it("takes the version that package.json pins", () => {
  const repo = overlay(empty, new Map([["package.json", '{ "packageManager": "pnpm@9.15.4+sha512.abc" }']]));
  expect(commandsOf(service({ packageManager: "pnpm" }), repo).setup).toBe("npm install --global pnpm@9.15.4");
});
