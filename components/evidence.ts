/** What the ways to a call say in a finding: the routes, the path, who waits, and how sure it is. */
import type { Reach } from "../analyzers/model.ts";
import type { Confidence, Match } from "./finding.ts";

/** The parts of a match that its ways decide. */
export function evidenceOf(ways: readonly Reach[]): Pick<Match, "routes" | "path"> {
  const routes = ways.filter(isRoute).map(({ entry }) => entry.label);
  return { routes: [...new Set(routes)], path: (ways.find(isRoute) ?? ways[0])?.path ?? [] };
}

/** High where a whole way is proven, medium where a step is inferred. */
export function provenBy(certainty: "proven" | "inferred", ways: readonly Reach[]): Confidence {
  return certainty === "proven" && ways.some((way) => way.certainty === "proven") ? "high" : "medium";
}

/** `POST /checkout (and 2 more)`: routes first; `otherwise` where there is no way. */
export function whoIn(
  ways: readonly Reach[],
  otherwise: string,
  nameOf: (entry: Reach["entry"]) => string = ({ label }) => label,
): string {
  const ordered = ways.toSorted((a, b) => Number(isRoute(b)) - Number(isRoute(a)));
  const labels = [...new Set(ordered.map(({ entry }) => nameOf(entry)))];
  const [first = otherwise] = labels;
  return labels.length < 2 ? first : `${first} (and ${labels.length - 1} more)`;
}

function isRoute({ entry }: Reach): boolean {
  return entry.kind === "route";
}
