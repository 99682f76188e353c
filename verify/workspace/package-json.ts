/** Reads a package.json of a working copy, trusting none of it. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const Texts = z.record(z.string(), z.string()).catch({});

const PackageJson = z.looseObject({
  scripts: Texts,
  dependencies: Texts,
  devDependencies: Texts,
  optionalDependencies: Texts,
  peerDependencies: Texts,
  overrides: z.unknown().optional(),
  prisma: z.looseObject({ seed: z.string().optional(), schema: z.string().optional() }).optional().catch(undefined),
});

export type PackageJson = z.infer<typeof PackageJson>;

const empty: PackageJson = {
  scripts: {},
  dependencies: {},
  devDependencies: {},
  optionalDependencies: {},
  peerDependencies: {},
};

/** The file's text, null when it is not there or cannot be read. */
export function readText(...path: string[]): string | null {
  const file = join(...path);
  try {
    return existsSync(file) ? readFileSync(file, "utf8") : null;
  } catch {
    return null;
  }
}

/** Parsed JSON, null when the file is absent or malformed. */
export function readJson(...path: string[]): unknown {
  const text = readText(...path);
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

/** The folder's package.json; an empty one when it is absent or malformed. */
export function readPackage(folder: string): PackageJson {
  return PackageJson.safeParse(readJson(folder, "package.json")).data ?? empty;
}

/** Whether the package names this dependency in any list. */
export function dependsOn(manifest: PackageJson, name: string): boolean {
  return name in manifest.dependencies || name in manifest.devDependencies || name in manifest.optionalDependencies;
}
