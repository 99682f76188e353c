/** Copies hostile trees and reads how apps want to be installed, built and filled. */
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { prepare } from "../boot/index.ts";
import { serviceWith, testLab, tinyApp, writeFiles } from "../boot/testing/tiny-app.ts";
import { needsBuild } from "./build.ts";
import { copyTree, madeFolders } from "./copy.ts";
import { isInStep } from "./install.ts";
import { databaseSteps } from "./migrate.ts";
import { readPackage } from "./package-json.ts";

describe("a copy", () => {
  it("holds the app's files, the changes, and no way out of the tree", async () => {
    const outside = writeFiles({ "secret.txt": "secret" });
    const from = writeFiles({
      "a.txt": "a",
      "gone.txt": "gone",
      "$(touch pwned); rm -rf ~": "x",
      "deep/b.txt": "b",
      ".env": "KEY=real",
      ".env.production": "KEY=real",
      ".env.example": "KEY=",
      "node_modules/p/index.js": "p",
      "packages/x/node_modules/q.js": "q",
      ".git/config": "c",
    });
    symlinkSync("a.txt", join(from, "good-link"));
    symlinkSync(join(outside, "secret.txt"), join(from, "absolute-link"));
    symlinkSync("../../../../../../etc/passwd", join(from, "deep", "climbing-link"));
    symlinkSync("loop", join(from, "loop"));
    symlinkSync("..", join(from, "deep", "up"));
    const server = createServer().listen(join(from, "socket"));
    await once(server, "listening");
    onTestFinished(() => void server.close());
    const to = join(writeFiles({}), "copy");
    const changes = new Map([
      ["gone.txt", null],
      ["a.txt", "changed"],
      ["new/c.txt", "c"],
      ["../escaped.txt", "no"],
    ]);
    const notes = copyTree({ from, to, changes, leaveOut: new Set(madeFolders) });
    expect(readdirSync(to, { recursive: true }).map(String).sort()).toEqual([
      "$(touch pwned); rm -rf ~",
      ".env.example",
      "a.txt",
      "deep",
      "deep/b.txt",
      "good-link",
      "new",
      "new/c.txt",
      "packages",
      "packages/x",
    ]);
    expect(readFileSync(join(to, "good-link"), "utf8")).toBe("changed");
    expect(existsSync(join(to, "..", "escaped.txt"))).toBe(false);
    expect(notes.map((note) => note.split(" ")[0]).sort((a = "", b = "") => a.localeCompare(b))).toEqual([
      "absolute-link",
      "deep/climbing-link",
      "deep/up",
      "loop",
    ]);
  });

  it("does not follow a changed file's path through a link of the tree", () => {
    const from = writeFiles({ "real/a.txt": "a" });
    symlinkSync("real", join(from, "link"));
    const to = join(writeFiles({}), "copy");
    copyTree({ from, to, changes: new Map([["link", "now a file"]]), leaveOut: new Set() });
    expect(readFileSync(join(to, "link"), "utf8")).toBe("now a file");
    expect(readFileSync(join(to, "real", "a.txt"), "utf8")).toBe("a");
  });
});

describe("a lockfile", () => {
  const manifest = {
    dependencies: { a: "^1.0.0", o: "1" },
    optionalDependencies: { o: "1" },
    devDependencies: { b: "2" },
  };
  const lock = (root: object): string => JSON.stringify({ packages: { "": root } });
  it.each([
    {
      name: "in step",
      root: { dependencies: { a: "^1.0.0" }, optionalDependencies: { o: "1" }, devDependencies: { b: "2" } },
      is: true,
    },
    {
      name: "another range",
      root: { dependencies: { a: "^2.0.0" }, optionalDependencies: { o: "1" }, devDependencies: { b: "2" } },
      is: false,
    },
    { name: "one too few", root: { dependencies: { a: "^1.0.0" }, optionalDependencies: { o: "1" } }, is: false },
    { name: "of an old format", root: undefined, is: false },
  ])("$name", ({ root, is }) => {
    const text = root === undefined ? JSON.stringify({ dependencies: {} }) : lock(root);
    const folder = writeFiles({ "package.json": JSON.stringify(manifest), "package-lock.json": text });
    expect(isInStep(folder, "package-lock.json")).toBe(is);
  });

  it("that is malformed is not in step", () => {
    const folder = writeFiles({ "package.json": "{}", "package-lock.json": "<<<<<<< HEAD" });
    expect(isInStep(folder, "package-lock.json")).toBe(false);
  });
});

describe("the database is set up by", () => {
  it.each([
    {
      name: "a script",
      files: {},
      manifest: { scripts: { "db:migrate": "node m.js", seed: "node s.js" } },
      found: ["npm run db:migrate", "npm run seed"],
    },
    {
      name: "a script that seeds as well",
      files: {},
      manifest: { scripts: { "db:setup": "node m.js && node seed.js", seed: "node s.js" } },
      found: ["npm run db:setup"],
    },
    {
      name: "Prisma's migrations instead of its development command",
      files: { "prisma/schema.prisma": "", "prisma/migrations/1/migration.sql": "" },
      manifest: {
        scripts: { "db:migrate": "prisma migrate dev" },
        devDependencies: { prisma: "6" },
        prisma: { seed: "tsx s.ts" },
      },
      found: [
        "npx --no-install prisma migrate deploy --schema prisma/schema.prisma",
        "npx --no-install prisma db seed",
      ],
    },
    {
      name: "Prisma's schema",
      files: { "src/prisma/schema.prisma": "" },
      manifest: { devDependencies: { prisma: "6" } },
      found: ["npx --no-install prisma db push --accept-data-loss --schema src/prisma/schema.prisma"],
    },
    {
      name: "Drizzle",
      files: { "drizzle.config.ts": "", "drizzle/meta/_journal.json": "{}" },
      manifest: { devDependencies: { "drizzle-kit": "1" } },
      found: ["npx --no-install drizzle-kit migrate"],
    },
    {
      name: "Knex",
      files: { "knexfile.js": "", "seeds/a.js": "" },
      manifest: { dependencies: { knex: "3" } },
      found: ["npx --no-install knex migrate:latest", "npx --no-install knex seed:run"],
    },
    {
      name: "Sequelize",
      files: { ".sequelizerc": "" },
      manifest: { devDependencies: { "sequelize-cli": "6" } },
      found: ["npx --no-install sequelize-cli db:migrate"],
    },
    { name: "a schema file", files: { "db/schema.sql": "" }, manifest: {}, found: ["db/schema.sql"] },
    { name: "nothing", files: {}, manifest: {}, found: [] },
  ])("$name", ({ files, manifest, found }) => {
    const folder = writeFiles({ "package.json": JSON.stringify(manifest), ...files });
    const steps = databaseSteps(folder, readPackage(folder));
    expect(steps.map(({ run }) => ("sqlFile" in run ? run.sqlFile : run.command.join(" ")))).toEqual(found);
  });
});

describe("a build", () => {
  it.each([
    { start: "node dist/index.js", files: {}, needed: true },
    { start: "node --enable-source-maps ./dist/index.js", files: { "dist/index.js": "" }, needed: false },
    { start: "node dist", files: {}, needed: true },
    { start: "next start", files: {}, needed: true },
    { start: "tsx src/index.ts", files: { "src/index.ts": "" }, needed: false },
  ])("for `$start` is needed: $needed", ({ start, files, needed }) => {
    const scripts = { start, build: "tsc" };
    const folder = writeFiles({ "package.json": JSON.stringify({ scripts }), ...files });
    expect(needsBuild(serviceWith({ start, scripts }), folder)).toBe(needed);
  });
});

describe("preparing", () => {
  it("refuses a tree without a package.json in words", async () => {
    const lab = await testLab();
    const root = writeFiles({ "server.js": "" });
    await expect(prepare(lab, { root, service: serviceWith(), side: "before" })).rejects.toThrow(
      "There is nothing to boot",
    );
  });

  it("leaves the tree as it was, and gives the build none of our variables", async () => {
    const scripts = { build: "env > dist-env.txt", start: "node dist/a.js" };
    const app = tinyApp("", { scripts, service: { outDir: "dist" } });
    const before = readdirSync(app.root);
    process.env["LAB_TEST_SECRET"] = "do not leak";
    const { root } = await prepare(await testLab(), { root: app.root, service: app.service, side: "after" });
    delete process.env["LAB_TEST_SECRET"];
    expect(readFileSync(join(root, "dist-env.txt"), "utf8")).not.toContain("do not leak");
    expect(readdirSync(app.root)).toEqual(before);
  });

  it("creates the file that --env-file names, so that Node starts", async () => {
    const app = tinyApp("", { scripts: { start: "node --env-file=.env server.js" } });
    mkdirSync(join(app.root, "sub"));
    writeFileSync(join(app.root, ".env"), "SECRET=real");
    const { root } = await prepare(await testLab(), { root: app.root, service: app.service, side: "before" });
    expect(readFileSync(join(root, ".env"), "utf8")).toBe("");
  });
});
