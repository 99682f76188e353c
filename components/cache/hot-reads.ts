/** Looks for public pages and lists that are the same for everybody and cost much work on every visit. */
import { type Audience, audienceFinder } from "../../analyzers/audience/audience.ts";
import { textOf } from "../../analyzers/code/text.ts";
import type { CallSite, Fn, Model, Route } from "../../analyzers/model.ts";
import { advice, placesOf } from "../advice.ts";
import type { Confidence, Match } from "../finding.ts";
import { keepsAnswers, routeKeeps } from "./kept.ts";
import { readsOf, type Reads } from "./reads.ts";
import { asksOwnQuestion, requestCode, type RequestCode } from "./request-code.ts";

export interface HotRoute {
  route: Route;
  handler: Fn;
  match: Match;
}

export function hotReads(model: Model): Match[] {
  return hotRoutes(model).map(({ match }) => match);
}

/** The same with the route and the function that answers it. */
export function hotRoutes(model: Model): HotRoute[] {
  const audienceOf = audienceFinder(model);
  return model.routes.flatMap((route) => {
    const handler = handlerOf(model, route, audienceOf(route));
    if (handler === null || keeps(model, route, handler)) return [];
    const reads = readsOf(model, handler);
    const confidence = confidenceOf(model, route, handler, reads);
    if (confidence === null || reads.first === null) return [];
    return [{ route, handler, match: matchOf(route, reads, reads.first, confidence) }];
  });
}

/** The function that answers a page or list which anyone may see; null for everything else. */
function handlerOf(model: Model, { method, via, path, file, handlers }: Route, audience: Audience): Fn | null {
  if (method !== "GET" || (via !== "http" && via !== "page") || audience !== "anyone") return null;
  if (model.context(file) !== "server" || privately.test(path)) return null;
  const id = handlers.at(-1)?.fn;
  const fn = id === null || id === undefined ? null : model.fn(id);
  return fn === null || isForUser(requestCode(model, fn), model) ? null : fn;
}

/** It asks who is there. */
function isForUser({ texts, handedTo }: RequestCode, model: Model): boolean {
  return (
    texts.some((text) => dependsOnUser.test(text)) ||
    handedTo.some((call) => /auth|user|session/i.test(textOf(model, call).split("(")[0] ?? ""))
  );
}

const privately =
  /(^|\/)(admin|me|my|account|profile|auth|login|logout|callback|oauth|verify|reset|confirm|session|health\w*|ready|live|metrics|status|ping|debug|test|internal|download|export|webhooks?|sse|events\/stream|token|unsubscribe)(\/|$)/i;
const dependsOnUser =
  /\breq(uest)?\.(user|session|auth|userId|isAuthenticated|cookies|signedCookies|currentUser|account)\b|\bres\.locals\.(user|session)|\bcookies\(\)|getServerSession|currentUser|\bauthorization\b|ctx\.state\.user|\.redirect\(/i;

function keeps(model: Model, route: Route, handler: Fn): boolean {
  return routeKeeps(model, route.id) || keepsAnswers(model, handler);
}

/** What the rows show that every visit costs; a list of one plain query is no cause to add a cache. */
function confidenceOf(model: Model, { path }: Route, handler: Fn, reads: Reads): Confidence | null {
  if (reads.first === null || reads.writes > 0 || reads.keeps) return null;
  const isOfAll = !/:/.test(path) && !asksOwnQuestion(requestCode(model, handler));
  const isCostly = reads.looped !== null || reads.whole !== null || reads.count >= 3;
  if (isOfAll && isCostly) return "medium";
  return isOfAll || isCostly ? "low" : null;
}

/** Frameworks whose handlers the recipe can put a cache into; those that render pages have one of their own. */
export function isWritable({ framework, via }: Route): boolean {
  return via === "http" && /^(express|fastify|koa|hono|nest\w*)$/.test(framework);
}

function matchOf(route: Route, reads: Reads, first: CallSite, confidence: Confidence): Match {
  const sink = reads.looped ?? reads.whole ?? first;
  const much =
    reads.looped !== null
      ? "a read of the database for every entry"
      : reads.whole !== null
        ? "a sum over all rows of a table"
        : `${reads.count} reads of the database`;
  const label = `${route.method} ${route.path}`;
  return advice("cache/hot-read-uncached", first, {
    confidence,
    message: `${label} gives everybody the same answer and makes it anew for each visitor, with ${much}: a thousand visitors in a minute are a thousand times the same work.`,
    also: [...placesOf([sink], first), ...placesOf([route], first)],
    routes: [label],
    call: first.id,
    anchor: label,
    fix: isWritable(route) ? "patch" : "brief",
  });
}
