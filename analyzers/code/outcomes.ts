/** Whether anything depends on what a call gives, here or in the functions that hand it on to their callers. */
import { textOf } from "./text.ts";
import { indexIn } from "../ids.ts";
import type { CallSite, Model, Reach } from "../model.ts";
import type { FnId, Summary, Value } from "../summary.ts";

/** What becomes of a call's value in the function that makes the call. */
type Fate = "unused" | "returned" | "used";

/**
 * True when the answer, a write or a decision rests on what the last call of the way gives. Logs and errors that are thrown
 * do not count; a handler that returns the value does.
 */
export function isOutcomeUsed({ calls }: Pick<Reach, "calls">, model: Model): boolean {
  for (const call of calls.toReversed()) {
    const fate = fateOf(call, model);
    if (fate !== "returned") return fate === "used";
  }
  return true;
}

function fateOf(call: CallSite, model: Model): Fate {
  const summary = model.summary(call.file);
  if (summary === null) return "used";
  const own = new Set(functionsIn(summary, indexIn(call.fn)));
  const derived = derivedFrom(indexIn(call.id), summary, own);
  const mentions = (value: Value): boolean => isDerived(value, derived);
  if (summary.writes.some(({ fn, value }) => own.has(fn) && value !== undefined && mentions(value))) return "used";
  const isUsed = summary.calls.some(
    ({ fn, callee, args }, index) =>
      own.has(fn) && !derived.calls.has(index) && args.some(mentions) && !isHarmless(callee),
  );
  if (isUsed || decides(derived.names, call, model)) return "used";
  return (summary.functions[indexIn(call.fn)]?.returns ?? []).some(mentions) ? "returned" : "unused";
}

interface Derived {
  calls: Set<number>;
  /** Names and parameters that hold it, as `<function>/<name>` and `<function>#<parameter>`, as they are written. */
  names: Map<string, string>;
}

/** The call, the names its value goes into, and what is called on it: `const r = await f(); const data = await r.json()`. */
function derivedFrom(start: number, summary: Summary, own: ReadonlySet<FnId>): Derived {
  const derived: Derived = { calls: new Set([start]), names: new Map() };
  for (let before = -1; before < derived.calls.size + derived.names.size;) {
    before = derived.calls.size + derived.names.size;
    for (const fn of own) {
      for (const [name, values] of Object.entries(summary.functions[fn]?.bindings ?? {})) {
        if (values.some((value) => isDerived(value, derived))) derived.names.set(`${fn}/${name}`, name);
      }
    }
    for (const [index, { fn, callee, args }] of summary.calls.entries()) {
      if (!own.has(fn)) continue;
      const onIt = callee.kind === "member" && isDerived(callee.object, derived);
      if (onIt || (isConversion(callee) && args.some((value) => isDerived(value, derived)))) derived.calls.add(index);
      if (onIt) noteCallbacks(args, summary, derived);
    }
  }
  return derived;
}

/** `.then((response) => ...)`: the parameter is the value. */
function noteCallbacks(args: readonly Value[], summary: Summary, derived: Derived): void {
  for (const arg of args) {
    if (arg.kind !== "fn") continue;
    for (const [index, { name }] of (summary.functions[arg.fn]?.params ?? []).entries()) {
      derived.names.set(`${arg.fn}#${index}`, name ?? "");
    }
  }
}

function isDerived(value: Value, derived: Derived): boolean {
  const within = (inner: Value): boolean => isDerived(inner, derived);
  switch (value.kind) {
    case "call":
      return derived.calls.has(value.call);
    case "name":
      return derived.names.has(`${value.fn}/${value.name}`);
    case "param":
      return derived.names.has(`${value.fn}#${value.index}`);
    case "member":
      return within(value.object);
    case "object":
      return value.entries.some((entry) => within(entry.value)) || value.spreads.some(within);
    case "array":
      return value.items.some(within);
    case "either":
      return value.of.some(within);
    case "template":
      return value.parts.some((part) => typeof part !== "string" && within(part));
    default:
      return false;
  }
}

const conversions = /^(stringify|parse|String|Number|Boolean|all|allSettled|race|resolve)$/;
const harmless =
  /^(log|info|warn|error|debug|trace|verbose|Error|\w+Error|captureException|captureMessage|clearTimeout|reject)$/;

function isConversion(callee: Value): boolean {
  return conversions.test(lastNameOf(callee));
}

function isHarmless(callee: Value): boolean {
  return harmless.test(lastNameOf(callee));
}

function lastNameOf(callee: Value): string {
  if (callee.kind === "member") return callee.property;
  return callee.kind === "name" || callee.kind === "imported" ? callee.name : "";
}

function functionsIn(summary: Summary, fn: FnId): FnId[] {
  return [...summary.functions.keys()].filter((index) => {
    for (let at: FnId | null = index; at !== null; at = summary.functions[at]?.parent ?? null)
      if (at === fn) return true;
    return false;
  });
}

/** Branches are not among a file's facts, so the text is asked: a name in a test decides, unless all it decides is a log. */
function decides(names: ReadonlyMap<string, string>, call: CallSite, model: Model): boolean {
  const own = model.fn(call.fn);
  if (own === null) return true;
  const text = textOf(model, own);
  if (/\b(if|while|switch)\s*\([^;{}]*$/.test(text.slice(0, Math.max(0, call.span.start - own.span.start))))
    return true;
  return [...new Set(names.values())].some((name) => name !== "" && isTested(text, name));
}

function isTested(text: string, name: string): boolean {
  const word = `(?<![\\w$.])${name.replaceAll("$", "\\$")}(?![\\w$])`;
  const tests = new RegExp(`\\b(?:if|while|switch)\\s*\\([^;{}]*?${word}[^;{}]*?\\)\\s*\\{?\\s*([^\\n]*)`, "g");
  for (const [, then = ""] of text.matchAll(tests)) {
    if (!/^(console|log|logger|this\.logger|throw)\b/.test(then.trim())) return true;
  }
  return new RegExp(`${word}[\\w$.?!()\\[\\] ]*(\\?(?![.?])|&&|\\|\\|\\s*\\()`).test(text);
}
