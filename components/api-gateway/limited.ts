/** Whether a route has a rate limit in the app already: a package's, or one in code of its own. */
import { callsIn } from "../../analyzers/code/calls-in.ts";
import { isPassport } from "../../analyzers/audience/guards.ts";
import { textOf } from "../../analyzers/code/text.ts";
import { isPython } from "../../analyzers/repo/source-file.ts";
import { isPythonLimit } from "./python-limits.ts";
import type { CallSite, Fn, Handler, Model, Route } from "../../analyzers/model.ts";
import type { Value } from "../../analyzers/summary.ts";

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
  "@arcjet/bun",
  "@arcjet/fastify",
  "@arcjet/next",
  "@fastify/rate-limit",
  "fastify-rate-limit",
  "hono-rate-limiter",
  "@hono-rate-limiter/cloudflare",
  "koa-ratelimit",
  "koa2-ratelimit",
  "koa-better-ratelimit",
  "@unkey/ratelimit",
  "@vercel/firewall",
  "@nestjs/throttler",
  "graphql-rate-limit",
  "@envelop/rate-limiter",
  "limiter",
] as const;

/** What @fastify/rate-limit puts on the instance, for single routes. */
const ofFastify = /^fastify:.*\.(rateLimit|createRateLimit)\(\)$/;
/** Logins that count attempts themselves, in production and unless told not to. */
const limitsItself = /^better-auth(\/[\w-]+)?:/;

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
  const asking = limiterUsers(model);
  const limiting = limitingFunctions(model);
  const handing = callersOf(
    model,
    model.usesOf("better-auth:betterAuth().handler").flatMap(({ call }) => model.fn(call.fn) ?? []),
  );
  const limits = ({ fn, api, also = [] }: Handler, isLast: boolean): boolean => {
    if (limiterPackages.some((name) => api?.startsWith(`${name}:`))) return true;
    if (isPythonLimit(api ?? "")) return true;
    if (ofFastify.test(api ?? "") || limitsItself.test(api ?? "")) return true;
    // A check of who somebody is may answer 429 for reasons of its own.
    if (isPassport(api)) return false;
    const own = [fn, ...also].flatMap((id) => (id === null ? [] : (model.fn(id) ?? [])));
    const refuses = (each: Fn) => (isLast ? saysSo(model, each) || asksLimit(model, each) : limiting(each));
    return own.some((each) => handing.has(each.id) || byPackage.has(each.id) || asking.has(each.id) || refuses(each));
  };
  return ({ middleware, handlers }) =>
    middleware.find((handler) => limits(handler, false)) ??
    handlers.find((handler, index) => limits(handler, index === handlers.length - 1)) ??
    null;
}

/** The calls of packages that limit. */
export function limiterCalls(model: Model): CallSite[] {
  return limiterPackages.flatMap((name) => model.usesOf(name)).map(({ call }) => call);
}

function packageUsers(model: Model): ReadonlySet<string> {
  const users = limiterCalls(model).flatMap(({ fn }) => model.fn(fn) ?? []);
  return callersOf(model, users);
}

/** The functions and those that call them, over so many calls; module bodies are left out. */
function callersOf(model: Model, start: readonly Fn[], depth = Number.POSITIVE_INFINITY): ReadonlySet<string> {
  const found = new Set<string>();
  let open = [...start];
  for (let step = 0; open.length > 0 && step <= depth; step += 1) {
    const next: Fn[] = [];
    for (let fn = open.pop(); fn !== undefined; fn = open.pop()) {
      if (fn.isModule || found.has(fn.id)) continue;
      found.add(fn.id);
      const parent = fn.parent === null ? null : model.fn(fn.parent);
      if (parent !== null) open.push(parent);
      next.push(...model.callers(fn.id).flatMap((call) => model.fn(call.fn) ?? []));
    }
    open = next;
  }
  return found;
}

/** The app's own limiters go by their name; what only reads or writes their settings limits nothing. */
const limiterName = /rate_?limit|throttl|too_?many/i;
const aroundLimiter =
  /^(get|set|reset|clear|log(?!in)|config|is|has|create|make|build|format|parse)|retry|record|error|header|state|extract|key$/i;
/** Helpers of helpers: further away a limiter is somebody else's. */
const MAX_HELPERS = 3;

/** The functions that call a limiter of the app's own, and those that call them. */
function limiterUsers(model: Model): ReadonlySet<string> {
  const users = namedLimiterCalls(model).flatMap(({ fn }) => model.fn(fn) ?? []);
  return callersOf(model, users, MAX_HELPERS);
}

/** The calls of what is a limiter by its name. */
export function namedLimiterCalls(model: Model): CallSite[] {
  return model.repo.files.flatMap((file) => {
    const { calls = [] } = model.context(file) === "server" ? (model.summary(file) ?? {}) : {};
    return calls.flatMap(({ callee }, index) => (isLimiter(callee) ? (model.call(`${file}#${index}`) ?? []) : []));
  });
}

/** `applyRateLimit(...)`, `limiter.check(...)`. */
function isLimiter(callee: Value): boolean {
  const name = nameOf(callee);
  if (limiterName.test(name)) return !aroundLimiter.test(name);
  return (
    callee.kind === "member" &&
    /rate_?limit|limiter|throttl/i.test(nameOf(callee.object)) &&
    /^(limit|check|consume|protect|hit|take|schedule|acquire)$/.test(name)
  );
}

function nameOf(value: Value): string {
  if (value.kind === "member") return value.property;
  return value.kind === "name" || value.kind === "imported" ? value.name : "";
}

/** A handler that tells whoever comes too often. */
function saysSo(model: Model, fn: Fn): boolean {
  // Python's clients raise what the other service says: `except stripe.error.RateLimitError`.
  const text = isPython(fn.file) ? outsideCatches(model, fn) : textOf(model, fn);
  return /["'`][^"'`\n]*rate[\s_-]?limit[^"'`\n]*["'`]/i.test(text);
}

/** A middleware that answers 429 itself, or in a function it calls; error handlers (four parameters) pass on what others said. */
function answersTooMany(model: Model, fn: Fn): boolean {
  if (fn.params.length > 3) return false;
  const calls = model.summary(fn.file)?.calls ?? [];
  const own = calls.flatMap((call, index) => (within(fn, call.span) ? (model.call(`${fn.file}#${index}`) ?? []) : []));
  return [fn, ...own.flatMap((call) => model.targets(call))].some((each) => saysTooMany(model, each));
}

function within(fn: Pick<Fn, "span">, span: { start: number; end: number }): boolean {
  return fn.span.start <= span.start && span.end <= fn.span.end;
}

/** A handler that asks something called a rate limit and answers 429 by what it says, or has it answered. */
function asksLimit(model: Model, fn: Fn): boolean {
  const text = textOf(model, fn);
  if (/rate_?limit|throttl/i.test(text) && saysTooMany(model, fn)) return true;
  const asked = callsIn(model, fn).flatMap((call) => model.targets(call));
  return asked.some((each) => counting.test(`${each.file} ${each.name ?? ""}`) && saysTooMany(model, each));
}

/** Names of functions and files that are about who comes too often. */
const counting = /rate-?_?limit|throttl|brute|lock-?_?out|attempts/i;

/** What stands in a `catch` passes on what others said: Koa's and Hono's error handlers are middleware like any other. */
function saysTooMany(model: Model, fn: Fn): boolean {
  return /(?<![\w.])429(?![\w.])|TOO_MANY_REQUESTS|TooManyRequests|too many (requests|attempts|tries)|rate limit exceeded/i.test(
    outsideCatches(model, fn),
  );
}

function outsideCatches(model: Model, { file, span }: Fn): string {
  let text = model.repo.read(file) ?? "";
  for (const { handler } of model.summary(file)?.tries ?? []) {
    if (handler === null || !within({ span }, handler)) continue;
    text = text.slice(0, handler.start) + " ".repeat(handler.end - handler.start) + text.slice(handler.end);
  }
  return text.slice(span.start, span.end);
}
