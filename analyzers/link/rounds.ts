/** The whole program resolved: who every call calls, found in a few rounds because parameters need the callers of before. */
import type { Value } from "../summary.ts";
import type { Modules } from "./modules.ts";
import { constructorOf, type CallNode, type ClassNode, type FileNode, type FnNode, type Program } from "./program.ts";
import { givenIn } from "./given.ts";
import { isRegistering, pluginsAt } from "./plugins.ts";
import { providersOf } from "./providers.ts";
import { resolverContexts } from "./resolver-contexts.ts";
import { calleeTokens } from "./callees.ts";
import { shiftOf } from "./environments.ts";
import { createSolver, type Caller, type Solver, type Written } from "./solver.ts";
import { NONE, type Token, type Tokens } from "./token.ts";

/** A function handed down through more parameters than this stays unknown. */
const MAX_ROUNDS = 3;
/** Plugins registered within plugins deeper than this stay unknown. */
const MAX_PLUGIN_ROUNDS = 12;

export interface Linked {
  solver: Solver;
  /** What each call's callee can be, by the call's uid. */
  callees: readonly Tokens[];
}

export function solve(program: Program, modules: Modules): Linked {
  const solver = createSolver(program, modules);
  solver.heirs = heirsOf(solver);
  solver.properties = writtenProperties(solver);
  Object.assign(solver, providersOf(solver), resolverContexts(solver));
  solver.forgetAll();
  const callees: Tokens[] = program.calls.map(() => NONE);
  const resolve = (call: CallNode) => {
    solver.memory.tainted = false;
    callees[call.uid] = calleeTokens(solver, { call, env: null });
    return !solver.memory.tainted;
  };
  const { yes: settled, no: open } = parted(program.calls, resolve);
  const fromSettled = callersIn(solver, settled, callees);
  solver.callers = (fn) => fromSettled.byFn.get(fn) ?? [];
  let last = { edges: -1, plugins: 0, given: 0 };
  for (let round = 1; round < MAX_PLUGIN_ROUNDS && open.length > 0; round += 1) {
    const fromOpen = callersIn(solver, open, callees);
    solver.callers = (fn) => [...(fromSettled.byFn.get(fn) ?? []), ...(fromOpen.byFn.get(fn) ?? [])];
    const given = givenIn(solver, callees);
    solver.given = (fn) => given.get(fn) ?? [];
    const { edges, plugins } = fromOpen;
    const isSettled = edges === last.edges && given.size === last.given;
    if (isSettled || (round >= MAX_ROUNDS && plugins === last.plugins)) break;
    last = { edges, plugins, given: given.size };
    solver.memory.forgetTainted();
    for (const call of open) resolve(call);
  }
  solver.memory.settle();
  return { solver, callees };
}

function parted<Item>(items: readonly Item[], is: (item: Item) => boolean): { yes: Item[]; no: Item[] } {
  const yes: Item[] = [];
  const no: Item[] = [];
  for (const item of items) (is(item) ? yes : no).push(item);
  return { yes, no };
}

/** More heirs than this (components of a user interface) tell nothing about one call. */
const MAX_HEIRS = 12;

function heirsOf(solver: Solver): Map<ClassNode, ClassNode[]> {
  const heirs = new Map<ClassNode, ClassNode[]>();
  for (const heir of [...solver.program.files.values()].flatMap((file) => file.classes)) {
    const seen = new Set([heir]);
    for (const each of seen) {
      const parents = each.fact.extends === null ? NONE : solver.evaluate(each.file, each.fact.extends, null);
      for (const parent of parents) {
        if (parent.kind !== "class" || seen.has(parent.class)) continue;
        seen.add(parent.class);
        const known = heirs.get(parent.class) ?? [];
        if (known.length < MAX_HEIRS) heirs.set(parent.class, [...known, heir]);
      }
    }
  }
  return heirs;
}

interface Callers {
  byFn: ReadonlyMap<FnNode, readonly Caller[]>;
  edges: number;
  /** How many of them run a function as a plugin. */
  plugins: number;
}

function callersIn(solver: Solver, calls: readonly CallNode[], callees: readonly Tokens[]): Callers {
  const byFn = new Map<FnNode, Caller[]>();
  let edges = 0;
  let plugins = 0;
  const note = (fn: FnNode, caller: Caller) => {
    edges += 1;
    const known = byFn.get(fn);
    if (known === undefined) byFn.set(fn, [caller]);
    else known.push(caller);
  };
  for (const call of calls) {
    for (const token of callees[call.uid] ?? NONE) {
      const shift = shiftOf(call) - (token.kind === "fn" ? token.bound : 0);
      for (const fn of runBy(solver, token)) note(fn, { call, shift });
    }
    for (const fn of boundBy(solver, call)) note(fn, { call, shift: 1 });
    for (const plugin of isRegistering(callees[call.uid] ?? NONE) ? pluginsAt(solver, { call, env: null }) : []) {
      plugins += 1;
      note(plugin.token.fn, { call, shift: 0, plugin });
    }
  }
  return { byFn, edges, plugins };
}

/** `fn.bind(self, a)` gives the function its first arguments, though it does not run it. */
function boundBy(solver: Solver, { file, fact: { callee, args } }: CallNode): FnNode[] {
  if (callee.kind !== "member" || callee.property !== "bind" || args.length < 2) return [];
  return solver.evaluate(file, callee.object, null).flatMap((token) => (token.kind === "fn" ? [token.fn] : []));
}

/** The functions that calling the token runs: itself, or the constructors of the class and of what it extends. */
export function runBy(solver: Solver, token: Token): FnNode[] {
  if (token.kind === "fn") return [token.fn];
  return token.kind === "class" ? constructorsFor(solver, token.class, 0) : [];
}

/** An explicit constructor calls the parent's itself; without one the arguments go on to the parent's. */
function constructorsFor(solver: Solver, node: ClassNode, depth: number): FnNode[] {
  const own = constructorOf(node);
  if (own !== null && own.fact.span.start !== node.fact.span.start) return [own];
  const mine = own === null ? [] : [own];
  if (node.fact.extends === null || depth > 8) return mine;
  const parents = solver.evaluate(node.file, node.fact.extends, null);
  return [
    ...mine,
    ...parents.flatMap((each) => (each.kind === "class" ? constructorsFor(solver, each.class, depth + 1) : [])),
  ];
}

/** Properties given from outside to what is exported or shared: `controller.login = ...`, `global.io = ...`. */
function writtenProperties(solver: Solver): Map<string, Map<string, Written[]>> {
  const found = new Map<string, Map<string, Written[]>>();
  const note = (file: FileNode, object: Value, property: string, value: Value) => {
    for (const token of solver.evaluate(file, object, null)) {
      const properties = found.get(token.key) ?? new Map<string, Written[]>();
      found.set(token.key, properties);
      properties.set(property, [...(properties.get(property) ?? []), { file, value }]);
    }
  };
  for (const file of solver.program.files.values()) {
    for (const { target, value } of file.summary.writes) {
      if (value !== undefined && target.kind === "member" && isWorthFollowing(value)) {
        note(file, target.object, target.property, value);
      }
    }
  }
  for (const { file, fact } of solver.program.calls) {
    const { callee, args } = fact;
    if (callee.kind !== "member" || !ADDING.has(callee.property)) continue;
    for (const value of args) if (isWorthFollowing(value)) note(file, callee.object, "*", value);
  }
  return found;
}

const ADDING = new Set(["push", "unshift", "append"]);

function isWorthFollowing(value: Value): boolean {
  return value.kind !== "unknown" && value.kind !== "template";
}
