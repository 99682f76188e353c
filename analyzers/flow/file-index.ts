/** What is asked of one file again and again, found once: who is handed a function, what is called on a call's value. */
import type { CallId, FnId, Summary, Value } from "../summary.ts";

export interface FileIndex {
  /** Function literal -> the call that it is handed to, and where among its arguments. */
  handed: ReadonlyMap<FnId, { call: CallId; index: number }>;
  /** Function literal -> the call that is given it in an object: `run({ execute: () => ... })`. */
  packed: ReadonlyMap<FnId, CallId>;
  /** Call -> the calls made on its value, `find()` -> `sort`. */
  onCall: ReadonlyMap<CallId, readonly CallId[]>;
  /** Name (as {@link keyOfName}) -> the calls made on it or on a member of it. */
  onName: ReadonlyMap<string, readonly CallId[]>;
  /** Name -> the calls that push their arguments onto it. */
  pushed: ReadonlyMap<string, readonly CallId[]>;
  /** Name of an object -> what is put into it later: `answer.data = rows`. */
  filled: ReadonlyMap<string, readonly Filling[]>;
  /** Name of an object -> what is put into lists of it: `groups[order.status].push(order)`. */
  gathered: ReadonlyMap<string, readonly Filling[]>;
  /** Call -> the names that its value is given to while nobody has waited for it. */
  namesOf: ReadonlyMap<CallId, readonly string[]>;
  /** Call, or name, -> the calls that have its value among their arguments. */
  givenTo: ReadonlyMap<CallId | string, readonly CallId[]>;
  /** Function -> its calls, in source order of their beginning. */
  inFn: ReadonlyMap<FnId, readonly CallId[]>;
  /** Parameter (`fn/index`) -> the calls that call it: `resolve(x)`. */
  callsOfParam: ReadonlyMap<string, readonly CallId[]>;
  /** Parameter (`fn/index`) -> the calls that have it among their arguments: `run(callback)`. */
  paramGivenTo: ReadonlyMap<string, readonly { call: CallId; index: number }[]>;
}

/** Methods that add to a list, of JavaScript and of Python. */
const adding = [new Set(["push", "unshift"]), new Set(["append", "insert", "add"])] as const;

/** `path`: the properties under which the value is put; `at`: the offset where that is said. */
export interface Filling {
  path: readonly string[];
  value: Value;
  at: number;
}

const indexes = new WeakMap<Summary, FileIndex>();

export function fileIndex(summary: Summary): FileIndex {
  const known = indexes.get(summary) ?? indexed(summary);
  indexes.set(summary, known);
  return known;
}

export function keyOfName({ name, fn }: Extract<Value, { kind: "name" }>): string {
  return `${fn}:${name}`;
}

function indexed(summary: Summary): FileIndex {
  const handed = new Map<FnId, { call: CallId; index: number }>();
  const packed = new Map<FnId, CallId>();
  const onCall = new Map<CallId, CallId[]>();
  const onName = new Map<string, CallId[]>();
  const pushed = new Map<string, CallId[]>();
  const givenTo = new Map<CallId | string, CallId[]>();
  const inFn = new Map<FnId, CallId[]>();
  const callsOfParam = new Map<string, CallId[]>();
  const paramGivenTo = new Map<string, { call: CallId; index: number }[]>();
  for (const [id, { fn, callee, args }] of summary.calls.entries()) {
    add(inFn, fn, id);
    for (const [index, arg] of args.entries()) {
      if (arg.kind === "fn") handed.set(arg.fn, { call: id, index });
      if (arg.kind === "object") for (const { value } of arg.entries) if (value.kind === "fn") packed.set(value.fn, id);
      if (arg.kind === "call") add(givenTo, arg.call, id);
      if (arg.kind === "name") add(givenTo, keyOfName(arg), id);
      if (arg.kind === "param") add(paramGivenTo, `${arg.fn}/${arg.index}`, { call: id, index });
    }
    if (callee.kind === "param") add(callsOfParam, `${callee.fn}/${callee.index}`, id);
    if (callee.kind !== "member") continue;
    const root = rootOf(callee);
    if (root.kind === "call") add(onCall, root.call, id);
    if (root.kind !== "name") continue;
    add(onName, keyOfName(root), id);
    const isPython = summary.language === "python";
    // `groups[order.status].append(order)`: Python sorts rows into lists of a dictionary.
    const isHeld = callee.object.kind === "name" || (isPython && callee.object.kind === "member");
    const isPush = isHeld && adding[isPython ? 1 : 0].has(callee.property);
    if (isPush) add(pushed, keyOfName(root), id);
  }
  return {
    handed,
    packed,
    onCall,
    onName,
    pushed,
    filled: filledIn(summary),
    gathered: gatheredIn(summary),
    namesOf: namesIn(summary),
    givenTo,
    inFn,
    callsOfParam,
    paramGivenTo,
  };
}

/** Only what the function does to its own names: what fills the object of a module is no one's answer in particular. */
function filledIn({ changes }: Summary): Map<string, Filling[]> {
  const found = new Map<string, Filling[]>();
  for (const { fn, target, how, value, span } of changes) {
    const root = rootOf(target);
    if (how !== "assign" || value === undefined || root.kind !== "name" || root.fn !== fn || root.fn === 0) continue;
    add(found, keyOfName(root), { path: pathTo(target), value, at: span.start });
  }
  return found;
}

/** Python's are with what is pushed onto a name: it has no other objects than dictionaries of lists. */
function gatheredIn({ calls, language }: Summary): Map<string, Filling[]> {
  const found = new Map<string, Filling[]>();
  for (const { callee, args, span } of language === "python" ? [] : calls) {
    if (callee.kind !== "member" || callee.object.kind !== "member" || !adding[0].has(callee.property)) continue;
    const root = rootOf(callee);
    if (root.kind !== "name" || root.fn === 0) continue;
    const path = [...pathTo(callee.object), "*"];
    for (const value of args) add(found, keyOfName(root), { path, value, at: span.start });
  }
  return found;
}

/** `["data", "rows"]` of `answer.data.rows`. */
function pathTo(target: Value): string[] {
  return target.kind === "member" ? [...pathTo(target.object), target.property] : [];
}

function namesIn(summary: Summary): Map<CallId, string[]> {
  const found = new Map<CallId, string[]>();
  for (const [fn, { bindings }] of summary.functions.entries()) {
    for (const [name, values] of Object.entries(bindings)) {
      for (const value of values) {
        if (value.kind === "call" && summary.calls[value.call]?.use !== "awaited")
          add(found, value.call, `${fn}:${name}`);
      }
    }
  }
  return found;
}

/** What a chain of members hangs on. */
export function rootOf(value: Value): Value {
  let root = value;
  while (root.kind === "member") root = root.object;
  return root;
}

function add<Key, Item>(groups: Map<Key, Item[]>, key: Key, item: Item): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [item]);
  else group.push(item);
}
