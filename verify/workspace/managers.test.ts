/** Stand-ins for package managers run scripts and binaries as the real ones would. */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findProgram } from "../boot/machine.ts";
import { pathWithManagers } from "./managers.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "shoreup-managers-"));
  const scripts = { greet: "echo hello", outer: "yarn greet && yarn tool migrate" };
  writeFileSync(join(folder, "package.json"), JSON.stringify({ scripts }));
  mkdirSync(join(folder, "node_modules", ".bin"), { recursive: true });
  const tool = join(folder, "node_modules", ".bin", "tool");
  writeFileSync(tool, '#!/bin/sh\necho "tool $*"\n');
  chmodSync(tool, 0o755);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(...words: string[]): string {
  const [program = "", ...args] = words;
  const env = { PATH: pathWithManagers(folder), HOME: folder };
  try {
    return execFileSync(program, args, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] }).toString();
  } catch (error) {
    return String(error);
  }
}

describe.runIf(findProgram("yarn") === null)("where the machine has no yarn", () => {
  it.each([
    ["a script by its name", ["yarn", "greet"], /^hello$/m],
    ["a script by run", ["yarn", "run", "greet"], /^hello$/m],
    ["a binary with its arguments", ["yarn", "tool", "up", "--all"], /^tool up --all$/m],
    ["a script that calls it again", ["npm", "run", "outer"], /^hello$[\s\S]*^tool migrate$/m],
    ["nothing of the kind", ["yarn", "teleport"], /not on this machine/],
  ])("runs %s", (_, words, said) => {
    expect(run(...words)).toMatch(said);
  });
});
