/** Functions that stand before every route and look at the path themselves: for which paths they turn strangers away. */
import { asksPath, decisionsIn, type Decision } from "./decisions.ts";
import type { Handler, Model, Route } from "../model.ts";
import type { OwnCheck } from "./own-checks.ts";
import { writtenOut } from "./written-out.ts";

/** What nobody has to be logged in for. */
const open =
  /(^|\/)(log-?in|sign-?in|sign-?up|register|join|forgot|reset|verify|auth|oauth|callback|webhooks?|health\w*|public|status)\b/i;

/** Who gets past the middleware of a route that is a file; null for anyone. Where the path is asked about in an unknown way, the answer is a guess by the path. */
export function pathGuardFinder(
  model: Model,
  ownCheck: (handler: Handler) => OwnCheck | null,
): (handler: Handler, route: Route) => OwnCheck | null {
  const known = new Map<string, readonly Decision[]>();
  return (handler, route) => {
    if (handler.fn === null) return null;
    const decisions = known.get(handler.fn) ?? decisionsOf(handler, model, ownCheck);
    known.set(handler.fn, decisions);
    return passes(decisions, route);
  };
}

function decisionsOf(
  handler: Handler,
  model: Model,
  ownCheck: (handler: Handler) => OwnCheck | null,
): readonly Decision[] {
  const fn = handler.fn === null ? null : model.fn(handler.fn);
  if (fn === null) return [];
  const text = writtenOut(fn, model, asksPath);
  const decisions = asksPath.test(text) ? decisionsIn(text) : [];
  if (decisions.some(({ at, notAt, isVague }) => isVague || at.length > 0 || notAt.length > 0)) return decisions;
  const check = ownCheck(handler);
  const isForStaff = check === "staff";
  return check === null ? [] : [{ outcome: "refuses", at: [], notAt: [], isVague: false, isForStaff }];
}

/** Goes through the decisions as a request for the route would, made by somebody whom the app does not know. */
function passes(decisions: readonly Decision[], route: Route): OwnCheck | null {
  for (const { outcome, at, notAt, isVague, isForStaff } of decisions) {
    const isAt = (place: string) => isFor(route, place);
    const isMet = isVague
      ? open.test(route.path) === (outcome === "lets through")
      : (at.length === 0 || at.some(isAt)) && !notAt.some(isAt);
    if (isMet && outcome === "lets through") return null;
    if (isMet) return isForStaff ? "staff" : "users";
  }
  return null;
}

/** By the path's beginning; SvelteKit's names of routes hold the folders that group them, too. */
function isFor({ path, file }: Route, place: string): boolean {
  if (/[([]/.test(place)) return file.includes(`routes${place}`);
  if (place === "/") return path === "/";
  return path === place || path.startsWith(place.endsWith("/") ? place : `${place}/`);
}
