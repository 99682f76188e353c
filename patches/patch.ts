/** From a component's wishes to one reviewable patch. */
import { createHash } from "node:crypto";
import { parseTree } from "jsonc-parser";
import type { ParseError } from "jsonc-parser";
import { parseAllDocuments } from "yaml";
import { overlay } from "../analyzers/repo/repo.ts";
import type { Repo } from "../analyzers/repo/repo.ts";
import { fileDiff, unifiedDiff } from "./diff.ts";
import type { Brief, Conflict, Edit, EnvVar, FileChange, Patch, Review } from "./edit.ts";
import { applyEdits } from "./edits.ts";
import { lineOf } from "./editors/newline.ts";
import { isScript } from "./editors/source.ts";
import { syntaxErrors } from "./editors/typescript.ts";

/** What a recipe's draft says, with the name it goes under. */
export interface PatchWish {
  component: string;
  title: string;
  edits: readonly Edit[];
  /** Ids of the findings that the edits make go away. */
  fixes: readonly string[];
  briefs: readonly Brief[];
  review: Review;
  services: readonly string[];
  env: readonly EnvVar[];
  notes: readonly string[];
}

export type Making =
  | { kind: "patch"; patch: Patch; after: Repo }
  /** The edits leave the tree as it is. */
  | { kind: "nothing" }
  | { kind: "conflict"; conflicts: Conflict[] };

/** A patch that would leave a file unreadable to its own language: always a bug of the recipe, never of the app. */
export class BrokenPatchError extends Error {
  override name = "BrokenPatchError";
}

/** Applies the edits to the tree in memory and describes the difference. Throws {@link BrokenPatchError}. */
export function makePatch(repo: Repo, wish: PatchWish): Making {
  const applied = applyEdits(repo, wish.edits);
  if (applied.kind === "conflict") return applied;
  if (applied.changes.size === 0) return { kind: "nothing" };
  const sides = [...applied.changes]
    .map(([path, after]) => ({ path, before: repo.read(path), after }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const { path, before, after } of sides) demandSyntax(wish.component, path, before, after);
  const files = sides.map((side): FileChange => {
    const { added, removed } = fileDiff(side);
    return { ...side, added, removed };
  });
  return { kind: "patch", patch: described(wish, files, unifiedDiff(sides)), after: overlay(repo, applied.changes) };
}

function described(wish: PatchWish, files: FileChange[], diff: string): Patch {
  return {
    id: createHash("sha256").update(`${wish.component}\n${diff}`).digest("hex").slice(0, 12),
    component: wish.component,
    title: wish.title,
    findings: [...wish.fixes],
    files,
    diff,
    review: wish.review,
    briefs: [...wish.briefs],
    services: [...wish.services],
    env: [...wish.env],
    notes: [...wish.notes],
  };
}

/** A file that did not parse before may stay so; one that did, or is new, must parse. */
function demandSyntax(component: string, path: string, before: string | null, after: string | null): void {
  if (after === null) return;
  const problem = syntaxProblem(path, after);
  if (problem === null || (before !== null && syntaxProblem(path, before) !== null)) return;
  throw new BrokenPatchError(`The ${component} patch would break ${path}: ${problem}`);
}

/** The first syntax error of a JavaScript, TypeScript, JSON or YAML text, null when it has none or is of another kind. */
export function syntaxProblem(path: string, text: string): string | null {
  if (isScript(path)) {
    const [problem] = syntaxErrors(path, text);
    return problem === undefined ? null : `line ${problem.line}: ${problem.message}`;
  }
  if (path.endsWith(".json")) {
    const problems: ParseError[] = [];
    parseTree(text.replace(/^\uFEFF/, ""), problems, { allowTrailingComma: true });
    const [problem] = problems;
    return problem === undefined ? null : `line ${lineOf(text, problem.offset)}: not valid JSON`;
  }
  if (!/\.ya?ml$/.test(path)) return null;
  const [problem] = parseAllDocuments(text).flatMap((document) => document.errors);
  return problem === undefined
    ? null
    : `line ${lineOf(text, problem.pos[0])}: ${problem.message.split("\n", 1)[0] ?? ""}`;
}
