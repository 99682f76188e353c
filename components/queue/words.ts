/** Words that several findings share: who waits, and how sure it is. */
import type { Model, Reach } from "../../analyzers/model.ts";
import type { Confidence, Match } from "../finding.ts";

/** `POST /checkout (and 2 more)`. */
export function routesIn(ways: readonly Reach[]): string {
  const labels = [...new Set(ways.map(({ entry }) => entry.label))];
  const [first = "A route"] = labels;
  return labels.length < 2 ? first : `${first} (and ${labels.length - 1} more)`;
}

/** The parts of a match that its ways decide. */
export function evidenceOf(ways: readonly Reach[]): Pick<Match, "routes" | "path"> {
  return { routes: [...new Set(ways.map(({ entry }) => entry.label))], path: ways[0]?.path ?? [] };
}

/** High where a whole way is proven, medium where a step is inferred. */
export function confidenceOf(certainty: "proven" | "inferred", ways: readonly Reach[]): Confidence {
  return certainty === "proven" && ways.some((way) => way.certainty === "proven") ? "high" : "medium";
}

/** `sharp:().toBuffer in uploadAvatar`: what stays the same when lines move. */
export function anchorOf(api: string, fn: string, model: Model): string {
  return `${api} in ${model.fn(fn)?.name ?? "a function"}`;
}
