/** Which Node an app may find itself on. */
import { expect, it } from "vitest";
import { analyze } from "../analyze.ts";
import { isHeldBelow, mayBeOlder } from "./node-version.ts";
import { memoryRepo } from "../repo/memory.ts";

it.each<[string | undefined, string | undefined, boolean]>([
  [undefined, undefined, false],
  [">=8", undefined, true],
  [">=8", "FROM node:20-alpine", false],
  [">=20", "FROM --platform=linux/amd64 docker.io/library/node:14.21.3 AS base", true],
  [">=16", undefined, false],
  ["16.13.0", undefined, true],
  ["^16.14.0 || >=18", undefined, false],
  ["<23 >=12.5", undefined, true],
  [undefined, "FROM node:lts", false],
])("engines %s, Dockerfile %s", async (node, dockerfile, older) => {
  const model = await analyze(
    memoryRepo({
      "package.json": JSON.stringify({ name: "app", scripts: { start: "node a.js" }, engines: { node } }),
      "a.js": "console.log(1);",
      ...(dockerfile === undefined ? {} : { Dockerfile: `${dockerfile}\nCMD ["node", "a.js"]\n` }),
    }),
    { cacheFolder: null },
  );
  const [service] = model.services;
  expect(service === undefined ? null : mayBeOlder(model, service, { major: 16, minor: 14 })).toBe(older);
});

it.each<[string | undefined, string | undefined, boolean]>([
  [undefined, undefined, false],
  [">=8", undefined, false],
  [">=8", "FROM node:8-alpine", true],
  [">=20", "FROM node:16 AS build\nFROM node:22-alpine", false],
  ["14.x", undefined, true],
  ["^14.2 || ^16", undefined, true],
  ["^16 || >=18", undefined, false],
  [">=12 <18", undefined, true],
  [">=12 <=18", undefined, false],
  [">=12 <18.5.0", undefined, false],
])("engines %s, Dockerfile %s: held below 18 is %s", async (node, dockerfile, held) => {
  const model = await analyze(
    memoryRepo({
      "package.json": JSON.stringify({ name: "app", scripts: { start: "node a.js" }, engines: { node } }),
      "a.js": "console.log(1);",
      ...(dockerfile === undefined ? {} : { Dockerfile: `${dockerfile}\nCMD ["node", "a.js"]\n` }),
    }),
    { cacheFolder: null },
  );
  expect(model.services.map((service) => isHeldBelow(model, service, 18))).toEqual([held]);
});
