/** Calls: followed into the app's own functions, through what only hands on, and up to what comes from outside. */
import { indexIn } from "../ids.ts";
import type { CallSite } from "../model.ts";
import type { Call, Summary, Value } from "../summary.ts";
import { askedPart } from "./asked.ts";
import { depthOf, frameOf } from "./expression.ts";
import { fileIndex } from "./file-index.ts";
import { globalHanding, handingOf, holdsArgument, packageHanding } from "./passing.ts";
import { follow, isNew, note, type Step, type Walk } from "./walk.ts";

/** Calls within calls that are looked into. */
const MAX_DEPTH = 5;

export function visitCall(walk: Walk, step: Step, summary: Summary, id: number): void {
  const call = summary.calls[id];
  const site = walk.model.call(`${step.file}#${id}`);
  if (call === undefined || site === null) return note(walk, step, { kind: "unknown" });
  if (!isNew(walk, step, `call ${id}`)) return;
  if (throughTransaction(walk, step, summary, call)) return;
  const uses = walk.model.usesAt(site);
  if (uses.some(({ kind }) => kind !== null)) return note(walk, step, { kind: "call", call: site, frame: step.frame });
  const asked = askedPart(uses, call);
  if (asked !== null) return note(walk, { ...step, path: [...asked, ...step.path] }, { kind: "request" });
  for (const { api } of uses) {
    const handing = packageHanding(api);
    const given = handing === null ? undefined : call.args[handing.argument];
    if (given !== undefined) return follow(walk, step, given, { path: withoutHead(step.path, handing?.under) });
  }
  if (
    intoGiven(walk, step, summary, call) ||
    intoOwn(walk, step, summary, site, call) ||
    throughGlobal(walk, step, call)
  )
    return;
  if (!isRootMember(call) && throughMethod(walk, step, summary, call)) return;
  note(walk, step, { kind: "call", call: site, frame: step.frame });
}

const transactions = new Set(["$transaction", "transaction", "withTransaction", "begin"]);

/** What runs in a transaction gives what its function returns, or a list of queries their outcomes. */
function throughTransaction(walk: Walk, step: Step, summary: Summary, { callee, args }: Call): boolean {
  const method = callee.kind === "member" ? callee.property : callee.kind === "imported" ? callee.name : "";
  if (!transactions.has(method)) return false;
  const inside = args.find(({ kind }) => kind === "fn" || kind === "array");
  if (inside === undefined) return false;
  if (inside.kind === "fn") returns(walk, step, summary, inside.fn, step.path);
  else follow(walk, step, inside);
  return true;
}

function withoutHead(path: readonly string[], head: string | undefined): readonly string[] {
  return head !== undefined && path[0] === head ? path.slice(1) : path;
}

/** `lodash.map(...)`: the object is a package, not a list. */
function isRootMember({ callee }: Call): boolean {
  return callee.kind === "member" && callee.object.kind === "imported" && callee.object.name === "*";
}

/** `withRetry(() => find(id))`: what is called is a parameter, so it is what the caller handed in. */
function intoGiven(walk: Walk, step: Step, summary: Summary, { callee }: Call): boolean {
  const bound = callee.kind === "name" ? summary.functions[callee.fn]?.bindings[callee.name]?.[0] : callee;
  const entered = bound?.kind === "param" ? frameOf(step.frame, `${step.file}#${bound.fn}`) : null;
  if (bound?.kind !== "param" || entered === null) return false;
  const { call, outer } = entered;
  const within = walk.model.summary(call.file);
  const given = within?.calls[indexIn(call.id)]?.args[bound.index];
  const fn = given?.kind === "name" ? within?.functions[given.fn]?.bindings[given.name]?.[0] : given;
  if (fn?.kind !== "fn" || within === null) return false;
  for (const value of within.functions[fn.fn]?.returns ?? [])
    walk.todo.push({ ...step, file: call.file, value, frame: outer });
  return true;
}

/** Into the app's own functions, by what they return; a new object holds what its constructor was given. */
function intoOwn(walk: Walk, step: Step, summary: Summary, site: CallSite, call: Call): boolean {
  const targets = walk.model.targets(site);
  if (call.isNew && step.path.length === 0 && call.callee.kind !== "name") {
    for (const arg of call.args) follow(walk, step, arg);
    if (call.args.length > 0) return true;
  }
  if (targets.length === 0) return intoMade(walk, step, summary, call);
  if (depthOf(step.frame) >= MAX_DEPTH) {
    note(walk, step, { kind: "unknown" });
    return true;
  }
  for (const target of targets) {
    const { file, id } = target;
    const fact = walk.model.summary(file)?.functions[indexIn(id)];
    if (fact === undefined) continue;
    const frame = { fn: id, call: site, outer: step.frame };
    if (fact.kind === "constructor" && call.isNew) {
      const self: Value = { kind: "this", fn: indexIn(id) };
      if (step.path.length === 0) for (const arg of call.args) follow(walk, step, arg);
      else walk.todo.push({ ...step, file, value: self, frame });
      continue;
    }
    for (const value of fact.returns) walk.todo.push({ ...step, file, value, frame });
    if (fact.returns.length === 0) note(walk, step, { kind: "unknown" });
  }
  return true;
}

/** `OrderOut(id=order.id)`, `OrderSerializer(orders, many=True).data`: Python makes objects by a call of their class. */
function intoMade(walk: Walk, step: Step, summary: Summary, { callee, args }: Call): boolean {
  const isClass = "name" in callee && /^[A-Z]\w*[a-z]/.test(callee.name);
  if (summary.language !== "python" || !isClass || args.length === 0) return false;
  const path = withoutHead(step.path, "data");
  for (const arg of args) follow(walk, step, arg, { path });
  return true;
}

/** `Number(x)`, `Object.values(x)`, `new Map(x)`, `new Promise((resolve) => resolve(x))`. */
function throughGlobal(walk: Walk, step: Step, call: Call): boolean {
  const name = calledName(call.callee);
  const [first] = call.args;
  if (call.isNew) {
    if (!holdsArgument(name) || first === undefined) return false;
    if (name === "Promise") return throughPromise(walk, step, first);
    follow(walk, step, first, { path: /Map|Set/.test(name) ? step.path : [] });
    return true;
  }
  const handing = isGlobalName(call.callee) ? globalHanding(name) : null;
  if (handing === null) return false;
  if (handing === "any") {
    const items = first?.kind === "array" ? first.items : call.args;
    for (const item of items) follow(walk, step, item);
    return true;
  }
  const given = handing === "same" || handing === "pairs" ? call.args.slice(0, 1) : call.args;
  const path = handing === "pairs" ? withoutPair(step.path) : handing === "computed" ? [] : step.path;
  for (const arg of given) follow(walk, step, arg, { path, computed: step.computed || handing === "computed" });
  return true;
}

function throughPromise(walk: Walk, step: Step, executor: Value): boolean {
  const summary = walk.model.summary(step.file);
  if (executor.kind !== "fn" || summary === null) return false;
  const resolved = fileIndex(summary).callsOfParam.get(`${executor.fn}/0`) ?? [];
  const values = resolved.flatMap((each) => summary.calls[each]?.args[0] ?? []);
  for (const value of values) follow(walk, step, value);
  return values.length > 0;
}

/** `["*", "1", "price"]` of `Object.entries(x)` is `["*", "price"]` of `x`. */
function withoutPair(path: readonly string[]): readonly string[] {
  return path[1] === "1" ? [...path.slice(0, 1), ...path.slice(2)] : path.slice(0, 1);
}

export function calledName(callee: Value): string {
  if (callee.kind === "name" || callee.kind === "imported") return callee.name;
  if (callee.kind !== "member") return "";
  const object = calledName(callee.object);
  return object === "" ? callee.property : `${object}.${callee.property}`;
}

/** A name that nothing in the file declares, or a member of one. */
function isGlobalName(callee: Value): boolean {
  if (callee.kind === "member") return callee.object.kind === "name" && callee.object.fn === 0;
  return callee.kind === "name" && callee.fn === 0;
}

function throughMethod(walk: Walk, step: Step, summary: Summary, { callee, args }: Call): boolean {
  if (callee.kind !== "member") return false;
  const [first] = args;
  const { object } = callee;
  const [head, ...rest] = step.path;
  switch (handingOf(callee.property)) {
    case "same":
      follow(walk, step, object);
      if (callee.property === "concat") for (const arg of args) follow(walk, step, arg);
      return true;
    case "one":
      follow(walk, step, object, { path: ["0", ...step.path] });
      return true;
    case "mapped":
      if (rest.length > 0 && head !== undefined && first?.kind === "fn") returns(walk, step, summary, first.fn, rest);
      else follow(walk, step, object);
      if (walk.intoCallbacks && first?.kind === "fn") returns(walk, step, summary, first.fn, []);
      return true;
    case "folded":
      follow(walk, step, object, { path: ["*"], computed: true });
      return true;
    case "pairs":
      follow(walk, step, object, { path: withoutPair(step.path) });
      return true;
    case "then":
      if (first?.kind === "fn") returns(walk, step, summary, first.fn, step.path);
      else follow(walk, step, object);
      return true;
    default:
      return false;
  }
}

function returns(walk: Walk, step: Step, summary: Summary, fn: number, path: readonly string[]): void {
  for (const value of summary.functions[fn]?.returns ?? []) follow(walk, step, value, { path });
}
