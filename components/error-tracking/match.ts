/** What the rules of this component have in common. */
import type { Place } from "../../analyzers/model.ts";
import type { Match } from "../finding.ts";

interface Said
  extends
    Pick<Match, "message" | "anchor">,
    Partial<Pick<Match, "title" | "confidence" | "also" | "routes" | "path" | "call">> {}

export function match(rule: string, { file, line }: Place, said: Said): Match {
  return {
    rule: `error-tracking/${rule}`,
    file,
    line,
    confidence: "high",
    also: [],
    routes: [],
    path: [],
    call: null,
    fix: "none",
    ...said,
  };
}
