/** What the container rules have in common: findings about files, each of them seen and not inferred. */
import type { Place } from "../../analyzers/model.ts";
import { advice } from "../advice.ts";
import type { Match } from "../finding.ts";

interface Said
  extends Pick<Match, "message" | "anchor">, Partial<Pick<Match, "title" | "confidence" | "also" | "fix">> {}

export function match(rule: string, place: Place, said: Said): Match {
  return advice(`containers/${rule}`, place, { confidence: "high", ...said });
}
