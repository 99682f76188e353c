/** What the rules about shipping have in common: findings about the repo, none of them on a request's path. */
import type { Place } from "../../analyzers/model.ts";
import type { Match } from "../finding.ts";

interface Said
  extends Pick<Match, "message" | "anchor">, Partial<Pick<Match, "title" | "confidence" | "also" | "fix">> {}

export function match(rule: string, { file, line }: Place, said: Said): Match {
  return {
    rule: `ci-cd/${rule}`,
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
