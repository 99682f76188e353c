/** What mending one finding asks for, and how many such wishes go together. */
import type { Edit, EnvVar } from "../../patches/edit.ts";
import type { Finding } from "../finding.ts";

/** The edits for one finding, or what stands in the way of them, as the end of "because". */
export type Attempt = Mended | { obstacle: string };

export interface Mended {
  edits: Edit[];
  /** What other wishes may ask for as well: an import, a file, a parameter that two callers use. */
  shared?: readonly Edit[];
  notes: readonly string[];
  env?: readonly EnvVar[];
  /** Set where control takes another way than before: nothing may be put around or into what is changed. */
  alone?: true;
}

export interface Written {
  edits: Edit[];
  cured: Finding[];
  notes: string[];
  env: EnvVar[];
  obstacles: ReadonlyMap<Finding, string>;
}

/** Those that do not want the same text changed, the earlier ones first; an edit that two ask for is made once. */
export function compatible(attempts: readonly { finding: Finding; attempt: Attempt }[]): Written {
  const edits = new Map<string, Edit>();
  const shared = new Set<string>();
  const cured: Finding[] = [];
  const notes = new Set<string>();
  const obstacles = new Map<Finding, string>();
  const kept: Mended[] = [];
  for (const { finding, attempt } of attempts) {
    if ("obstacle" in attempt) {
      obstacles.set(finding, attempt.obstacle);
      continue;
    }
    const isNew = (edit: Edit): boolean => !edits.has(JSON.stringify(edit));
    const own = attempt.edits.filter(isNew);
    const isPart =
      (own.length > 0 && own.length < attempt.edits.length) ||
      attempt.edits.some((edit) => shared.has(JSON.stringify(edit))) ||
      (attempt.shared ?? []).some((edit) => !isNew(edit) && !shared.has(JSON.stringify(edit)));
    const isCrossed = kept.some((other) => (other.alone ?? attempt.alone) === true && meet(other.edits, attempt.edits));
    const fresh = [...own, ...(attempt.shared ?? []).filter(isNew)];
    if (isPart || isCrossed || fresh.some((edit) => [...edits.values()].some((other) => clash(edit, other)))) {
      obstacles.set(finding, "the same lines are changed for another finding");
      continue;
    }
    for (const edit of fresh) edits.set(JSON.stringify(edit), edit);
    for (const edit of attempt.shared ?? []) shared.add(JSON.stringify(edit));
    for (const note of attempt.notes) notes.add(note);
    cured.push(finding);
    kept.push(attempt);
  }
  const env = new Map(kept.flatMap((each) => each.env ?? []).map((variable) => [variable.name, variable]));
  return { edits: [...edits.values()], cured, notes: [...notes], env: [...env.values()], obstacles };
}

/** Whether the stretches that two wishes reach over have anything in common. */
function meet(own: readonly Edit[], others: readonly Edit[]): boolean {
  const files = new Set(own.map(({ file }) => file));
  return [...files].some((file) => {
    const [a, b] = [own, others].map((edits) => reachOf(edits, file));
    return a !== undefined && b !== undefined && a.start < b.end && b.start < a.end;
  });
}

function reachOf(edits: readonly Edit[], file: string): { start: number; end: number } {
  const places = edits.flatMap((edit) => (edit.kind === "replace" && edit.file === file ? [edit] : []));
  return { start: Math.min(...places.map(({ start }) => start)), end: Math.max(...places.map(({ end }) => end)) };
}

function clash(a: Edit, b: Edit): boolean {
  if (a.kind !== "replace" || b.kind !== "replace" || a.file !== b.file) return false;
  return a.start < b.end && b.start < a.end;
}
