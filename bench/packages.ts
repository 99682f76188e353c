/** Published packages, fetched once and kept under `node_modules/.cache`; none of their code is run. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";

const cache = resolve(import.meta.dirname, "../node_modules/.cache/corpus");

export interface Published {
  name: string;
  version: string;
}

/** The unpacked package; null when it cannot be had. */
export function fetched({ name, version }: Published): string | null {
  const home = join(cache, `${name.replace("/", "+")}-${version}`);
  if (existsSync(home)) return home;
  const draft = `${home}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  try {
    const said = execFileSync("npm", ["pack", `${name}@${version}`, "--json", "--pack-destination", draft], {
      stdio: ["ignore", "pipe", "pipe"],
      timeout: 300_000,
      shell: process.platform === "win32",
    });
    const [packed] = z.array(z.looseObject({ filename: z.string() })).parse(JSON.parse(said.toString()));
    execFileSync("tar", ["-xzf", join(draft, packed?.filename ?? ""), "--strip-components=1", "-C", draft]);
    rmSync(join(draft, packed?.filename ?? ""));
    renameSync(draft, home);
    return home;
  } catch {
    rmSync(draft, { recursive: true, force: true });
    return null;
  }
}
