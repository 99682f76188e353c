/** Every way in which a function comes to run, as an activation each: with these arguments, this `this`, this item of a loop. */
import { isInTestFolder, isTestFile } from "../services/file-roles.ts";
import type { Value } from "../summary.ts";
import { addedTo } from "./members.ts";
import { ITERATION } from "./callbacks.ts";
import { isSuperCall, own, spreadOf, type CallNode, type FileNode, type FnNode } from "./program.ts";
import { instancesFor, optionsFor, pluginsAt } from "./plugins.ts";
import { calleeTokens } from "./callees.ts";
import type { Linked } from "./rounds.ts";
import { around, fnToken, NONE, type Env, type Site, type Token, type Tokens } from "./token.ts";

export interface Activation {
  env: Env | null;
  /** The module in which the way begins. */
  root: FileNode;
  /** Positions of the calls on the way, from the root on: the order of execution. */
  trail: readonly number[];
}

export type Activations = (fn: FnNode) => readonly Activation[];

/** More ways than this into one function are not told apart. */
const MAX_WAYS = 256;
/** Lists spread into lists. */
const MAX_SPREADS = 4;

const shared = new WeakMap<Linked, Activations>();

/** One and the same for all who ask about a program. */
export function createActivations(linked: Linked): Activations {
  const made = shared.get(linked) ?? makeActivations(linked);
  shared.set(linked, made);
  return made;
}

function makeActivations(linked: Linked): Activations {
  const known = new Map<FnNode, readonly Activation[]>();
  const activations = (fn: FnNode): readonly Activation[] => {
    const found = known.get(fn);
    if (found !== undefined) return found;
    known.set(fn, []);
    const ways = waysInto(linked, fn, activations).slice(0, MAX_WAYS);
    known.set(fn, ways);
    return ways;
  };
  return activations;
}

function waysInto(linked: Linked, fn: FnNode, activations: Activations): Activation[] {
  const alone: Activation = { env: null, root: fn.file, trail: [] };
  if (fn.fact.kind === "module") return [alone];
  const isOwnTest = isTest(fn.file);
  const callers = linked.solver.callers(fn).filter(({ call }) => isOwnTest || !isTest(call.file));
  const called: Activation[] = [];
  for (const { call, plugin } of callers) {
    if (called.length >= MAX_WAYS) break;
    const ways = activations(call.fn).flatMap((way) =>
      plugin === undefined
        ? enteredBy(linked, fn, call, way.env).map((env) => onward(way, call, env))
        : perItem(linked, call, way, call.fact.args).flatMap((each) => asPlugin(linked, fn, call, each)),
    );
    called.push(...ways);
  }
  const handed = callers.some(({ plugin }) => plugin !== undefined) ? undefined : linked.solver.handedTo.get(fn);
  const given =
    handed === undefined
      ? []
      : activations(handed.call.fn).flatMap((way) => handedIn(linked, fn, handed.call, way).slice(0, MAX_WAYS));
  const ways = [...called, ...given];
  return ways.length > 0 ? ways : [alone];
}

/** What only tests do is no way in which the app runs, and there may be many of them. */
function isTest({ path }: FileNode): boolean {
  return isTestFile(path) || isInTestFolder(path);
}

function onward(way: Activation, call: CallNode, env: Env | null, item?: number): Activation {
  const trail = [...way.trail, call.fact.span.end, ...(item === undefined ? [] : [item])];
  return { env, root: way.root, trail };
}

/** The activations of `fn` when a call registers it as a plugin: one per instance that it is given. */
function asPlugin({ solver }: Linked, fn: FnNode, call: CallNode, way: Activation): Activation[] {
  const site: Site = { call, env: way.env };
  return pluginsAt(solver, site).flatMap((plugin, order) => {
    if (plugin.token.fn !== fn) return [];
    const options = optionsFor(solver, site);
    return instancesFor(solver, site, plugin).map((instances) =>
      onward(way, call, solver.enter(plugin.token, site, [instances, options]), order),
    );
  });
}

/** The activations of `fn` that a call enters when it is made in `env`. */
function enteredBy(linked: Linked, fn: FnNode, call: CallNode, env: Env | null): (Env | null)[] {
  const { solver } = linked;
  const site: Site = { call, env };
  return calleeTokens(solver, site).flatMap((token) => {
    if (token.kind === "fn") return token.fn === fn ? [solver.enter(token, site)] : [];
    if (token.kind !== "class" || fn.fact.kind !== "constructor") return [];
    const selves = isSuperCall(call) ? (env?.self == null ? NONE : [env.self]) : solver.result(site);
    const [self] = selves.filter((each) => each.kind === "instance");
    const plain = self?.kind === "instance" && self.made === null && self.class === fn.class;
    const isDirect = fn.class === token.class;
    return [solver.enter(fnToken(fn, null, plain ? null : (self ?? null)), isDirect ? site : null)];
  });
}

/** The activations of a function literal by the call it is handed to: one per item for iterations over a known array. */
function handedIn(linked: Linked, fn: FnNode, call: CallNode, way: Activation): Activation[] {
  const { solver } = linked;
  const lexical = fn.parent === null ? null : around(fn.parent, way.env);
  const token = fnToken(fn, lexical);
  const site: Site = { call, env: way.env };
  const { callee } = call.fact;
  if (callee.kind === "member" && ITERATION.has(callee.property)) {
    const items = itemsOf(linked, call.file, callee.object, way.env);
    if (items.length > 0) {
      return items.map((item, index) => onward(way, call, solver.enter(token, site, [item]), index));
    }
  }
  return [onward(way, call, lexical === null ? null : solver.enter(token, null))];
}

function itemsOf(
  { solver }: Pick<Linked, "solver">,
  file: FileNode,
  value: Value,
  env: Env | null,
  depth = 0,
): Tokens[] {
  const items = solver
    .evaluate(file, value, env)
    .flatMap((token) => [...itemsOfToken(token), ...addedTo(solver, token).map((added) => ({ ...added, env: null }))]);
  return items.flatMap((item) => {
    const spread = depth > MAX_SPREADS ? null : spreadOf(item.value);
    if (spread !== null) return itemsOf({ solver }, item.file, spread, item.env, depth + 1);
    return [solver.evaluate(item.file, item.value, item.env)];
  });
}

function itemsOfToken(token: Token): { file: FileNode; value: Value; env: Env | null }[] {
  if (token.kind === "array") return token.value.items.map((value) => ({ file: token.file, value, env: token.env }));
  return token.kind === "object"
    ? token.value.entries.map(({ value }) => ({ file: token.file, value, env: token.env }))
    : [];
}

/**
 * The same activation once per item where the values rest on an item of a known array (`for (const r of routes)`),
 * so that what belongs together in an item stays together.
 */
export function perItem(linked: Linked, call: CallNode, way: Activation, values: readonly Value[]): Activation[] {
  const { solver } = linked;
  const item = values.flatMap((value) => itemValues(call.file, value, 0))[0];
  if (item === undefined) return [way];
  const items = itemsOf(linked, call.file, item.object, way.env);
  if (items.length < 2) return [way];
  return items.slice(0, MAX_WAYS).map((tokens, index) => ({
    env: solver.choose(call.fn, way.env, item, tokens, index),
    root: way.root,
    trail: [...way.trail, index],
  }));
}

/** The "any item of" values that a value rests on, through names and members. */
function itemValues(file: FileNode, value: Value, depth: number): Extract<Value, { kind: "member" }>[] {
  if (depth > 4) return [];
  switch (value.kind) {
    case "member":
      return value.property === "*" ? [value] : itemValues(file, value.object, depth + 1);
    case "name": {
      const bound = own(file.fns[value.fn]?.fact.bindings ?? {}, value.name) ?? [];
      return bound.flatMap((each) => itemValues(file, each, depth + 1));
    }
    case "template":
      return value.parts.flatMap((part) => (typeof part === "string" ? [] : itemValues(file, part, depth + 1)));
    case "array":
      return value.items.flatMap((each) => itemValues(file, each, depth + 1));
    case "object":
      return [...value.entries.map((each) => each.value), ...value.spreads].flatMap((each) =>
        itemValues(file, each, depth + 1),
      );
    default:
      return [];
  }
}

/** Order of execution; 0 when the two ways begin in different modules, where it cannot be told. */
export function inOrder(a: Pick<Activation, "root" | "trail">, b: Pick<Activation, "root" | "trail">): number {
  if (a.root !== b.root) return 0;
  for (let index = 0; index < Math.min(a.trail.length, b.trail.length); index += 1) {
    const difference = (a.trail[index] ?? 0) - (b.trail[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.trail.length - b.trail.length;
}
