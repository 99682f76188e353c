/** Builds the package: compiled JavaScript in `dist/`, beside it the files that are read at run time. */
import { execFileSync } from "node:child_process";
import { cpSync, globSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

const root = import.meta.dirname;

/** Read at run time by name; everything else of a component folder (fixtures, tests) stays behind. */
const assets = [
  "components/*/guide.md",
  "components/*/templates/**",
  "prompts/templates/*",
  "verify/**/*.cjs",
  "report/schema/*.json",
];

rmSync(join(root, "dist"), { recursive: true, force: true });
execFileSync(
  process.execPath,
  [join(root, "node_modules/typescript/bin/tsc"), "-p", join(root, "tsconfig.build.json")],
  {
    stdio: "inherit",
  },
);
for (const pattern of assets) {
  for (const file of globSync(pattern, { cwd: root, exclude: ["components/_template/**"] })) {
    cpSync(join(root, file), join(root, "dist", dirname(file), file.slice(dirname(file).length)), { recursive: true });
  }
}
