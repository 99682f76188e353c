/** What a model answers when it is asked for an edit, and what becomes of the tree with it. */
import { z } from "zod";
import type { Repo } from "../../analyzers/repo/repo.ts";
import type { Edit } from "../../patches/edit.ts";
import { newlineOf } from "../../patches/editors/newline.ts";
import { isScript } from "../../patches/editors/source.ts";
import type { Task } from "../task.ts";
import { untouchable } from "../touchable.ts";

export const Reply = z.strictObject({
  reason: z.string(),
  edits: z.array(z.strictObject({ file: z.string(), search: z.string(), replace: z.string() })),
});
export type Reply = z.infer<typeof Reply>;

/** Why an edit may not be made, whatever it says; null when all may. Asked first: nothing of another file is read. */
export function strangerIn({ touchable }: Task, repo: Repo, { edits }: Reply): string | null {
  for (const { file } of edits) {
    const isDrafted = isScript(file) || /(^|\/)\.env\.\w+$/.test(file);
    const why = untouchable(touchable, file, repo.has(file));
    if (why !== null) return `${file}: ${why}`;
    if (!isDrafted) return `${file}: only JavaScript and TypeScript are drafted`;
  }
  return null;
}

export type Located = { edits: Edit[] } | { problem: string };

/** The reply's edits at their places; each `search` has to stand in its file exactly once. */
export function located(repo: Repo, reply: Reply): Located {
  const edits: Edit[] = [];
  for (const { file, search, replace } of reply.edits) {
    const text = repo.read(file);
    if (search === "") {
      if (text !== null) return { problem: `${file} is there already, so its search must not be empty` };
      edits.push({ kind: "create", file, text: replace });
      continue;
    }
    if (text === null) return { problem: `${file} is not there, so nothing can be searched in it` };
    const wanted = search.replace(/\r?\n/g, newlineOf(text));
    const start = text.indexOf(wanted);
    if (start < 0) return { problem: `the search for ${file} is not in it, letter by letter: ${firstLine(search)}` };
    if (text.indexOf(wanted, start + 1) >= 0)
      return { problem: `the search for ${file} stands in it more than once: ${firstLine(search)}` };
    edits.push({ kind: "replace", file, start, end: start + wanted.length, text: replace });
  }
  return { edits };
}

function firstLine(text: string): string {
  return JSON.stringify(text.trim().split("\n", 1)[0]?.slice(0, 120) ?? "");
}
