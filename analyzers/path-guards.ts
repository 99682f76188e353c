/** Functions that stand before every route and look at the path themselves: for which paths they turn strangers away. */
import type { Fn, Handler, Model, Route } from "./model.ts";
import { codeOf, forStaff, identity, refuses, type OwnCheck } from "./own-checks.ts";

interface Guard {
  /** Beginnings of paths, one of which must be met; empty for all paths. */
  only: readonly string[];
  /** Beginnings of paths that are let through. */
  except: readonly string[];
  /** True when the path is also asked about in a way that is not understood. */
  isVague: boolean;
  /** Who gets past it. */
  to: OwnCheck;
}

const PATH = String.raw`(?:[\w.?]*\b(?:pathname|path|route\??\.id|routeId|slug)\b\??)`;
const TEXT = "[\"'`](?:\\$\\{base\\})?([^\"'`$]+)[\"'`]";
const test = new RegExp(String.raw`(!?)\s*${PATH}\.startsWith\(\s*${TEXT}\s*\)|${PATH}\s*(!==?|===?)\s*${TEXT}`, "g");
const asksPath = /\b(pathname|routeId|route\??\.id|event\.path|url\.path)\b/;
/** What nobody has to be logged in for. */
const open =
  /(^|\/)(log-?in|sign-?in|sign-?up|register|join|forgot|reset|verify|auth|oauth|callback|webhooks?|health\w*|public|status)\b/i;

/** Who gets past the middleware of a route that is a file; null for anyone. The answer for a vague guard is a guess by the path. */
export function pathGuardFinder(
  model: Model,
  ownCheck: (handler: Handler) => OwnCheck | null,
): (handler: Handler, route: Route) => OwnCheck | null {
  const guards = new Map<string, Guard | null>();
  return (handler, route) => {
    if (handler.fn === null) return null;
    const known = guards.get(handler.fn);
    const guard = known === undefined ? guardOf(handler, model, ownCheck) : known;
    guards.set(handler.fn, guard);
    return guard !== null && holds(guard, route) ? guard.to : null;
  };
}

function guardOf(handler: Handler, model: Model, ownCheck: (handler: Handler) => OwnCheck | null): Guard | null {
  const fn = handler.fn === null ? null : model.fn(handler.fn);
  if (fn === null) return null;
  const text = writtenOut(fn, model);
  const check = asksPath.test(text) ? null : ownCheck(handler);
  if (check !== null) return { only: [], except: [], isVague: false, to: check };
  if (!asksPath.test(text)) return null;
  if (!refuses.test(text) || (isAboutOrigins(text) && !identity.test(text))) return null;
  const found = [...text.matchAll(/\bif\s*\(/g)].map(({ index, 0: head }) => decisionAt(text, index + head.length - 1));
  const decisions = found.filter(({ outcome }) => outcome !== "goes on");
  return {
    only: decisions.flatMap((each) => (each.outcome === "refuses" ? each.at : each.notAt)),
    except: decisions.flatMap((each) => (each.outcome === "refuses" ? each.notAt : each.at)),
    isVague: decisions.some((each) => each.isVague) || decisions.length === 0,
    to: decisions.some((each) => each.outcome === "refuses" && each.isForStaff) ? "staff" : "users",
  };
}

/** One `if`: the paths it asks about, and what becomes of a request that meets it. */
interface Decision {
  outcome: "refuses" | "lets through" | "goes on";
  at: readonly string[];
  notAt: readonly string[];
  /** True when the path is asked about, but in a way that is not understood. */
  isVague: boolean;
  isForStaff: boolean;
}

function decisionAt(text: string, open: number): Decision {
  const condition = enclosed(text, open, "(", ")");
  const rest = text.slice(open + condition.length).trimStart();
  const body = rest.startsWith("{") ? enclosed(rest, 0, "{", "}") : (/^[^;\n]*/.exec(rest)?.[0] ?? "");
  const leaves = /^\{?\s*return\b(?!\s*(new Response|json|error|redirect|fail|sendRedirect|\{))/.test(body);
  const tests = [...condition.matchAll(test)].map(({ 1: not, 2: begins, 3: comparison, 4: equals }) => ({
    isNegated: not === "!" || comparison?.startsWith("!") === true,
    place: begins ?? equals ?? "",
  }));
  return {
    outcome: refuses.test(body) ? "refuses" : leaves ? "lets through" : "goes on",
    at: tests.flatMap(({ isNegated, place }) => (isNegated ? [] : [place])),
    notAt: tests.flatMap(({ isNegated, place }) => (isNegated ? [place] : [])),
    isVague: tests.length === 0 && asksPath.test(condition),
    isForStaff: forStaff.test(condition.replace(test, "")),
  };
}

/** The text from an opening bracket to the one that closes it; to the end where none does. */
function enclosed(text: string, from: number, open: string, close: string): string {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === open) depth += 1;
    if (text[at] === close) depth -= 1;
    if (depth === 0) return text.slice(from, at + 1);
  }
  return text.slice(from);
}

/** Longer functions do more than hand the request on. */
const longestHandOn = 700;
/** Longer ones do more than answer a question about the path. */
const longestAnswer = 300;

/**
 * The function's text, with what it only hands the request on to behind it, and with small questions about the path
 * (`isApi(pathname)`) and constants (`API_PREFIX`) written out where they are asked.
 */
function writtenOut(fn: Fn, model: Model): string {
  const own = codeOf(fn, model);
  const index = Number(fn.id.slice(fn.id.lastIndexOf("#") + 1));
  const calls = (model.summary(fn.file)?.calls ?? []).flatMap((call, number) =>
    call.fn === index ? (model.call(`${fn.file}#${number}`) ?? []) : [],
  );
  const targets = calls.flatMap((call) => model.targets(call));
  const only = own.length < longestHandOn ? targets.find((target) => asksPath.test(codeOf(target, model))) : undefined;
  const whole = only === undefined ? own : `${own}\n${codeOf(only, model)}`;
  const asked = targets.reduce((text, target) => withAnswer(text, target, model), whole);
  const file = model.repo.read(fn.file) ?? "";
  return asked.replace(/\b[A-Z][A-Z\d_]{3,}\b/g, (name) => constantIn(file, name) ?? name);
}

/** `isApi(pathname)` becomes `pathname.startsWith("/api/")`. */
function withAnswer(text: string, target: Fn, model: Model): string {
  const [parameter] = target.params;
  const answer = /\breturn\s+([^;{}]+?)[;\s]*\}?\s*$|=>\s*([^;{}]+?)[;\s]*$/.exec(codeOf(target, model));
  const body = (answer?.[1] ?? answer?.[2] ?? "").trim();
  if (target.name === null || parameter?.name == null || !/startsWith|===/.test(body) || body.length > longestAnswer)
    return text;
  const path = body.replace(new RegExp(`\\b${parameter.name}\\b`, "g"), "pathname");
  return text.replace(
    new RegExp(`\\b${target.name}\\(\\s*[\\w.]*(pathname|path|url)\\s*\\)`, "g"),
    path.replaceAll("$", "$$$$"),
  );
}

function constantIn(file: string, name: string): string | null {
  return new RegExp(`\\bconst ${name}\\s*=\\s*("[^"\\n]*"|'[^'\\n]*')`).exec(file)?.[1] ?? null;
}

/** Refusing other sites is no question of who asks. */
function isAboutOrigins(text: string): boolean {
  return /origin|csrf/i.test(text) && !/(?<![\w.])401(?![\w.])|redirect/.test(text);
}

function holds({ only, except, isVague }: Guard, route: Route): boolean {
  const isAt = (place: string) =>
    beginsWith(route.path, place) || (/[([]/.test(place) && route.file.includes(`routes${place}`));
  const named = longest(only.filter(isAt));
  const spared = longest(except.filter(isAt));
  if (named > 0 || spared > 0) return named > spared;
  if (only.length > 0 && except.length === 0 && !isVague) return false;
  return (!isVague && only.length === 0) || !open.test(route.path);
}

/** Of `/api` and `/api/open` the longer one decides. */
function longest(places: readonly string[]): number {
  return Math.max(0, ...places.map(({ length }) => length));
}

function beginsWith(path: string, place: string): boolean {
  return place === "/" ? path === "/" : path === place || path.startsWith(place.endsWith("/") ? place : `${place}/`);
}
