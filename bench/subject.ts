/** One measured process: `subject <name> <tree> <folder>` does one thing to a tree and exits. */
import { hash } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";

type Subject = (tree: string, folder: string) => Promise<unknown>;

/** Modules are loaded by the subjects that use them, for loading is part of their cost. */
const load = {
  disk: () => import("../analyzers/repo/disk.ts"),
  source: () => import("../analyzers/repo/source-file.ts"),
  all: () => import("../analyzers/extract/all.ts"),
  one: () => import("../analyzers/extract/extract.ts"),
};

async function readSources(tree: string): Promise<{ file: string; text: string }[]> {
  const [{ openRepo }, { isSource }] = [await load.disk(), await load.source()];
  const repo = openRepo(tree);
  return repo.files.filter(isSource).map((file) => ({ file, text: repo.read(file) ?? "" }));
}

async function extractTree(tree: string, cacheFolder: string | null, threads?: number): Promise<unknown> {
  const [{ openRepo }, { extractAll }] = [await load.disk(), await load.all()];
  return extractAll(openRepo(tree), { cacheFolder, ...(threads === undefined ? {} : { threads }) });
}

const subjects: Record<string, Subject> = {
  empty: () => Promise.resolve(),
  floor: async (tree) => (await readSources(tree)).map(({ text }) => hash("sha1", text)),
  plain: async (tree) => {
    const { extract } = await load.one();
    return (await readSources(tree)).map(({ file, text }) => extract(file, text, "plain"));
  },
  "one-thread": (tree) => extractTree(tree, null, 1),
  "two-threads": (tree) => extractTree(tree, null, 2),
  cold: (tree, folder) => {
    rmSync(join(folder, "cache"), { recursive: true, force: true });
    return extractTree(tree, join(folder, "cache"));
  },
  warm: (tree, folder) => extractTree(tree, join(folder, "cache")),
};

const [name = "", tree = "", folder = ""] = process.argv.slice(2);
await subjects[name]?.(tree, folder);
