/** What the container rules have in common: findings about files, each of them seen and not inferred. */
import type { Place } from "../../analyzers/model.ts";
import type { Match } from "../finding.ts";

interface Said
  extends Pick<Match, "message" | "anchor">, Partial<Pick<Match, "title" | "confidence" | "also" | "fix">> {}

export function match(rule: string, { file, line }: Place, said: Said): Match {
  return {
    rule: `containers/${rule}`,
    file,
    line,
    confidence: "high",
    also: [],
    routes: [],
    path: [],
    call: null,
    fix: "brief",
    ...said,
  };
}
