/** Package managers that the machine lacks, played by npm: an app's own scripts call them by name. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findProgram, ownPath } from "../boot/machine.ts";

const program = fileURLToPath(new URL("./manager.cjs", import.meta.url));

/** The path for what belongs to the app: the machine's, and behind it a stand-in for each manager that is missing. */
export function pathWithManagers(labFolder: string): string {
  const missing = ["yarn", "pnpm"].filter((manager) => findProgram(manager) === null);
  if (missing.length === 0) return ownPath();
  const folder = join(labFolder, "managers");
  mkdirSync(folder, { recursive: true });
  for (const manager of missing) {
    const file = join(folder, manager);
    writeFileSync(file, `#!/usr/bin/env node\nrequire(${JSON.stringify(program)});\n`);
    chmodSync(file, 0o755);
  }
  return `${ownPath()}${delimiter}${folder}`;
}
