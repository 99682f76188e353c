/** Demand-driven value resolution: what an expression can be, found by following names, calls and properties without types. */
import { isPython } from "../repo/source-file.ts";
import type { Value } from "../summary.ts";
import { autoImports, type AutoImports } from "./auto-imports.ts";
import { createEnvironments, type Environments } from "./environments.ts";
import { exported, importedTokens, wholeModule } from "./exports.ts";
import { elements, memberOf } from "./members.ts";
import { createMemory, type Memory } from "./memory.ts";
import type { Modules } from "./modules.ts";
import type { Plugin } from "./plugins.ts";
import { nameTokens, paramTokens, thisTokens } from "./names.ts";
import { canonical, type CallNode, type ClassNode, type FileNode, type FnNode, type Program } from "./program.ts";
import { noProviders, type Providers } from "./providers.ts";
import { noContexts, type ResolverContexts } from "./resolver-contexts.ts";
import { resultOf } from "./results.ts";
import { slotsOf, type Slots } from "./slots.ts";
import {
  around,
  asInferred,
  classToken,
  fnToken,
  literal,
  NONE,
  structure,
  union,
  type Env,
  type Memo,
  type Site,
  type Token,
  type Tokens,
} from "./token.ts";

/** A call known to run a function. `shift`: arguments that stand before the function's first one (`fn.call(self, a)`). */
export interface Caller {
  call: CallNode;
  shift: number;
  /** Set where a framework's call runs it as a plugin, with arguments of its own. */
  plugin?: Pick<Plugin, "scopes">;
}

/** A value given to a property, with the file it stands in. */
export interface Written {
  file: FileNode;
  value: Value;
}

/** The functions that resolve values, and what they share. Each may call all others. */
export interface Solver extends Pick<Environments, "enter" | "choose">, Providers, ResolverContexts {
  program: Program;
  modules: Modules;
  memory: Memory;
  /** What names stand for that a framework imports by itself. */
  autoImports: AutoImports;
  /** The calls that the rounds so far know to run a function. */
  callers: (fn: FnNode) => readonly Caller[];
  /** Apis of what a framework hands to a function that it keeps, by parameter. */
  given: (fn: FnNode) => readonly (string | null)[];
  /** What frameworks keep under names. */
  slots: Slots;
  /** Values written to properties from outside a literal (`controller.login = ...`), by token key and property. */
  properties: ReadonlyMap<string, ReadonlyMap<string, readonly Written[]>>;
  /** Classes that extend a class, directly or not: what its `this` may be. */
  heirs: ReadonlyMap<ClassNode, readonly ClassNode[]>;
  /** The call that a function literal is handed to, and where among its arguments. */
  handedTo: ReadonlyMap<FnNode, { call: CallNode; index: number }>;
  evaluate(file: FileNode, value: Value, env: Env | null): Tokens;
  member(token: Token, property: string): Tokens;
  elements(tokens: Tokens): Tokens;
  result(site: Site): Tokens;
  exported(file: FileNode, name: string): Tokens;
  wholeModule(file: FileNode): Tokens;
  /** Forgets everything that was resolved, when something that all of it may rest on became known. */
  forgetAll(): void;
}

/** Values that are what they are: nothing is looked into, nothing need be remembered. */
const IMMEDIATE: ReadonlySet<Value["kind"]> = new Set([
  "unknown",
  "literal",
  "fn",
  "class",
  "object",
  "array",
  "template",
  "operation",
]);

export function createSolver(program: Program, modules: Modules): Solver {
  const values = new Map<Value, Memo>();
  const looks = new Map<string, Memo>();
  const memory = createMemory();
  const environments = createEnvironments();
  const { remember } = memory;
  const solver: Solver = {
    program,
    modules,
    memory,
    autoImports: autoImports(program),
    callers: () => [],
    given: () => [],
    slots: slotsOf(program),
    properties: new Map(),
    ...noProviders,
    ...noContexts,
    heirs: new Map(),
    handedTo: handed(program),
    enter: environments.enter,
    choose: environments.choose,
    evaluate: (file, value, env) => {
      if (IMMEDIATE.has(value.kind)) return followed(solver, file, value, env);
      return remember(env?.memo ?? values, canonical(file, value), () => followed(solver, file, value, env));
    },
    member: (token, property) => {
      const look = () => memberOf(solver, token, property);
      const found = token.kind === "external" ? look() : remember(looks, `${token.key}.${property}`, look);
      return token.inferred ? asInferred(found) : found;
    },
    elements: (tokens) =>
      union(tokens.map((token) => remember(looks, `${token.key}.*`, () => elements(solver, token)))),
    result: (site) => resultOf(solver, site),
    exported: (file, name) => exported(solver, file, name),
    wholeModule: (file) => wholeModule(solver, file),
    forgetAll: () => {
      for (const memo of [looks, values, ...environments.all().map((env) => env.memo)]) memo.clear();
    },
  };
  return solver;
}

function followed(solver: Solver, file: FileNode, value: Value, env: Env | null): Tokens {
  switch (value.kind) {
    case "literal":
      return [literal(value.value)];
    case "name":
      return nameTokens(solver, file, value, env);
    case "param":
      return paramTokens(solver, file, value, env);
    case "member": {
      const objects = solver.evaluate(file, value.object, env);
      if (value.property === "*") return solver.elements(objects);
      return union(objects.map((token) => solver.member(token, value.property)));
    }
    case "call": {
      const call = file.calls[value.call];
      return call === undefined ? NONE : solver.result({ call, env: madeDuring(call, env) });
    }
    case "fn": {
      const fn = file.fns[value.fn];
      return fn === undefined ? NONE : [fnToken(fn, fn.parent === null ? null : around(fn.parent, env))];
    }
    case "class": {
      const found = file.classes[value.class];
      return found === undefined ? NONE : [classToken(found, madeIn(found, env))];
    }
    case "imported":
      return importedTokens(solver, file, value);
    case "object":
    case "array":
    case "template":
      return [structure(file, value, env)];
    case "either":
      return union(value.of.map((each) => solver.evaluate(file, each, env)));
    case "this":
      return thisTokens(solver, file, value, env);
    case "operation":
      if (value.operator === "/") return pathTokens(solver, file, value, env);
      return value.operator === "..." ? spreadTokens(solver, file, value, env) : NONE;
    case "unknown":
      return NONE;
  }
}

/** What is made before the loop is one and the same for all its items. */
function madeDuring({ fn, fact }: CallNode, env: Env | null): Env | null {
  const during = around(fn, env);
  return fact.inLoop || during?.fn !== fn || during.chosenFrom === undefined ? during : during.chosenFrom.env;
}

/** `Path("uploads") / name`: Python's paths are joined by an operator. */
function pathTokens(solver: Solver, file: FileNode, { of }: Extract<Value, { kind: "operation" }>, env: Env | null) {
  const [left] = of;
  const tokens = left === undefined || !isPython(file.path) ? NONE : solver.evaluate(file, left, env);
  return tokens.filter((token) => token.kind === "external" && token.api.startsWith("pypi:pathlib:"));
}

/** `...items` among items or arguments: any of the items. */
function spreadTokens(solver: Solver, file: FileNode, { of }: Extract<Value, { kind: "operation" }>, env: Env | null) {
  return solver.elements(union(of.map((each) => solver.evaluate(file, each, env))));
}

/** The activation in which a class that stands in a function was made. */
function madeIn({ file, fact }: ClassNode, env: Env | null): Env | null {
  const holder = env === null ? undefined : file.fns[fact.members[0]?.fn ?? -1]?.parent;
  return holder === undefined || holder === null ? null : around(holder, env);
}

function handed(program: Program): Map<FnNode, { call: CallNode; index: number }> {
  const found = new Map<FnNode, { call: CallNode; index: number }>();
  for (const call of program.calls) {
    for (const [index, arg] of call.fact.args.entries()) {
      const fn = arg.kind === "fn" ? call.file.fns[arg.fn] : undefined;
      if (fn !== undefined) found.set(fn, { call, index });
    }
  }
  return found;
}
