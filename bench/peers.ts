/** The peers that the same files are given to: oxlint, and eslint where it can be had. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "./measure.ts";

const modules = resolve(import.meta.dirname, "../node_modules");
const home = join(modules, ".cache/bench-peers");
const eslintPackages = ["eslint@9.39.1", "typescript-eslint@8.48.0", "typescript@5.9.3"];
const extensions = "**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}";

/** With the rules that are on by default, and with all of them and import cycles. */
export function oxlint(tree: string, rules: "default" | "all"): Command {
  mkdirSync(home, { recursive: true });
  // The target's own configuration would decide how much the peer does.
  const config = join(home, "oxlint.json");
  writeFileSync(config, "{}");
  const flags = rules === "all" ? ["-D", "all", "--import-plugin"] : [];
  const common = ["--silent", "--disable-nested-config", "--no-ignore", "-c", config];
  return { command: join(modules, ".bin/oxlint"), args: [...common, ...flags, tree] };
}

/**
 * eslint with typescript-eslint's recommended rules, without types. `given`: a folder whose `node_modules` holds both; else
 * they are fetched, once. Null when that is not possible.
 */
export function eslint(tree: string, given: string | null): Command | null {
  const folder = given === null ? installed() : resolve(given);
  const bin = join(folder ?? "", "node_modules/eslint/bin/eslint.js");
  if (folder === null || !existsSync(bin)) return null;
  const config = join(folder, "shoreup-bench.config.mjs");
  writeFileSync(
    config,
    `import tseslint from "typescript-eslint";\nexport default tseslint.config({ files: ["${extensions}"], extends: [tseslint.configs.recommended] });\n`,
  );
  // Files outside of the working folder are none of its business.
  const args = [bin, "--no-config-lookup", "--no-inline-config", "--quiet", "-c", config, "."];
  return { command: process.execPath, args: ["--max-old-space-size=8192", ...args], cwd: tree };
}

function installed(): string | null {
  if (existsSync(join(home, "node_modules/typescript-eslint"))) return home;
  mkdirSync(home, { recursive: true });
  try {
    writeFileSync(join(home, "package.json"), '{ "private": true, "type": "module" }');
    const flags = ["--no-audit", "--no-fund", "--ignore-scripts"];
    execFileSync("npm", ["install", "--prefix", home, ...flags, ...eslintPackages], {
      stdio: "ignore",
      timeout: 300_000,
      shell: process.platform === "win32",
    });
    return home;
  } catch {
    return null;
  }
}
