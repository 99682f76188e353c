/** Disks of replicas: the tree anew, with the packages shared. */
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { freshDisk } from "./disk.ts";

const home = mkdtempSync(join(tmpdir(), "shoreup-disk-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

it("copies the tree, shares the packages, and is fresh the next time", () => {
  const root = join(home, "app");
  const disk = join(home, "disk");
  mkdirSync(join(root, "api", "node_modules", "express"), { recursive: true });
  writeFileSync(join(root, "api", "server.js"), "start");

  freshDisk(root, disk);
  writeFileSync(join(disk, "api", "upload.png"), "cat");
  freshDisk(root, disk);

  expect(readdirSync(join(disk, "api")).toSorted()).toEqual(["node_modules", "server.js"]);
  expect(readFileSync(join(disk, "api", "server.js"), "utf8")).toBe("start");
  expect(lstatSync(join(disk, "api", "node_modules")).isSymbolicLink()).toBe(true);
  expect(readdirSync(join(root, "api")).toSorted()).toEqual(["node_modules", "server.js"]);
});
