import { describe, expect, it } from "vitest";
import { memoryRepo } from "../repo/memory.ts";
import { projectMains } from "./project-mains.ts";

describe("apps that share a package", () => {
  it.each<[name: string, files: Record<string, string>, mains: string[]]>([
    [
      "nest-cli.json",
      {
        "nest-cli.json": `{ // apps\n "projects": { "api": { "type": "application", "sourceRoot": "apps/api/src", "entryFile": "server" }, "lib": { "type": "library", "sourceRoot": "libs/lib/src" }, "jobs": { "root": "apps/jobs" } } }`,
        "apps/api/src/server.ts": "",
        "apps/api/src/main.ts": "",
        "libs/lib/src/index.ts": "",
        "apps/jobs/src/main.ts": "const jobs = await NestFactory.createApplicationContext(JobsModule);",
      },
      ["api apps/api/src/server.ts serves", "jobs apps/jobs/src/main.ts"],
    ],
    ["a package with one app", { "nest-cli.json": `{ "sourceRoot": "src" }`, "src/main.ts": "" }, []],
    [
      "nx, by its build",
      {
        "apps/api/project.json": `{ "name": "api", "projectType": "application", "targets": { "build": { "options": { "main": "{projectRoot}/apps/api/src/start.ts" } } } }`,
        "apps/api/src/start.ts": "",
      },
      ["api apps/api/src/start.ts"],
    ],
    [
      "nx, by its source folder",
      {
        "apps/api/project.json": `{ "projectType": "application", "sourceRoot": "apps/api/src" }`,
        "apps/api/src/main.ts": "",
      },
      ["api apps/api/src/main.ts"],
    ],
    [
      "nx, a library",
      { "libs/a/project.json": `{ "projectType": "library", "sourceRoot": "libs/a/src" }`, "libs/a/src/index.ts": "" },
      [],
    ],
    [
      "files that say nothing",
      {
        "nest-cli.json": "[",
        "a/project.json": "null",
        "b/project.json": `{ "projectType": "application", "sourceRoot": "../../x" }`,
      },
      [],
    ],
  ])("%s", (_, files, mains) => {
    const found = projectMains(memoryRepo(files));
    expect(found.map(({ name, file, serves }) => `${name} ${file}${serves ? " serves" : ""}`)).toEqual(mains);
  });
});
