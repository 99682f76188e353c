/** Lockfiles brought into step by real npm without a registry, and those that are refused. */
import { expect, it } from "vitest";
import { memoryRepo } from "../../analyzers/repo/memory.ts";
import { lockfilesFor } from "./lockfiles.ts";

const app = (dependencies: object): string => JSON.stringify({ name: "app", version: "1.0.0", dependencies });
const tool = { "tool/package.json": '{ "name": "tool", "version": "2.0.0", "scripts": { "install": "exit 1" } }' };
const locked = (lockfileVersion: number): string =>
  JSON.stringify({
    name: "app",
    version: "1.0.0",
    lockfileVersion,
    packages: { "": { name: "app", version: "1.0.0" } },
  });

it.each([2, 3])("names what package.json asks for, in the lockfile's own format (%i)", async (version) => {
  const files = { "package.json": app({ tool: "file:./tool" }), ...tool, "package-lock.json": locked(version) };
  const [lock] = await lockfilesFor(memoryRepo(files), ["package.json"]);
  expect(lock).toMatchObject({ file: "package-lock.json", command: expect.stringContaining("--ignore-scripts") });
  expect(JSON.parse(lock?.text ?? "")).toMatchObject({
    lockfileVersion: version,
    packages: { "": { dependencies: { tool: "file:./tool" } }, tool: { version: "2.0.0" } },
  });
});

it("finds the one lockfile of a workspace from the package that changed", async () => {
  const files = {
    "package.json": '{ "name": "root", "version": "1.0.0", "workspaces": ["apps/*"] }',
    "apps/api/package.json": '{ "name": "api", "version": "1.0.0", "dependencies": { "web": "1.0.0" } }',
    "apps/web/package.json": '{ "name": "web", "version": "1.0.0" }',
    "package-lock.json": locked(3),
  };
  const changed = ["apps/api/package.json", "apps/web/package.json"];
  const locks = await lockfilesFor(memoryRepo(files), changed);
  expect(locks.map(({ file }) => file)).toEqual(["package-lock.json"]);
  expect(locks[0]?.text).toContain("apps/api");
});

it("leaves alone what has no lockfile, and one that is in step", async () => {
  const bare = { "package.json": app({ tool: "file:./tool" }), ...tool };
  expect(await lockfilesFor(memoryRepo(bare), ["package.json"])).toEqual([]);
  const [lock] = await lockfilesFor(memoryRepo({ ...bare, "package-lock.json": locked(3) }), ["package.json"]);
  const inStep = { ...bare, "package-lock.json": lock?.text ?? "" };
  expect(await lockfilesFor(memoryRepo(inStep), ["package.json"])).toEqual([]);
});

it.each([
  ["code of the repo that decides versions", { "yarn.lock": "", ".yarnrc.yml": "yarnPath: x.cjs\n" }, /own code/],
  ["a hook of pnpm", { "pnpm-lock.yaml": "", ".pnpmfile.cjs": "module.exports = {};" }, /\.pnpmfile\.cjs/],
  ["a binary lockfile", { "bun.lockb": "x" }, /binary/],
  [
    "a package that is nowhere",
    { "package-lock.json": locked(3), "package.json": app({ a: "file:./gone.tgz" }) },
    /gone/,
  ],
])("refuses %s, and says what to do", async (_what, files, reason) => {
  const repo = memoryRepo({ "package.json": app({}), ...files });
  const refusal = lockfilesFor(repo, ["package.json"]);
  await expect(refusal).rejects.toThrow(reason);
  await expect(refusal).rejects.toThrow(/Nothing was written\. Apply the patches without the lockfile/);
});
