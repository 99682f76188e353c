/** `shoreup-ignore <rule> -- reason` in a comment on the finding's line or the line above: a decision that stays in the source. */
import type { Repo } from "../analyzers/repo/repo.ts";
import type { Place } from "../analyzers/model.ts";

export interface Suppression extends Place {
  rules: string[];
  /** Null when the author gave none; such a suppression does not count. */
  reason: string | null;
}

/** Any comment style: `//`, `#`, block comments, `--` and `;` line comments, HTML. */
const pattern =
  /(?:\/\/|#|\/\*|<!--|^\s*\*|--|;).*?\bshoreup-ignore\s+([\w-]+\/[\w-]+(?:\s*,\s*[\w-]+\/[\w-]+)*)(?:\s+--\s*(.*?))?\s*(?:\*\/\s*\}?|-->)?\s*$/;

/** A line that is a comment and nothing else; only such a line speaks for the one below it. */
const commentOnly = /^\s*(?:\/\/|#|\/\*|\*|<!--|\{\/\*|--|;)/;

/** The suppression that covers a rule at a place; null when there is none. */
export function suppressionAt(repo: Repo, place: Place, rule: string): Suppression | null {
  const lines = (repo.read(place.file) ?? "").split(/\r?\n/);
  const here = read(lines[place.line - 1], place.file, place.line);
  if (here?.rules.includes(rule)) return here;
  const above = lines[place.line - 2] ?? "";
  const there = commentOnly.test(above) ? read(above, place.file, place.line - 1) : null;
  return there?.rules.includes(rule) ? there : null;
}

function read(text: string | undefined, file: string, line: number): Suppression | null {
  const match = text?.includes("shoreup-ignore") ? pattern.exec(text) : null;
  if (match === null || match === undefined) return null;
  const reason = match[2]?.trim() ?? "";
  return { file, line, rules: (match[1] ?? "").split(/\s*,\s*/), reason: reason === "" ? null : reason };
}
