/** Findings of components that advise: what a detector has to say, with everything else as it is where nothing is known. */
import type { CallSite, Entry, Place, Reach } from "../analyzers/model.ts";
import type { Match } from "./finding.ts";

/** A match that a brief answers; `more` adds what is known. */
export function advice(
  rule: string,
  { file, line }: Place,
  said: Pick<Match, "confidence" | "message" | "anchor"> & Partial<Match>,
): Match {
  return { also: [], routes: [], path: [], call: null, fix: "brief", ...said, rule, file, line };
}

/** The same about a call. */
export function adviceOnCall(rule: string, call: CallSite, said: Parameters<typeof advice>[2]): Match {
  return advice(rule, call, { call: call.id, ...said });
}

/** Routes and path of a match that several ways lead to. */
export function waysOf(ways: readonly Reach[]): Pick<Match, "routes" | "path"> {
  const routes = ways.filter(({ entry }) => entry.kind === "route");
  return { routes: labelsOf(routes.map(({ entry }) => entry)), path: (routes[0] ?? ways[0])?.path ?? [] };
}

/** `GET /a`, each once. */
export function labelsOf(entries: readonly Pick<Entry, "label">[]): string[] {
  return [...new Set(entries.map(({ label }) => label))];
}

/** `GET /a`, `GET /a and GET /b`, `GET /a and 3 more`. */
export function inWords(labels: readonly string[], none: string): string {
  const [first, second] = labels.map((label) => label.replace(/^socket\b/, "The socket event"));
  if (first === undefined) return none;
  if (second === undefined) return first;
  return labels.length === 2 ? `${first} and ${second}` : `${first} and ${labels.length - 1} more`;
}

/** The places of some calls but one. */
export function placesOf(calls: readonly Place[], except: Place): Place[] {
  const others = calls.filter(({ file, line }) => file !== except.file || line !== except.line);
  return [...new Map(others.map(({ file, line }) => [`${file}:${line}`, { file, line }])).values()];
}
