/** What a call that stands in a loop is repeated over: the lists, as expressions of the file that holds the call. */
import { indexIn } from "../ids.ts";
import { fileIndex } from "../flow/file-index.ts";
import { takerOf } from "../flow/taker.ts";
import type { CallSite, Model } from "../model.ts";
import type { FnId, Summary, Value } from "../summary.ts";

/** Methods that call their function once per item. */
const iteration =
  /^(map|forEach|flatMap|filter|reduce|reduceRight|some|every|each|eachSeries|mapSeries|eachOf|eachLimit)$/;
/** Names are followed through this many assignments. */
const MAX_STEPS = 4;

/** The lists around a call, the innermost first; empty when it stands in no loop, or in one over nothing that is a list. */
export function listsAround(call: CallSite, model: Model): Value[] {
  const summary = model.summary(call.file);
  const fact = summary?.calls[indexIn(call.id)];
  if (summary === null || fact === undefined || !call.inLoop) return [];
  const items = itemsHandedTo([fact.callee, ...fact.args], summary);
  const lists = [...items.map(({ object }) => object), ...handedLists(fact.fn, summary)];
  if (lists.length > 0) return lists;
  // What goes through its own answer comes after it: the call stands in the loop that asks for page after page.
  return onlyLoop(fact.fn, summary).filter((list) => !comesFrom(list, indexIn(call.id), summary, MAX_STEPS));
}

/** Whether a value is what a call gave, or a part of it. */
function comesFrom(value: Value, call: number, summary: Summary, steps: number): boolean {
  if (value.kind === "member") return comesFrom(value.object, call, summary, steps);
  if (value.kind === "call") return value.call === call;
  if (value.kind !== "name" || steps === 0) return false;
  return boundTo(value, summary).some((each) => comesFrom(each, call, summary, steps - 1));
}

/** Every value that a name is given. */
function boundTo({ fn, name }: Extract<Value, { kind: "name" }>, summary: Summary): readonly Value[] {
  const bindings = summary.functions[fn]?.bindings ?? {};
  return Object.hasOwn(bindings, name) ? (bindings[name] ?? []) : [];
}

/** The values of a call in a loop that are items of a list within its own file: what the loop goes through, mostly. */
export function itemsHandedTo(values: readonly Value[], summary: Summary): Item[] {
  return values.flatMap((value) => itemsIn(value, summary, MAX_STEPS));
}

type Item = Extract<Value, { kind: "member" }>;

/** The "any item of" values that an expression rests on, through names of the same file. */
function itemsIn(value: Value, summary: Summary, steps: number): Item[] {
  if (steps === 0) return [];
  const within = (inner: Value): Item[] => itemsIn(inner, summary, steps);
  switch (value.kind) {
    case "member":
      return value.property === "*" ? [value] : within(value.object);
    case "name":
      return boundTo(value, summary).flatMap((each) => itemsIn(each, summary, steps - 1));
    case "object":
      return [...value.entries.map((entry) => entry.value), ...value.spreads].flatMap(within);
    case "array":
      return value.items.flatMap(within);
    case "either":
      return value.of.flatMap(within);
    case "template":
      return value.parts.flatMap((part) => (typeof part === "string" ? [] : within(part)));
    case "call": {
      const made = summary.calls[value.call];
      return made === undefined ? [] : [made.callee, ...made.args].flatMap((each) => itemsIn(each, summary, steps - 1));
    }
    default:
      return [];
  }
}

/** The lists whose `map`, `forEach`, ... was given the function, or one around it. */
function handedLists(fn: FnId, summary: Summary): Value[] {
  const lists: Value[] = [];
  for (let at: FnId | null = fn; at !== null && at !== 0; at = summary.functions[at]?.parent ?? null) {
    const handed = fileIndex(summary).handed.get(at);
    const call = handed === undefined ? undefined : summary.calls[handed.call];
    const { callee } = call ?? {};
    if (callee?.kind !== "member") continue;
    if (!iteration.test(callee.property)) continue;
    // `async.eachSeries(list, fn)` is given its list.
    const [first] = call?.args ?? [];
    lists.push(first !== undefined && first.kind !== "fn" ? first : callee.object);
  }
  return lists;
}

/** In a function with a single `for ... of`, the loop can only be that one. */
function onlyLoop(fn: FnId, summary: Summary): Value[] {
  const bound = Object.values(summary.functions[fn]?.bindings ?? {}).flat();
  const items = bound.filter((value) => value.kind === "member" && value.property === "*");
  const [only] = items;
  return items.length === 1 && only?.kind === "member" ? [only.object] : [];
}

/** True when all items are worked on at once: `Promise.all(list.map(...))`, not one after the other. */
export function isAtOnce({ file, fn }: CallSite, model: Model): boolean {
  const taker = takerOf(fn, model);
  const callee = taker === null ? undefined : model.summary(file)?.calls[indexIn(taker.id)]?.callee;
  return callee?.kind === "member" && callee.property === "map";
}
