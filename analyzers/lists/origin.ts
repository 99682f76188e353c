/** Where a list comes from, and so how long it can get. */
import { indexIn } from "../closure.ts";
import type { CallSite, Model } from "../model.ts";
import type { FnId, Summary, Value } from "../summary.ts";
import { listsAround } from "./loops.ts";
import { extentOf, readBy, type Extent } from "./reads.ts";

/**
 * `table`: rows of the database, `isPart` when they hang on one row (`order.items`). `request`: what the caller sent.
 * `file`: what was read from a file or a spreadsheet. `outside`: what another service answered.
 */
export type Origin =
  | ({ kind: "table"; read: CallSite; isPart: boolean } & Extent)
  | { kind: "request" }
  | { kind: "file" }
  | { kind: "outside"; call: CallSite }
  | { kind: "constant"; length: number }
  | { kind: "unknown" }
  /** A loop that counts or waits: tries, polls, pages. */
  | { kind: "none" };

const unknown: Origin = { kind: "unknown" };
/** What takes more looks than this to find out is unknown: helpers of helpers fan out. */
const MAX_LOOKS = 200;
const MAX_STEPS = 12;
/** A helper with more callers than this says nothing about one list. */
const MAX_CALLERS = 6;

/** The origin of the list that a call in a loop is repeated over; null when it is not repeated. */
export function repeatedOver(call: CallSite, model: Model): Origin | null {
  if (!call.inLoop) return null;
  const scope: Scope = { model, file: call.file, steps: MAX_STEPS, looks: { left: MAX_LOOKS } };
  const origins = listsAround(call, model).map((list) => originOf(list, scope));
  return origins.toSorted((a, b) => weight(b) - weight(a))[0] ?? { kind: "none" };
}

/** The longest list decides about a loop within a loop. */
function weight(origin: Origin): number {
  switch (origin.kind) {
    case "table":
      return origin.isBounded ? 2 : origin.isPart ? 3 : 6;
    case "file":
      return 5;
    case "request":
    case "outside":
      return 4;
    case "constant":
      return 1;
    case "unknown":
    case "none":
      return 0;
  }
}

interface Scope {
  model: Model;
  file: string;
  steps: number;
  /** Shared by everything that is asked about one call. */
  looks: { left: number };
}

function originOf(value: Value, scope: Scope): Origin {
  const summary = scope.model.summary(scope.file);
  if (summary === null || scope.steps === 0 || scope.looks.left === 0) return unknown;
  scope.looks.left -= 1;
  const next = { ...scope, steps: scope.steps - 1 };
  switch (value.kind) {
    case "name":
      return ofName(value, summary, next);
    case "member":
      return ofMember(value, summary, next);
    case "call":
      return ofCall(value.call, summary, next);
    case "param":
      return ofParam(value.fn, value.index, next);
    case "either":
      return strongest(value.of.map((each) => originOf(each, next)));
    case "array":
      return { kind: "constant", length: value.items.length };
    default:
      return unknown;
  }
}

function strongest(origins: readonly Origin[]): Origin {
  return origins.toSorted((a, b) => weight(b) - weight(a))[0] ?? unknown;
}

/** All that the name is given; an array that starts empty is what is pushed into it. */
function ofName(value: Extract<Value, { kind: "name" }>, summary: Summary, scope: Scope): Origin {
  const bindings = summary.functions[value.fn]?.bindings ?? {};
  const bound = Object.hasOwn(bindings, value.name) ? (bindings[value.name] ?? []) : [];
  const direct = strongest(bound.map((each) => originOf(each, scope)));
  if (direct.kind !== "constant" || direct.length > 0) return direct;
  const pushes = summary.calls.flatMap(({ callee }, index) => {
    const isPush = callee.kind === "member" && callee.property === "push" && isName(callee.object, value);
    const site = isPush ? scope.model.call(`${scope.file}#${index}`) : null;
    return site === null ? [] : listsAround(site, scope.model);
  });
  return strongest(pushes.map((list) => originOf(list, scope)));
}

function isName(value: Value, name: Extract<Value, { kind: "name" }>): boolean {
  return value.kind === "name" && value.name === name.name && value.fn === name.fn;
}

const requests = /^(req|request|ctx|context|c|event)$/;
const sent = /^(body|query|files|file|rawBody)$/;
/** Members under which drivers and services hand out their rows. */
const wrappers = /^(rows|data|docs|items|Items|results|result|recordset|content|hits|0|\*)$/;

function ofMember(value: Extract<Value, { kind: "member" }>, summary: Summary, scope: Scope): Origin {
  const { object, property } = value;
  if (object.kind === "param" && sent.test(property) && requests.test(paramName(object, summary))) {
    return { kind: /^files?$/.test(property) ? "file" : "request" };
  }
  const origin = originOf(object, scope);
  return origin.kind === "table" && !wrappers.test(property) ? { ...origin, isPart: true } : origin;
}

function paramName({ fn, index }: { fn: FnId; index: number }, summary: Summary): string {
  return summary.functions[fn]?.params[index]?.name ?? "";
}

/** Methods whose result holds the items of the array they are called on. */
const sameItems =
  /^(filter|map|flatMap|sort|reverse|flat|concat|toSorted|toReversed|values|entries|keys|split|trim|then|lean|toArray|exec|json)$/;
/** Functions whose result holds the items of what they are given. */
const passing =
  /^(entries|values|keys|from|all|allSettled|parse|chunk|uniq|uniqBy|groupBy|compact|shuffle|toArray|Set|Map)$/;
const fileReaders = /^(readFileSync|readFile|createReadStream|sheet_to_json|read|fromFile|parseStream|parseFile)$/;

function ofCall(index: number, summary: Summary, scope: Scope): Origin {
  const { model, file } = scope;
  const fact = summary.calls[index];
  const site = model.call(`${file}#${index}`);
  if (fact === undefined || site === null) return unknown;
  const read = readBy(site, model);
  if (read !== null) return { kind: "table", read: site, isPart: false, ...read };
  if (model.usesAt(site).some(({ kind }) => kind === "http" || kind === "storage"))
    return { kind: "outside", call: site };
  const { callee, args } = fact;
  const name =
    callee.kind === "member"
      ? callee.property
      : callee.kind === "imported" || callee.kind === "name"
        ? callee.name
        : "";
  if (callee.kind === "member" && name === "slice" && args.length === 2) return { kind: "constant", length: 0 };
  if (fileReaders.test(name)) return { kind: "file" };
  if (callee.kind === "member" && sameItems.test(name)) {
    const origin = originOf(callee.object, scope);
    if (origin.kind !== "unknown") return origin;
  }
  const [first] = args;
  if (first !== undefined && passing.test(name)) return originOf(first, scope);
  const origin = strongest(model.targets(site).map((target) => returnedBy(target.id, scope)));
  // `query("SELECT ... LIMIT 10")`: what the helper is given is said in the query.
  return origin.kind === "table" ? { ...origin, read: site, ...said(site, origin, model) } : origin;
}

function said(site: CallSite, own: Extent, model: Model): Extent {
  const given = extentOf([site], model);
  return { isBounded: own.isBounded || given.isBounded, isNarrowed: own.isNarrowed || given.isNarrowed };
}

function returnedBy(fn: string, scope: Scope): Origin {
  const file = fn.slice(0, fn.lastIndexOf("#"));
  const returns = scope.model.summary(file)?.functions[indexIn(fn)]?.returns ?? [];
  return strongest(returns.map((value) => originOf(value, { ...scope, file })));
}

/** A handler's parsed body, or what the callers give. */
function ofParam(fn: FnId, index: number, scope: Scope): Origin {
  const callers = scope.model.callers(`${scope.file}#${fn}`);
  if (callers.length === 0 || callers.length > MAX_CALLERS) return unknown;
  return strongest(
    callers.map((caller) => {
      const arg = scope.model.summary(caller.file)?.calls[indexIn(caller.id)]?.args[index];
      return arg === undefined ? unknown : originOf(arg, { ...scope, file: caller.file });
    }),
  );
}
