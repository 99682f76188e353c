/** Whether a route has a rate limit in the app already: a package's, or one in code of its own. */
import { isPythonLimit } from "./python-limits.ts";
import type { Fn, Handler, Model, Route } from "../../analyzers/model.ts";

/** Packages that refuse who comes too often. */
const limiterPackages = [
  "express-rate-limit",
  "express-slow-down",
  "rate-limiter-flexible",
  "@upstash/ratelimit",
  "express-brute",
  "express-limiter",
  "express-bouncer",
  "@arcjet/node",
  "@nestjs/throttler",
  "limiter",
] as const;

/** Tells the app's own functions that limit requests, or make what does. */
export function limitingFunctions(model: Model): (fn: Fn) => boolean {
  const byPackage = packageUsers(model);
  const refusing = new Map<string, boolean>();
  const refuses = (fn: Fn): boolean => {
    const known = refusing.get(fn.id) ?? answersTooMany(model, fn);
    refusing.set(fn.id, known);
    return known;
  };
  return (fn) => byPackage.has(fn.id) || refuses(fn);
}

/** Finds the handler that limits a route; null when none does. */
export function limiterFinder(model: Model): (route: Route) => Handler | null {
  const byPackage = packageUsers(model);
  const limiting = limitingFunctions(model);
  const limits = ({ fn, api, also = [] }: Handler, isLast: boolean): boolean => {
    if (limiterPackages.some((name) => api?.startsWith(`${name}:`)) || (api !== null && isPythonLimit(api)))
      return true;
    const own = [fn, ...also].flatMap((id) => (id === null ? [] : (model.fn(id) ?? [])));
    return own.some((each) => (isLast ? byPackage.has(each.id) : limiting(each)));
  };
  return ({ middleware, handlers }) =>
    middleware.find((handler) => limits(handler, false)) ??
    handlers.find((handler, index) => limits(handler, index === handlers.length - 1)) ??
    null;
}

function packageUsers(model: Model): ReadonlySet<string> {
  const users = limiterPackages.flatMap((name) => model.usesOf(name)).flatMap(({ call }) => model.fn(call.fn) ?? []);
  return callersOf(model, users);
}

/** The functions and all that call them, module bodies left out. */
function callersOf(model: Model, start: readonly Fn[]): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [...start];
  for (let fn = open.pop(); fn !== undefined; fn = open.pop()) {
    if (fn.isModule || found.has(fn.id)) continue;
    found.add(fn.id);
    const parent = fn.parent === null ? null : model.fn(fn.parent);
    if (parent !== null) open.push(parent);
    open.push(...model.callers(fn.id).flatMap((call) => model.fn(call.fn) ?? []));
  }
  return found;
}

/** A middleware that answers 429 itself, or in a function it calls; error handlers (four parameters) pass on what others said. */
function answersTooMany(model: Model, fn: Fn): boolean {
  if (fn.params.length > 3) return false;
  const calls = model.summary(fn.file)?.calls ?? [];
  const own = calls.flatMap((call, index) => (within(fn, call.span) ? (model.call(`${fn.file}#${index}`) ?? []) : []));
  return [fn, ...own.flatMap((call) => model.targets(call))].some((each) => saysTooMany(model, each));
}

function within(fn: Fn, span: { start: number; end: number }): boolean {
  return fn.span.start <= span.start && span.end <= fn.span.end;
}

function saysTooMany({ repo }: Model, { file, span }: Fn): boolean {
  return /(?<![\w.])429(?![\w.])|TOO_MANY_REQUESTS|TooManyRequests/.test(
    (repo.read(file) ?? "").slice(span.start, span.end),
  );
}
