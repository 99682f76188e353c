/**
 * Stands in for yarn or pnpm on a machine that has only npm: runs scripts and installed binaries, as `yarn build`,
 * `yarn run build` and `pnpm exec tsc` do. Anything else it refuses by name, so that no half of a command is run.
 */
"use strict";
const { spawnSync } = require("node:child_process");
const { existsSync, readFileSync } = require("node:fs");
const { basename, dirname, join } = require("node:path");

const manager = basename(process.argv[1] ?? "yarn");
const words = process.argv.slice(2).filter((word) => !["-s", "--silent"].includes(word));
const verb = ["run", "exec"].includes(words[0]) ? words.shift() : "either";
const [name, ...rest] = words;

function scriptsHere() {
  try {
    return JSON.parse(readFileSync("package.json", "utf8")).scripts ?? {};
  } catch {
    return {};
  }
}

/** The nearest installed binary of that name, as far up as the file system goes. */
function binary(tool) {
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    const file = join(folder, "node_modules", ".bin", tool);
    if (existsSync(file)) return file;
    if (folder === dirname(folder)) return null;
  }
}

function commandFor() {
  if (name === undefined || name === "install") return ["npm", ["install"]];
  if (verb !== "exec" && Object.hasOwn(scriptsHere(), name)) return ["npm", ["run", name, "--", ...rest]];
  const tool = name.startsWith("-") ? null : binary(name);
  return tool === null ? null : [tool, rest];
}

const command = commandFor();
if (command === null) {
  console.error(
    `${manager} ${process.argv.slice(2).join(" ")}: ${manager} is not on this machine, and npm has nothing to run in its place`,
  );
  process.exit(127);
}
const { status } = spawnSync(command[0], command[1], { stdio: "inherit" });
process.exit(status ?? 1);
