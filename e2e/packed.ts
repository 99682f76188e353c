/** The package as a stranger gets it: packed, installed into an empty folder, started from there. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = join(import.meta.dirname, "..");

export interface Packed {
  /** The installed command. */
  bin: string;
  remove(): void;
}

/** Builds, packs and installs the package. The folder's name has a space, as many users' have. */
export async function installPacked(): Promise<Packed> {
  const folder = mkdtempSync(join(tmpdir(), "shoreup packed "));
  await run("npm", ["run", "build"], { cwd: root });
  const { stdout } = await run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], {
    cwd: root,
  });
  const tarball = join(folder, packedName(stdout));
  await run("npm", ["install", "--prefix", folder, "--no-audit", "--no-fund", "--prefer-offline", tarball], {
    cwd: folder,
  });
  return {
    bin: join(folder, "node_modules", "shoreup", "dist", "cli", "main.js"),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** npm 10 and 11 print a list of packages, npm 12 an object keyed by name. */
function packedName(json: string): string {
  const printed: unknown = JSON.parse(json);
  const [first] = Array.isArray(printed) ? printed : Object.values(printed ?? {});
  const name: unknown = typeof first === "object" && first !== null && "filename" in first ? first.filename : null;
  if (typeof name !== "string") throw new Error(`npm pack said: ${json}`);
  return name;
}
