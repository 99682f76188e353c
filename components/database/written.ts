/** What mending one finding asks for, and how many such wishes go together. */
import type { Edit } from "../../patches/edit.ts";
import type { Finding } from "../finding.ts";

/** The edits for one finding, or what stands in the way of them, as the end of "because". */
export type Attempt = { edits: Edit[]; notes: readonly string[] } | { obstacle: string };

export interface Written {
  edits: Edit[];
  cured: Finding[];
  notes: string[];
  obstacles: ReadonlyMap<Finding, string>;
}

/** Those that do not want the same text changed, the earlier ones first; an edit that two ask for is made once. */
export function compatible(attempts: readonly { finding: Finding; attempt: Attempt }[]): Written {
  const edits = new Map<string, Edit>();
  const cured: Finding[] = [];
  const notes = new Set<string>();
  const obstacles = new Map<Finding, string>();
  for (const { finding, attempt } of attempts) {
    if ("obstacle" in attempt) {
      obstacles.set(finding, attempt.obstacle);
      continue;
    }
    const fresh = attempt.edits.filter((edit) => !edits.has(JSON.stringify(edit)));
    const isPart = fresh.length > 0 && fresh.length < attempt.edits.length;
    if (isPart || fresh.some((edit) => [...edits.values()].some((other) => clash(edit, other)))) {
      obstacles.set(finding, "the same lines are changed for another finding");
      continue;
    }
    for (const edit of attempt.edits) edits.set(JSON.stringify(edit), edit);
    for (const note of attempt.notes) notes.add(note);
    cured.push(finding);
  }
  return { edits: [...edits.values()], cured, notes: [...notes], obstacles };
}

function clash(a: Edit, b: Edit): boolean {
  if (a.kind !== "replace" || b.kind !== "replace" || a.file !== b.file) return false;
  return a.start < b.end && b.start < a.end;
}
