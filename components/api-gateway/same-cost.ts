/** Costly routes of one file that cost the same and lack the same limit: one finding, mended in one go. */
import type { Match } from "../finding.ts";

/** Who may call without end, and what each call does: "asks a model". */
export interface Cost {
  who: "Anyone" | "Any user";
  does: string;
}

interface Costly {
  match: Match;
  cost: Cost | null;
}

/** What is said together, with everything that it is about; the first place in the file stands for it. */
export interface Said<T> {
  match: Match;
  open: T[];
}

export function saidTogether<T extends Costly>(open: readonly T[]): Said<T>[] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const each of open.toSorted((a, b) => a.match.line - b.match.line)) {
    const { match, cost } = each;
    const key = cost === null ? [match.anchor] : [cost.who, cost.does, match.confidence, match.fix];
    const name = JSON.stringify([match.rule, match.file, ...key, cost === null ? match.line : null]);
    const known = groups.get(name);
    if (known === undefined) groups.set(name, [each]);
    else known.push(each);
  }
  return [...groups.values()].map((group) => ({ match: joined(group), open: group }));
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
  return { ...match, routes, also: [...match.also, ...also], message: endlessly(cost, routes) };
}
