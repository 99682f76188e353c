/** What names, parameters and `this` stand for. */
import { entryParam } from "../libraries/entry-params.ts";
import type { Value } from "../summary.ts";
import { annotatedTokens, tokensByName, typeTokens } from "./annotations.ts";
import { autoImported } from "./exports.ts";
import { callbackTokens } from "./callbacks.ts";
import { injectedParam } from "./injection.ts";
import { globalTokens } from "./natives.ts";
import { argumentFor } from "./keywords.ts";
import { holderOf } from "./object-methods.ts";
import { instancesFor, optionsFor, type Plugin } from "./plugins.ts";
import { own, type FileNode, type FnNode } from "./program.ts";
import { contextParam } from "./resolver-contexts.ts";
import type { Solver } from "./solver.ts";
import {
  activation,
  around,
  asInferred,
  classToken,
  external,
  instance,
  NONE,
  structure,
  union,
  type Env,
  type Site,
  type Tokens,
} from "./token.ts";
import { visitedModules } from "./visited.ts";

type Of<Kind extends Value["kind"]> = Extract<Value, { kind: Kind }>;

export function nameTokens(solver: Solver, file: FileNode, value: Of<"name">, env: Env | null): Tokens {
  const holder = file.fns[value.fn];
  const bound = holder === undefined ? undefined : own(holder.fact.bindings, value.name);
  if (holder === undefined || bound === undefined) {
    const known = globalTokens(solver, value.name);
    return known.length > 0 ? known : autoImported(solver, solver.autoImports.find(file, value.name));
  }
  const inside = around(holder, env);
  const tokens = union(bound.map((each) => solver.evaluate(file, each, inside)));
  return tokens.length === 0 && bound.every(isHandedIn) ? tokensByName(solver, value.name) : tokens;
}

/** A part of a parameter: `({ mailService }) => ...`. */
function isHandedIn(value: Value): boolean {
  return value.kind === "member" && value.object.kind === "param";
}

/** The arguments of the call that entered the function, or of all its callers; what its type says when these tell nothing. */
export function paramTokens(solver: Solver, file: FileNode, value: Of<"param">, env: Env | null): Tokens {
  const fn = file.fns[value.fn];
  const param = fn?.fact.params[value.index];
  if (fn === undefined || param === undefined) return NONE;
  const entered = activation(fn, env);
  const isOpen = entered === null || (entered.site === null && entered.args === null);
  const injected = isOpen ? injectedParam(solver, fn, value.index) : NONE;
  if (injected.length > 0) return injected;
  const given = isOpen ? ofCallers(solver, fn, value.index) : ofActivation(solver, entered, value.index);
  if (given.length > 0) return given;
  const handed = callbackTokens(solver, fn, value.index, env);
  if (handed.length > 0) return handed;
  const visited = value.index === 0 ? visitedModules(solver, fn) : NONE;
  if (visited.length > 0) return visited;
  const kept = givenTokens(solver, fn, value.index);
  if (kept.length > 0) return kept;
  const annotated = param.type === null ? NONE : annotatedTokens(solver, file, param.type);
  if (annotated.length > 0) return annotated;
  const typed = param.type === null ? NONE : asInferred(typeTokens(solver, file, param.type));
  const told = typed.length > 0 ? typed : contextParam(solver, fn, value.index);
  if (told.length > 0 || param.type !== null) return told;
  const known = param.name === null ? NONE : tokensByName(solver, param.name);
  return known.length > 0 ? known : givenByFramework(fn, value.index);
}

/** What a framework hands to a function that it looks for in this file. */
function givenByFramework({ file, parent, fact }: FnNode, index: number): Tokens {
  if (index > 0 || parent === null || parent.parent !== null) return NONE;
  const api = entryParam(file.path, (name) => own(file.summary.exports, name) !== undefined, fact.name);
  const token = api === null ? null : external(api);
  return token === null ? NONE : [token];
}

function ofActivation(solver: Solver, { fn, site, args, shift }: Env, index: number): Tokens {
  if (args !== null) return args[index] ?? NONE;
  return site === null ? NONE : argument(solver, fn, site, index, shift);
}

function ofCallers(solver: Solver, fn: FnNode, index: number): Tokens {
  solver.memory.tainted = true;
  const callers = solver.callers(fn);
  return union(
    callers.map(({ call, shift, plugin }) =>
      plugin === undefined
        ? argument(solver, fn, { call, env: null }, index, shift)
        : ofPlugin(solver, { call, env: null }, plugin, index),
    ),
  );
}

function ofPlugin(solver: Solver, site: Site, plugin: Pick<Plugin, "scopes">, index: number): Tokens {
  if (index === 0) return union(instancesFor(solver, site, plugin));
  return index === 1 ? optionsFor(solver, site) : NONE;
}

/** What a framework hands to a function that it keeps for requests. */
function givenTokens(solver: Solver, fn: FnNode, index: number): Tokens {
  solver.memory.tainted = true;
  const api = solver.given(fn)[index] ?? null;
  const token = api === null ? null : external(api);
  return token === null ? NONE : [token];
}

/** The value of one argument; of all the remaining ones for a rest parameter. */
function argument(solver: Solver, fn: FnNode, { call, env }: Site, index: number, shift: number): Tokens {
  const position = index + shift;
  if (fn.fact.params[index]?.rest === true && position >= 0) {
    return [structure(call.file, restOf(call.fact, position), env)];
  }
  const written = argumentFor(fn, index, call, position);
  return written === undefined ? NONE : solver.evaluate(call.file, written, env);
}

const rests = new WeakMap<readonly Value[], Map<number, Of<"array">>>();

/** One array value per call and position, so that it keeps its identity. */
export function restOf({ args }: { args: Value[] }, index: number): Of<"array"> {
  const byIndex = rests.get(args) ?? new Map<number, Of<"array">>();
  rests.set(args, byIndex);
  const made = byIndex.get(index) ?? { kind: "array" as const, items: args.slice(index) };
  byIndex.set(index, made);
  return made;
}

export function thisTokens(solver: Solver, file: FileNode, value: Of<"this">, env: Env | null): Tokens {
  const fn = file.fns[value.fn];
  if (fn === undefined) return NONE;
  const entered = activation(fn, env);
  if (entered?.self != null) return [entered.self];
  if (fn.class !== null) {
    const isStatic = fn.class.fact.members.some((each) => each.fn === fn.index && each.static);
    if (isStatic) return [classToken(fn.class)];
    const heirs = solver.heirs.get(fn.class) ?? [];
    return [fn.class, ...heirs].map((each) => instance(each, null));
  }
  const holder = holderOf(fn);
  return holder === null ? NONE : [structure(file, holder, null)];
}
