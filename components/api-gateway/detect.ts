/** Judges every route's door: whether somebody may knock without end, and how much one request may bring. */
import { textOf } from "../../analyzers/code/text.ts";
import { isPython } from "../../analyzers/repo/source-file.ts";
import { asksForItself, type Audience, audienceFinder, refuserFinder } from "../../analyzers/audience/audience.ts";
import type { Handler, Model, Route } from "../../analyzers/model.ts";
import { serviceRouteFinder } from "../../analyzers/audience/called-by-services.ts";
import { unreadReason, unreadServer } from "../../analyzers/serving/serving.ts";
import type { Presence, Verdict } from "../component.ts";
import type { Match } from "../finding.ts";
import { onePerCall } from "../one-per-call.ts";
import { isAuthJs, sendsLinks, trustsOtherSites } from "./auth-js.ts";
import { besidePython } from "../without-python.ts";
import { countsAttempts } from "./attempts.ts";
import {
  authEvidence,
  type AuthKind,
  authKindOf,
  type Evidence,
  isCodeDoor,
  isCountedElsewhere,
} from "./auth-routes.ts";
import { unlimitedBodies } from "./body-limit.ts";
import { openCors } from "./cors.ts";
import { wrongCounts } from "./counting.ts";
import { edgeLimit } from "./edge-limits.ts";
import { type Expense, expenses } from "./expensive-routes.ts";
import { isIdle } from "./idle.ts";
import { limitWay } from "./limit-way.ts";
import { limiterFinder } from "./limited.ts";
import { namedLimitFinder } from "./named-limits.ts";
import { type Cost, endlessly, saidTogether } from "./same-cost.ts";
import { tooShort } from "./too-short.ts";

/** An open route, and why it should not be. */
export interface OpenRoute {
  route: Route;
  match: Match;
  /** Which limit it needs. */
  limit: AuthKind | "expensive";
  /** What each call costs; null where it is the guessing that hurts. */
  cost: Cost | null;
}

export function presence(model: Model): Presence {
  const edge = edgeLimit(model);
  if (edge !== null) return { status: "in_effect", evidence: [edge] };
  const limiterOf = limiterFinder(model);
  const evidence = model.routes.flatMap((route) => {
    const limiter: Handler | null = limiterOf(route);
    return limiter === null ? [] : [{ ...limiter.place, note: `limits ${labelOf(route)}` }];
  });
  return { status: evidence.length > 0 ? "in_effect" : "absent", evidence: evidence.slice(0, 3) };
}

export function whenQuiet(model: Model): Verdict {
  const unread = unreadServer(model);
  if (unread !== null) return { verdict: "unknown", reason: unreadReason(unread), tripWire: null };
  if (model.routes.length === 0)
    return { verdict: "not_applicable", reason: "Nothing here answers requests.", tripWire: null };
  return {
    verdict: "not_yet",
    reason: "No route here checks a password, costs money per call or takes bodies of unusual size.",
    tripWire: "The first login, sign-up, mail, payment or model call behind a route: then that route needs a limit.",
  };
}

export function detect(model: Model): Match[] {
  return [
    ...saidTogether(openRoutes(model)).map(({ match }) => match),
    ...unlimitedBodies(model),
    ...onePerCall(besidePython(model, (half) => [...wrongCounts(half), ...tooShort(half), ...openCors(half)])),
  ];
}

/** One per place of registration; a router that is mounted twice counts once, with both its routes. */
export function openRoutes(model: Model): OpenRoute[] {
  if (edgeLimit(model) !== null) return [];
  const limiterOf = limiterFinder(model);
  const isNamed = namedLimitFinder(model);
  const audienceOf = audienceFinder(model);
  const evidence = authEvidence(model);
  const costs = expenses(model);
  const isForServices = serviceRouteFinder(model);
  const refuses = refuserFinder(model);
  // A Python view mostly turns strangers away itself.
  const checksItself = ({ file, handlers }: Route) =>
    isPython(file) && handlers.some((handler) => refuses(handler) || asksWhoCalls(handler, model));
  const shows = formsShown(model);
  const open = model.routes
    .filter((route) => model.context(route.file) === "server" && !isField(route))
    .filter((route) => limiterOf(route) === null && !isNamed(route) && !shows.has(route.id))
    .flatMap((route) => {
      const audience = audienceOf(route);
      // Webhooks, jobs and callbacks of a payment must never be refused; some logins are called back, too.
      const isServices = isForServices(route);
      const auth =
        isServices && !/callback/i.test(route.path)
          ? null
          : authRoute(route, evidence.get(route.id) ?? [], audience, model);
      const callers = audience === "anyone" && checksItself(route) ? "users" : audience;
      return auth ?? (isServices ? [] : (expensiveRoute(route, costs.get(route.id), callers, model) ?? []));
    });
  return merged(open);
}

/** A field of an object type is asked for through some query, and that is where requests are counted. */
function isField({ via, path }: Route): boolean {
  return via === "graphql" && path.includes(".");
}

/** GET routes of Python views that answer POST in the same function: they show the form, the other does the work. */
function formsShown({ routes }: Model): ReadonlySet<string> {
  const viewOf = ({ file, line, path, handlers: [handler] }: Route) => `${file}:${line} ${path} ${handler?.fn ?? ""}`;
  const writing = new Set(routes.filter(({ method }) => method !== "GET").map(viewOf));
  const shown = routes.filter((route) => route.method === "GET" && isPython(route.file) && writing.has(viewOf(route)));
  return new Set(shown.map(({ id }) => id));
}

/** A view that works with the user of the request has nothing for strangers. */
function asksWhoCalls({ fn: id }: Handler, model: Model): boolean {
  const fn = id === null ? null : model.fn(id);
  const text = fn === null ? "" : textOf(model, fn);
  return /\brequest\.user\b|\bcurrent_user\b|\bsession(\[|\.get\()|\bg\.user\b|\bget_jwt_identity\(|\bjwt\.decode\(|\bcheck_token\(|_serializer\.loads\(/.test(
    text,
  );
}

function authRoute(route: Route, evidence: Evidence[], audience: Audience, model: Model): OpenRoute | null {
  const found =
    authKindOf(route, evidence, audience === "anyone") ?? linkRoute(route, model) ?? codeRoute(route, audience, model);
  if (found === null || audience === "staff" || isOtherwise(route, found, model)) return null;
  if (found.kind === "credentials" && countsAttempts(route, model)) return null;
  const [seen] = evidence;
  const { harm, title } = harms[found.kind];
  const who = audience === "anyone" ? "Anyone" : "Any user";
  const message = `${who} can ${harm} at ${labelOf(route)} as fast as their machine allows: nothing counts the attempts.`;
  return {
    route,
    limit: found.kind,
    cost: null,
    match: matchOf("api-gateway/no-rate-limit-on-auth", route, {
      ...title,
      message,
      confidence: isCountedElsewhere(evidence) ? "low" : found.certain && audience === "anyone" ? "high" : "medium",
      path: seen?.reach.path ?? [],
      call: null,
    }),
  };
}

/** The one address of Auth.js at which a mail with a link can be asked for. */
function linkRoute(route: Route, model: Model): { kind: AuthKind; certain: boolean } | null {
  return route.method !== "GET" && isAuthJs(route) && sendsLinks(model) ? { kind: "code", certain: false } : null;
}

function codeRoute(route: Route, audience: Audience, model: Model): { kind: AuthKind; certain: boolean } | null {
  return audience === "anyone" && isCodeDoor(route, model) ? { kind: "credentials", certain: false } : null;
}

/** What a route's name promises and its code does not keep: a login at another site, a sign-up by invitation only. */
function isOtherwise(route: Route, { kind, certain }: { kind: AuthKind; certain: boolean }, model: Model): boolean {
  if (!certain && isAuthJs(route) && trustsOtherSites(model)) return true;
  const own = route.handlers.flatMap(({ fn }) => (fn === null ? [] : (model.fn(fn) ?? [])));
  const text = own.map((each) => textOf(model, each)).join("\n");
  if (text === "" || route.registration !== null) return false;
  if (kind === "code" && !certain && isIdle(route, model)) return true;
  if (forDevelopment.test(text) || (kind === "sign-up" && byInvitation.test(text))) return true;
  if (
    !certain &&
    kind === "credentials" &&
    /oauth|redirect_?uri|authori[sz]e_?url/i.test(text) &&
    !/password|\botp\b/i.test(text)
  )
    return true;
  return !certain && route.method === "ALL" && !/\bread\w*(Body|Data)\b|\.(json|formData|text)\(|\bbody\b/.test(text);
}

/** `if (!invitation) throw error(403)`: without one there is no account. An invitation that may be left out closes no door. */
const byInvitation = /\bif\s*\(\s*!\s*\w*invit/i;

/** `if (!dev) error(404)`: there in development only. */
const forDevelopment =
  /\bif\s*\(\s*!\s*(dev|is_?dev(elopment)?|import\.meta\.(dev|env\.DEV))\s*(\|\|[^{;]*)?\)\s*\{?\s*(throw|return|error)|\bif\s*\(\s*process\.env\.NODE_ENV\s*===?\s*["']production["']\s*\)\s*\{?\s*(throw|return|error)/i;

/** Whether the handler of a file turns everybody away in production. */
function isForDevelopment({ handlers, registration }: Route, model: Model): boolean {
  const own = handlers.flatMap(({ fn }) => (fn === null ? [] : (model.fn(fn) ?? [])));
  return registration === null && own.some((each) => forDevelopment.test(textOf(model, each)));
}

/** The rule's own title speaks of credentials. */
const harms: Readonly<Record<AuthKind, { harm: string; title: Pick<Match, "title"> }>> = {
  credentials: { harm: "guess passwords or codes", title: {} },
  "sign-up": { harm: "make accounts", title: { title: "Accounts can be made without a limit" } },
  code: { harm: "have mails or codes sent", title: { title: "Mails and codes can be asked for without a limit" } },
};

function expensiveRoute(
  route: Route,
  expense: Expense | undefined,
  audience: Audience,
  model: Model,
): OpenRoute | null {
  if (expense === undefined || audience === "staff" || isForDevelopment(route, model)) return null;
  // A page that sends a mail confirms something that was asked for elsewhere.
  if (route.via === "page" && expense.isSmall) return null;
  const callers = audience === "anyone" && asksForItself(route, model) ? "users" : audience;
  const cost: Cost = { who: callers === "anyone" ? "Anyone" : "Any user", does: expense.does };
  return {
    route,
    limit: "expensive",
    cost,
    match: matchOf("api-gateway/no-rate-limit-on-expensive", route, {
      message: endlessly(cost, [labelOf(route)]),
      confidence: confidenceOf(expense, callers, route),
      path: expense.reach?.path ?? [],
      call: expense.use?.call.id ?? null,
    }),
  };
}

/** Pages are what users of an app look at all day. */
function confidenceOf({ isSure, isSmall }: Expense, audience: Audience, { via }: Route): Match["confidence"] {
  if (audience === "users") return isSmall || !isSure || via === "page" ? "low" : "medium";
  return isSure ? "high" : "medium";
}

function matchOf(
  rule: string,
  route: Route,
  rest: Pick<Match, "title" | "message" | "confidence" | "path" | "call">,
): Match {
  const { file, line } = route;
  const fix = limitWay(route) === null ? "brief" : "patch";
  return { rule, file, line, also: [], routes: [labelOf(route)], anchor: labelOf(route), fix, ...rest };
}

function merged(open: readonly OpenRoute[]): OpenRoute[] {
  const byPlace = new Map<string, OpenRoute>();
  for (const each of open) {
    const keys = placesOf(each);
    const known = keys.map((key) => byPlace.get(key)).find((found) => found !== undefined);
    if (known === undefined) for (const key of keys) byPlace.set(key, each);
    else known.match.routes.push(...each.match.routes.filter((label) => !known.match.routes.includes(label)));
  }
  return [...new Set(byPlace.values())];
}

/** The registration itself, and the chain of one path that it belongs to (`route("/x").get(a).post(b)`). */
function placesOf({ match, route: { registration, path } }: OpenRoute): string[] {
  const where = `${match.rule} ${match.file}`;
  if (registration === null) return [`${where}:${match.line}`];
  return [`${where} ${registration.id}`, `${where} ${registration.span.start} ${path}`];
}

function labelOf({ method, path }: Route): string {
  return `${method} ${path}`;
}
