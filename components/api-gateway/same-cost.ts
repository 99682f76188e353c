/** Costly routes that cost the same and that one limit would serve: one finding, mended in one go. */
import type { Route } from "../../analyzers/model.ts";
import { isPython } from "../../analyzers/repo/source-file.ts";
import type { Match } from "../finding.ts";

/** Who may call without end, and what each call does: "asks a model". */
export interface Cost {
  who: "Anyone" | "Any user";
  does: string;
}

interface Costly {
  route: Route;
  match: Match;
  cost: Cost | null;
}

/** What is said together, with everything that it is about; the first place stands for it. */
export interface Said<T> {
  match: Match;
  open: T[];
}

export function saidTogether<T extends Costly>(open: readonly T[]): Said<T>[] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const each of open.toSorted(byPlace)) {
    const name = JSON.stringify(kindOf(each));
    const known = groups.get(name);
    if (known === undefined) groups.set(name, [each]);
    else known.push(each);
  }
  return [...groups.values()].map((group) => ({ match: joined(group), open: group }));
}

function byPlace({ match: a }: Costly, { match: b }: Costly): number {
  return a.file.localeCompare(b.file) || a.line - b.line;
}

/**
 * A limit that is written at the routes is written file by file; a guard, plugin or middleware that is set up once (Nest,
 * Fastify, GraphQL) serves all routes of its service.
 */
function kindOf({ match: { rule, file, line, anchor, confidence, fix }, cost, route }: Costly): unknown[] {
  if (cost === null) return [rule, file, anchor, line];
  const isByFile = isPython(file) || (route.framework === "express" && fix === "patch");
  const serves = isByFile ? [file, fix] : [route.service, route.framework];
  return [rule, ...serves, cost.who, cost.does, confidence];
}

/** `Anyone can call POST /a (and 2 more) without end, and each call asks a model.` */
export function endlessly({ who, does }: Cost, routes: readonly string[]): string {
  const [first = "a route", ...others] = routes;
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  return `${who} can call ${first}${more} without end, and each call ${does}.`;
}

function joined([first, ...others]: readonly [Costly, ...Costly[]]): Match {
  const { match, cost } = first;
  if (cost === null || others.length === 0) return match;
  const routes = [...new Set([match, ...others.map((other) => other.match)].flatMap((each) => each.routes))];
  const also = others.map(({ match: { file, line } }) => ({ file, line }));
  const fix = [match, ...others.map((other) => other.match)].every((each) => each.fix === "patch") ? "patch" : "brief";
  return { ...match, routes, also: [...match.also, ...also], message: endlessly(cost, routes), fix };
}
