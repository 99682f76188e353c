/** What a change puts where: the key and the value, as source and by where they come from. */
import { indexIn } from "../ids.ts";
import { callOfChange, type Cell } from "./cells.ts";
import type { Change } from "./cell-changes.ts";
import { escaped, splitArguments, textOf } from "../code/text.ts";
import type { CallSite, Fn, Model } from "../model.ts";
import { originsOf, originsOfArgument, type Origin } from "../flow/origins.ts";
import type { Value } from "../summary.ts";

const none: ReadonlySet<Origin> = new Set();

/** The source of what an entry is kept under, or of the item itself for lists and sets; null where nothing is keyed. */
export function keyText(model: Model, { name }: Cell, change: Change): string | null {
  const code = textOf(model, change);
  const bracket = new RegExp(`\\b${escaped(name)}\\s*\\[((?:[^\\[\\]]|\\[[^\\]]*\\])+)\\]`).exec(code)?.[1];
  if (bracket !== undefined) return bracket.trim();
  if (callOfChange(model, change) === null) return null;
  return splitArguments(code.slice(code.indexOf("(") + 1, -1))[0]?.trim() ?? null;
}

/** The source of what a change stores: the last argument of `set` and `push`, the right side of an assignment. */
export function storedText(model: Model, change: Change): string {
  if (change.how === "drop" || change.how === "count") return "";
  const code = textOf(model, change);
  if (callOfChange(model, change) === null) return /[^=!<>]=(?!=|>)\s*([\s\S]*)$/.exec(code)?.[1]?.trim() ?? "";
  return (
    splitArguments(code.slice(code.indexOf("(") + 1, -1))
      .at(-1)
      ?.trim() ?? ""
  );
}

export function originsOfKey(model: Model, cell: Cell, change: Change): ReadonlySet<Origin> {
  const call = callOfChange(model, change);
  if (call !== null && change.how !== "inside") return originsOfArgument(model, call, 0);
  const key = keyText(model, cell, change);
  return key === null ? none : originsOfText(model, change.fn, key);
}

/** What a request brings into the cell, as a key or as a value. */
export function originsOfChange(model: Model, cell: Cell, change: Change): ReadonlySet<Origin> {
  const call: CallSite | null = callOfChange(model, change);
  const given = call === null ? [] : call.args.map((_, index) => originsOfArgument(model, call, index));
  const assigned = change.value === null ? none : originsOf(model, change.file, change.value);
  return new Set([...originsOfKey(model, cell, change), ...assigned, ...given.flatMap((each) => [...each])]);
}

/** A name, or members of one, inside a function. */
function originsOfText(model: Model, fn: Fn, code: string): ReadonlySet<Origin> {
  const [, root = "", rest = ""] = /^([\w$]+)((?:\??\.[\w$]+)*)/.exec(code) ?? [];
  const value = valueOfName(model, fn, root);
  if (value === null) {
    const origin = /\breq(uest)?\b/.test(code) ? "request" : /uuid|nanoid|random/.test(code) ? "computed" : null;
    return origin === null ? none : new Set([origin]);
  }
  const members = rest.split(/\??\./).filter((each) => each !== "");
  const whole = members.reduce<Value>((object, property) => ({ kind: "member", object, property }), value);
  return originsOf(model, fn.file, whole);
}

/** What a name stands for inside a function: its own variable or parameter, or one of a function around it. */
function valueOfName(model: Model, start: Fn, name: string): Value | null {
  const functions = model.summary(start.file)?.functions ?? [];
  for (let fn: Fn | null = start; fn !== null && !fn.isModule; fn = fn.parent === null ? null : model.fn(fn.parent)) {
    const index = indexIn(fn.id);
    const fact = functions[index];
    if (fact !== undefined && Object.hasOwn(fact.bindings, name)) return { kind: "name", name, fn: index };
    const position = fact?.params.findIndex((param) => param.name === name) ?? -1;
    if (position >= 0) return { kind: "param", fn: index, index: position };
  }
  return null;
}
