/** Path aliases as tsconfig.json and jsconfig.json declare them, through `extends` and `references` within the repo. */
import { posix } from "node:path";
import { parse } from "jsonc-parser";
import { z } from "zod";
import type { Repo } from "../repo/repo.ts";
import { foldersAround } from "./packages.ts";

const Config = z.object({
  extends: z
    .union([z.string().transform((one) => [one]), z.array(z.string())])
    .optional()
    .catch(undefined),
  references: z
    .array(z.object({ path: z.string() }))
    .optional()
    .catch(undefined),
  compilerOptions: z
    .object({
      baseUrl: z.string().optional().catch(undefined),
      paths: z.record(z.string(), z.array(z.string())).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
});

/** `paths`: pattern -> targets, relative to the repo's root; the most specific pattern first. `baseUrl`: folder that bare specifiers may start from. */
export interface Aliases {
  baseUrl: string | null;
  paths: readonly { pattern: string; targets: readonly string[] }[];
}

const NONE: Aliases = { baseUrl: null, paths: [] };
const MAX_CHAIN = 8;

/** The aliases that hold for a file: those of the nearest config above it. */
export function aliasFinder(repo: Repo): (file: string) => Aliases {
  const byFolder = new Map<string, Aliases | null>();
  const inFolder = (folder: string): Aliases | null => {
    const known = byFolder.get(folder);
    if (known !== undefined) return known;
    const file = ["tsconfig.json", "jsconfig.json", "tsconfig.base.json"]
      .map((name) => posix.join(folder, name))
      .find((each) => repo.has(each));
    const found = file === undefined ? null : read(repo, file, 0);
    byFolder.set(folder, found);
    return found;
  };
  return (file) => {
    for (const folder of foldersAround(file)) {
      const aliases = inFolder(folder);
      if (aliases !== null && (aliases.paths.length > 0 || aliases.baseUrl !== null)) return aliases;
    }
    return NONE;
  };
}

function read(repo: Repo, file: string, depth: number): Aliases {
  if (depth > MAX_CHAIN) return NONE;
  const config = Config.safeParse(parse(repo.read(file) ?? "", [], { allowTrailingComma: true })).data;
  if (config === undefined) return NONE;
  const folder = posix.dirname(file);
  const linked = (path: string) => {
    const found = configFile(repo, posix.join(folder, path));
    return found === null || found === file ? NONE : read(repo, found, depth + 1);
  };
  const inherited = (config.extends ?? []).filter((each) => each.startsWith(".")).map(linked);
  const own = config.compilerOptions;
  const base = own?.baseUrl === undefined ? null : posix.join(folder, own.baseUrl);
  const paths = Object.entries(own?.paths ?? {})
    .map(([pattern, targets]) => ({
      pattern,
      targets: targets.map((target) => posix.join(base ?? folder, target)),
    }))
    .toSorted((a, b) => b.pattern.indexOf("*") - a.pattern.indexOf("*"));
  const found: Aliases = {
    baseUrl: base ?? inherited.findLast((each) => each.baseUrl !== null)?.baseUrl ?? null,
    paths: own?.paths === undefined ? (inherited.findLast((each) => each.paths.length > 0)?.paths ?? []) : paths,
  };
  if (found.paths.length > 0 || found.baseUrl !== null) return found;
  const referenced = (config.references ?? []).map((each) => linked(each.path));
  return { baseUrl: null, paths: referenced.flatMap((each) => each.paths) };
}

function configFile(repo: Repo, path: string): string | null {
  return [path, `${path}.json`, posix.join(path, "tsconfig.json")].find((each) => repo.has(each)) ?? null;
}
