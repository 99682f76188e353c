/** Several patches of one plan as one: what a tree looks like before the first and after the last. */
import { createHash } from "node:crypto";
import { fileDiff, unifiedDiff } from "./diff.ts";
import type { FileChange, Patch, Review } from "./edit.ts";

const levels: readonly Review["level"][] = ["glance", "read", "full"];

/** The patches must follow each other, each made on the tree that the one before leaves. Null when nothing is left to change. */
export function combinePatches(patches: readonly Patch[]): Patch | null {
  const [only, ...others] = patches;
  if (only === undefined) return null;
  if (others.length === 0) return only;
  const files = netChanges(patches);
  if (files.length === 0) return null;
  const diff = unifiedDiff(files);
  const component = patches.map((patch) => patch.component).join("+");
  return {
    id: createHash("sha256").update(`${component}\n${diff}`).digest("hex").slice(0, 12),
    component,
    title: patches.map(({ title }) => title).join(", "),
    findings: [...new Set(patches.flatMap(({ findings }) => findings))],
    files,
    diff,
    review: strictest(patches),
    briefs: patches.flatMap(({ briefs }) => briefs),
    services: [...new Set(patches.flatMap(({ services }) => services))],
    env: uniqueBy(
      patches.flatMap(({ env }) => env),
      ({ name }) => name,
    ),
    notes: [...new Set(patches.flatMap(({ notes }) => notes))],
  };
}

function netChanges(patches: readonly Patch[]): FileChange[] {
  const changes = new Map<string, { path: string; before: string | null; after: string | null }>();
  for (const { path, before, after } of patches.flatMap(({ files }) => files)) {
    changes.set(path, { path, before: changes.has(path) ? (changes.get(path)?.before ?? null) : before, after });
  }
  return [...changes.values()]
    .filter(({ before, after }) => before !== after)
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map((sides) => {
      const { added, removed } = fileDiff(sides);
      return { ...sides, added, removed };
    });
}

function strictest(patches: readonly Patch[]): Review {
  const [first, ...rest] = patches.map(({ review }) => review);
  const review = rest.reduce((a, b) => (levels.indexOf(b.level) > levels.indexOf(a?.level ?? "glance") ? b : a), first);
  return review ?? { level: "full", reason: "Nothing is known of it." };
}

function uniqueBy<T>(values: readonly T[], key: (value: T) => string): T[] {
  return [...new Map(values.map((value) => [key(value), value])).values()];
}
