/** What the rules of this component have in common. */
import type { Place } from "../../analyzers/model.ts";
import { advice } from "../advice.ts";
import type { Match } from "../finding.ts";

interface Said
  extends
    Pick<Match, "message" | "anchor">,
    Partial<Pick<Match, "title" | "confidence" | "also" | "routes" | "path" | "call" | "fix">> {}

export function match(rule: string, place: Place, said: Said): Match {
  return advice(`error-tracking/${rule}`, place, { confidence: "high", fix: "brief", ...said });
}
