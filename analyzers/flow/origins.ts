/** Where a value comes from: fixed when the process starts, or brought by a request, and by which part of it. */
import { indexIn } from "../ids.ts";
import type { CallSite, Fn, Model } from "../model.ts";
import type { Summary, Value } from "../summary.ts";

/**
 * `body` to `cookies` and `address`, `url`, `file`: that part of a request. `user`: who sends it, as a login check or a session
 * knows. `message`: what came over a socket. `request`: some part. `derived`: what was found by something of a request, such
 * as a row of the database. `computed`: the result of a call that nothing is known of.
 * A value without any origin is fixed: literals, settings, what modules hold.
 */
export type Origin =
  | "body"
  | "query"
  | "params"
  | "headers"
  | "cookies"
  | "address"
  | "url"
  | "file"
  | "user"
  | "message"
  | "request"
  | "derived"
  | "computed"
  | "unknown";

/** Properties of a request object, in the spelling of Express, Fastify, Koa and the web. */
const parts: Readonly<Record<string, Origin>> = {
  body: "body",
  query: "query",
  searchParams: "query",
  params: "params",
  param: "params",
  headers: "headers",
  header: "headers",
  get: "headers",
  cookies: "cookies",
  signedCookies: "cookies",
  ip: "address",
  ips: "address",
  socket: "address",
  connection: "address",
  url: "url",
  originalUrl: "url",
  path: "url",
  baseUrl: "url",
  file: "file",
  files: "file",
  json: "body",
  formData: "body",
  text: "body",
};
/** Properties that hand on to a part: `ctx.request.body`, `c.req.query()`. */
const inner = new Set(["request", "req", "raw", "nextUrl"]);
/** Functions that make a value of what they are given and add nothing. */
const passing =
  /^(String|Number|Boolean|parseInt|parseFloat|encodeURIComponent|decodeURIComponent|JSON|Object|Array|Date|Math|URLSearchParams|URL|Buffer)$/;
const maxDepth = 12;
const maxCallers = 6;
const mostSteps = 2000;

interface Place {
  model: Model;
  file: string;
  summary: Summary;
  /** How many more values may be looked at: many callers with many arguments each have no end that anyone would wait for. */
  budget: { left: number };
}

/** Every origin of a value that stands in a file. */
export function originsOf(model: Model, file: string, value: Value): ReadonlySet<Origin> {
  const summary = model.summary(file);
  if (summary === null) return new Set<Origin>(["unknown"]);
  return new Set(trace({ model, file, summary, budget: { left: mostSteps } }, value, 0));
}

/** The origins of one argument of a call. */
export function originsOfArgument(model: Model, call: CallSite, index: number): ReadonlySet<Origin> {
  const fact = model.summary(call.file)?.calls[indexIn(call.id)];
  const value = fact?.args[index];
  return value === undefined ? new Set<Origin>() : originsOf(model, call.file, value);
}

function trace(at: Place, value: Value, depth: number): Origin[] {
  at.budget.left -= 1;
  if (depth > maxDepth || at.budget.left < 0) return ["unknown"];
  const all = (values: readonly Value[]): Origin[] => values.flatMap((each) => trace(at, each, depth + 1));
  switch (value.kind) {
    case "name":
      return value.fn === 0 ? [] : all(bindingsOf(at.summary, value.name, value.fn));
    case "param":
      return ofParameter(at, value.fn, value.index, depth);
    case "member":
      return ofMember(at, value, depth);
    case "call":
      return ofCall(at, value.call, depth);
    case "object":
      return all([...value.entries.map((entry) => entry.value), ...value.spreads]);
    case "array":
      return all(value.items);
    case "template":
      return all(value.parts.filter((part) => typeof part !== "string"));
    case "either":
    case "operation":
      return all(value.of);
    case "unknown":
      return ["unknown"];
    case "literal":
    case "imported":
    case "fn":
    case "class":
    case "this":
      return [];
  }
}

/** A name without a known value may be anything. */
function bindingsOf({ functions }: Summary, name: string, fn: number): readonly Value[] {
  const bindings = functions[fn]?.bindings;
  const values = bindings !== undefined && Object.hasOwn(bindings, name) ? bindings[name] : undefined;
  return values === undefined || values.length === 0 ? [{ kind: "unknown" }] : values;
}

/** The member of a request is its part; the member of anything else comes from where that comes from. */
function ofMember(at: Place, value: Value & { kind: "member" }, depth: number): Origin[] {
  if (value.object.kind === "this") return ofField(at, value.object.fn, value.property, depth);
  const origins = trace(at, value.object, depth + 1);
  return origins.map((origin) => {
    if (origin !== "request" || inner.has(value.property) || value.property === "*") return origin;
    return Object.hasOwn(parts, value.property) ? (parts[value.property] ?? "request") : "user";
  });
}

/** A field holds what the constructor and the methods put into it. */
function ofField(at: Place, fn: number, name: string, depth: number): Origin[] {
  const owner = at.summary.functions[fn]?.class ?? null;
  const fields = owner === null ? undefined : at.summary.classes[owner]?.fields;
  const values = fields !== undefined && Object.hasOwn(fields, name) ? fields[name] : undefined;
  return values === undefined ? ["unknown"] : values.flatMap((each) => trace(at, each, depth + 1));
}

function ofCall(at: Place, index: number, depth: number): Origin[] {
  const call = at.summary.calls[index];
  if (call === undefined) return ["unknown"];
  const given = call.args.flatMap((arg) => trace(at, arg, depth + 1));
  const { callee } = call;
  const on = callee.kind === "member" ? trace(at, callee.object, depth + 1) : [];
  const asked = callee.kind === "member" && on.includes("request") ? ofMember(at, callee, depth) : on;
  const found = [...asked, ...given];
  if (isPassing(callee)) return found;
  if (found.length === 0) return ["computed"];
  return finds(at, index) ? ["derived"] : found;
}

/** What a query or another waiting call brings is chosen by the request, not written by it; checks and hashes pass it on. */
function finds({ model, file, summary }: Place, index: number): boolean {
  const site = model.call(`${file}#${index}`);
  if (site === null) return false;
  const asks = model.usesAt(site).some(({ kind }) => kind?.startsWith("database") === true);
  const { callee } = summary.calls[index] ?? { callee: { kind: "unknown" } };
  const name = callee.kind === "member" ? callee.property : callee.kind === "name" ? callee.name : "";
  return (
    asks ||
    (site.awaited && /^(get|find|load|fetch|read|look|query|select|resolve|search|list)(?!.*token$)/i.test(name))
  );
}

function isPassing(callee: Value): boolean {
  if (callee.kind === "name") return callee.fn === 0 && passing.test(callee.name);
  return (
    callee.kind === "member" &&
    (callee.object.kind === "literal" || callee.object.kind === "template" || isPassing(callee.object))
  );
}

function ofParameter({ model, file, budget }: Place, fnIndex: number, index: number, depth: number): Origin[] {
  const fn = model.fn(`${file}#${fnIndex}`);
  if (fn === null) return ["unknown"];
  const role = rolesOf(model).get(fn.id);
  if (role !== undefined) return brought(role, fn, index);
  const callers = model.callers(fn.id);
  if (callers.length === 0 || callers.length > maxCallers) return ["unknown"];
  return callers.flatMap((site) => {
    const summary = model.summary(site.file);
    const arg = summary?.calls[indexIn(site.id)]?.args[index];
    if (summary === null) return ["unknown"];
    return arg === undefined ? [] : trace({ model, file: site.file, summary, budget }, arg, depth + 2);
  });
}

/** A handler is given the request; the functions around it and error handlers count from the right place. */
function brought(role: "request" | "socket", fn: Fn, index: number): Origin[] {
  if (role === "socket") return ["message"];
  const first = fn.params.length === 4 ? 1 : 0;
  return index === first ? ["request"] : ["unknown"];
}

const roles = new WeakMap<Model, ReadonlyMap<string, "request" | "socket">>();

/** The functions that a framework calls with a request, or with what came over a socket. */
function rolesOf(model: Model): ReadonlyMap<string, "request" | "socket"> {
  const known = roles.get(model);
  if (known !== undefined) return known;
  const found = new Map<string, "request" | "socket">();
  for (const { kind, fn } of model.entries) {
    if (kind === "route") found.set(fn, "request");
    if (kind === "socket") found.set(fn, "socket");
  }
  roles.set(model, found);
  return found;
}
