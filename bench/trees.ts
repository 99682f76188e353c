/** Copies of the measured trees, so that files can be changed and left out. */
import { appendFileSync, cpSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { openRepo } from "../analyzers/repo/disk.ts";
import { isComponent, isSource } from "../analyzers/repo/source-file.ts";

export interface Tree {
  title: string;
  root: string;
  /** Source files in sorted order. */
  sources: readonly string[];
  lines: number;
  megabytes: number;
}

/** A copy of what is read of a tree: all of it, or the first part of its source files with everything that is no source. */
export function copied(title: string, from: string, to: string, part = 1): Tree {
  const repo = openRepo(from);
  const isRead = (file: string): boolean => isSource(file) || isComponent(file);
  const all = repo.files.filter(isRead);
  const sources = all.slice(0, Math.ceil(all.length * part));
  for (const file of [...sources, ...repo.files.filter((each) => !isRead(each))]) {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    cpSync(join(from, file), join(to, file));
  }
  const texts = sources.map((file) => repo.read(file) ?? "");
  return {
    title,
    root: to,
    sources,
    lines: texts.reduce((sum, text) => sum + text.split("\n").length, 0),
    megabytes: texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 1e6,
  };
}

/** Changes some files, spread over the tree, as an edit does: their content is another one afterwards. */
export function change({ root, sources }: Tree, count: number, note: string): void {
  const step = Math.max(1, Math.floor(sources.length / count));
  for (let index = 0; index < count; index += 1) {
    const file = sources[index * step];
    if (file !== undefined) appendFileSync(join(root, file), `\n// ${note}\n`);
  }
}
