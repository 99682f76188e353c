/** State that outlives a request: variables of modules and of code that runs once, and fields of the objects it makes. */
import { callsIn, fnAt, withInner } from "../code/calls-in.ts";
import { changesOf, type Change } from "./cell-changes.ts";
import { escaped } from "../code/text.ts";
import { entriesBehind, isEntry, isRequest } from "../code/entries-behind.ts";
import type { Fn, Model, Place } from "../model.ts";
import type { Summary, Value } from "../summary.ts";

/** What a cell is made as. `value`: a number, text, flag or anything else that is replaced as a whole. */
export type Shape = "map" | "set" | "list" | "record" | "value";

export interface Cell extends Place {
  name: string;
  /** The class whose field it is; null for variables. */
  className: string | null;
  shape: Shape;
  /** The function that holds the variable; the module body for module state, the constructor for a field. */
  holder: Fn;
  /** Every change but the first value, wherever it is written. */
  changes: Change[];
}

const known = new WeakMap<Model, Cell[]>();

/** The cells of server code that something changes after the start. */
export function cellsOf(model: Model): readonly Cell[] {
  const found = known.get(model) ?? [...changesOf(model)].flatMap(([key, changes]) => cellOf(model, key, changes));
  known.set(model, found);
  return found;
}

function cellOf(model: Model, key: string, changes: readonly Change[]): Cell[] {
  const [file = "", owner = "", name = ""] = key.split("\n");
  const summary = model.summary(file);
  if (summary === null || !["server", "worker"].includes(model.context(file))) return [];
  return owner.startsWith("class ")
    ? fieldCell(model, summary, { file, owner: Number(owner.slice(6)), name }, changes)
    : variableCell(model, summary, { file, owner: Number(owner), name }, changes);
}

const own: Readonly<Record<Shape, RegExp>> = {
  map: /^(set|delete|clear)$/,
  set: /^(add|delete|clear)$/,
  list: /^(push|pop|shift|unshift|splice|sort|reverse|fill|copyWithin)$/,
  record: /^$/,
  value: /^$/,
};

/** `service.add(order)` calls a method of the app's own; only a collection's own methods change it. */
function fits(shape: Shape | null, { method }: Change): boolean {
  return shape !== null && (method === null || own[shape].test(method) || shape === "value");
}

interface Named {
  file: string;
  owner: number;
  name: string;
}

function variableCell(model: Model, summary: Summary, named: Named, changes: readonly Change[]): Cell[] {
  const { file, owner, name } = named;
  const holder = model.fn(`${file}#${owner}`);
  const bindings = summary.functions[owner]?.bindings ?? {};
  if (holder === null || !Object.hasOwn(bindings, name) || !runsOnce(model, holder)) return [];
  const shape = shapeOf(summary, bindings[name] ?? []);
  const line = lineOf(model, file, holder, new RegExp(`\\b(?:const|let|var)\\s+(?:[^;=]*[,{\\s])?${escaped(name)}\\b`));
  const fitting = changes.filter((change) => fits(shape, change));
  return shape === null ? [] : [{ file, line, name, className: null, shape, holder, changes: fitting }];
}

/** Fields live as long as their object: it has to be made where the app is put together. */
function fieldCell(model: Model, summary: Summary, named: Named, changes: readonly Change[]): Cell[] {
  const { file, owner, name } = named;
  const fact = summary.classes[owner];
  const values = fact !== undefined && Object.hasOwn(fact.fields, name) ? fact.fields[name] : undefined;
  const member = fact?.members.find((each) => each.name === "constructor");
  const holder = model.fn(`${file}#${member?.fn ?? 0}`);
  if (fact === undefined || values === undefined || member === undefined || holder === null) return [];
  const made = model.callers(holder.id).filter((site) => site.isNew);
  if (made.length === 0 || !made.every((site) => isStart(model, model.fn(site.fn)))) return [];
  const shape = shapeOf(summary, values);
  const line = lineOf(
    model,
    file,
    { ...holder, span: fact.span, isModule: false },
    new RegExp(`^\\s*(?:[\\w]+\\s+)*(?:this\\.)?#?${escaped(name)}\\b`, "m"),
  );
  const later = changes.filter((change) => change.fn.id !== holder.id && fits(shape, change));
  return shape === null ? [] : [{ file, line, name, className: fact.name, shape, holder, changes: later }];
}

/** Where the app is put together: a module's body, or a function that nothing but the start of a process is known to run. */
function isStart(model: Model, fn: Fn | null): boolean {
  if (fn === null || fn.isModule) return fn !== null;
  const entries = entriesBehind(model, fn);
  return entries.length > 0 && entries.every((entry) => entry.kind === "process");
}

/**
 * Its variables are there for all requests: a start, or a plugin whose routes and listeners are known while the framework's
 * own call of it is not.
 */
function runsOnce(model: Model, fn: Fn): boolean {
  if (isStart(model, fn)) return true;
  const isUnseen = entriesBehind(model, fn).length === 0 && model.callers(fn.id).length === 0;
  return isUnseen && withInner(model, fn).some((inner) => inner.id !== fn.id && isEntry(model, inner));
}

const collections: Readonly<Record<string, Shape>> = {
  Map: "map",
  WeakMap: "map",
  Set: "set",
  WeakSet: "set",
  Array: "list",
};

/** By its first known value; null for what is no state of the app's own, such as a client or a function. */
function shapeOf(summary: Summary, values: readonly Value[]): Shape | null {
  const shapes = values.map((value) => shapeOfValue(summary, value));
  return (
    shapes.find((shape) => shape !== null && shape !== "value") ??
    (values.some(({ kind }) => kind === "literal") ? "value" : null)
  );
}

function shapeOfValue(summary: Summary, value: Value): Shape | null {
  switch (value.kind) {
    case "object":
      return value.entries.some((entry) => entry.value.kind === "fn") ? null : "record";
    case "array":
      return "list";
    case "either":
      return value.of.map((each) => shapeOfValue(summary, each)).find((shape) => shape !== null) ?? null;
    case "literal":
    case "unknown":
      return "value";
    case "call": {
      const call = summary.calls[value.call];
      const isGlobal = call?.callee.kind === "name" && call.callee.fn === 0;
      const created =
        call?.callee.kind === "member" && call.callee.property === "create" && call.args[0]?.kind === "literal";
      if (created) return "record";
      return isGlobal && call.callee.kind === "name" ? (collections[call.callee.name] ?? null) : null;
    }
    default:
      return null;
  }
}

function lineOf({ repo }: Model, file: string, holder: Pick<Fn, "span" | "isModule">, declaration: RegExp): number {
  const text = repo.read(file) ?? "";
  const start = holder.isModule ? 0 : holder.span.start;
  const found = declaration.exec(text.slice(start, holder.isModule ? undefined : holder.span.end));
  if (found === null) return text.slice(0, start).split("\n").length;
  return text.slice(0, start + found.index + found[0].length).split("\n").length;
}

/** The functions that requests run and that mention the cell outside of its changes, in its own file. */
export function readersOf(model: Model, cell: Cell): Fn[] {
  const text = model.repo.read(cell.file) ?? "";
  const mention = new RegExp(
    `(?<![\\w$])${cell.className === null ? "" : "this\\.#?"}${escaped(cell.name)}(?![\\w$])`,
    "g",
  );
  const found = new Map<string, Fn>();
  for (const { index } of text.matchAll(mention)) {
    const isChange = cell.changes.some(
      ({ file, span }) => file === cell.file && span.start <= index && index < span.end,
    );
    const fn = isChange ? null : fnAt(model, cell.file, index);
    if (fn !== null && !fn.isModule && entriesBehind(model, fn).some(isRequest)) found.set(fn.id, fn);
  }
  return [...found.values()];
}

/** The call of a cell's own method that a change is, for its arguments; null for assignments. */
export function callOfChange(model: Model, { fn, span }: Change): ReturnType<typeof callsIn>[number] | null {
  return callsIn(model, fn).find((call) => call.span.start === span.start && call.span.end === span.end) ?? null;
}
