/** Demand-driven value resolution: what an expression can be, found by following names, calls and properties without types. */
import type { Value } from "../summary.ts";
import { resultOf } from "./results.ts";
import { exported, importedTokens, wholeModule } from "./exports.ts";
import { elements, memberOf } from "./members.ts";
import type { Modules } from "./modules.ts";
import { nameTokens, paramTokens, thisTokens } from "./names.ts";
import type { CallNode, ClassNode, FileNode, FnNode, Program } from "./program.ts";
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
  type FnToken,
  type Memo,
  type Site,
  type Token,
  type Tokens,
} from "./token.ts";

/** A call known to run a function. `shift`: arguments that stand before the function's first one (`fn.call(self, a)`). */
export interface Caller {
  call: CallNode;
  shift: number;
}

export interface Solver {
  program: Program;
  modules: Modules;
  /** What the previous round found; empty in the first. */
  callers: ReadonlyMap<FnNode, readonly Caller[]>;
  /** Values written to properties from outside a literal (`controller.login = ...`), by token key and property. */
  properties: ReadonlyMap<string, ReadonlyMap<string, readonly Written[]>>;
  /** Classes that extend a class, directly or not: what its `this` may be. */
  heirs: ReadonlyMap<ClassNode, readonly ClassNode[]>;
  /** The call that a function literal is handed to, and where among its arguments. */
  handedTo: ReadonlyMap<FnNode, { call: CallNode; index: number }>;
  /** Set when the value just computed rests on {@link callers}. */
  tainted: boolean;
  evaluate(file: FileNode, value: Value, env: Env | null): Tokens;
  member(token: Token, property: string): Tokens;
  elements(tokens: Tokens): Tokens;
  result(site: Site): Tokens;
  exported(file: FileNode, name: string): Tokens;
  wholeModule(file: FileNode): Tokens;
  /** The activation of a function that a call enters; null when nothing in it depends on which call that is. */
  enter(token: FnToken, site: Site | null, args?: readonly Tokens[]): Env | null;
  /** The activation in which a value that can be many things is this one. */
  choose(fn: FnNode, env: Env | null, value: Value, tokens: Tokens, choice: number): Env;
  /** Forgets what rested on callers, before a round with more of them. */
  forget(): void;
}

export interface Written {
  file: FileNode;
  value: Value;
}

/** Contexts nested deeper than this are merged. */
const MAX_ENV_DEPTH = 6;
/** Expressions nested deeper than this (generated code) are unknown. */
const MAX_DEPTH = 120;
/** No argument of `fn.apply(self, list)` has a known position. */
const MANY = 1000;
/** One question may look at so many values; what needs more is unknown. */
const MAX_STEPS = 4_000;
/** Values met again while they were being computed; beyond this many, the first answer stays. */
const MAX_CUTS = 5_000;

export function createSolver(program: Program, modules: Modules): Solver {
  const root = new Map<Value, Memo>();
  const envs = new Map<string, Env>();
  const handedTo = handed(program);
  const looks = new Map<string, Memo>();
  let depth = 0;
  let steps = 0;
  /** Lowest depth of a value in progress that something met again: what lies above it is not final. */
  let cut = Infinity;
  let cuts = 0;

  const solver: Solver = {
    program,
    modules,
    callers: new Map(),
    properties: new Map(),
    heirs: new Map(),
    handedTo,
    tainted: false,
    evaluate,
    member: (token, property) => {
      const found = remember(looks, `${token.key}.${property}`, () => memberOf(solver, token, property));
      return token.inferred ? asInferred(found) : found;
    },
    elements: (tokens) =>
      union(tokens.map((token) => remember(looks, `${token.key}.*`, () => elements(solver, token)))),
    result: (site) => resultOf(solver, site),
    exported: (file, name) => exported(solver, file, name),
    wholeModule: (file) => wholeModule(solver, file),
    enter,
    choose,
    forget: () => {
      forgetTainted(looks);
      forgetTainted(root);
      for (const env of envs.values()) forgetTainted(env.memo);
    },
  };
  return solver;

  function evaluate(file: FileNode, value: Value, env: Env | null): Tokens {
    if (value.kind === "unknown") return NONE;
    if (value.kind === "literal") return [literal(value.value)];
    return remember(env?.memo ?? root, value, () => followed(solver, file, value, env));
  }

  /**
   * Looks once and remembers. What is met again while it is being looked for gives nothing there, so that cycles end; what
   * was found on the way up to it is not final and is not remembered.
   */
  function remember<Key>(memo: Map<Key, Memo>, key: Key, look: () => Tokens): Tokens {
    const known = memo.get(key);
    if (known !== undefined) {
      if (known.pending >= 0) cut = Math.min(cut, known.pending);
      if (known.tainted) solver.tainted = true;
      return known.tokens;
    }
    if (depth === 0) steps = 0;
    steps += 1;
    if (depth >= MAX_DEPTH || steps > MAX_STEPS) return NONE;
    const entry: Memo = { tokens: NONE, tainted: false, pending: depth };
    memo.set(key, entry);
    const outer = { tainted: solver.tainted, cut };
    solver.tainted = false;
    cut = Infinity;
    depth += 1;
    entry.tokens = look();
    depth -= 1;
    entry.tainted = solver.tainted;
    entry.pending = -1;
    if (cut < depth && (cuts += 1) < MAX_CUTS) memo.delete(key);
    solver.tainted = outer.tainted || entry.tainted;
    cut = Math.min(outer.cut, cut < depth ? cut : Infinity);
    return entry.tokens;
  }

  function enter(token: FnToken, site: Site | null, args: readonly Tokens[] | null = null): Env | null {
    const { fn, self, env: lexical } = token;
    if (args === null && self === null && lexical === null && fn.fact.params.length === 0) return null;
    const level = Math.max(site?.env?.depth ?? 0, lexical?.depth ?? 0) + 1;
    if (level > MAX_ENV_DEPTH) return null;
    const again = args === null ? recursion(fn, site) : null;
    if (again !== null) return again;
    const given = args?.map((tokens) => tokens.map((each) => each.key).join()).join(";") ?? "";
    const key = `${fn.uid}|${site?.call.uid ?? -1}/${site?.env?.key ?? 0}|${self?.key ?? ""}|${lexical?.key ?? 0}|${given}`;
    const known = envs.get(key);
    if (known !== undefined) return known;
    const shift = site === null ? 0 : shiftOf(site.call) - token.bound;
    const made: Env = { key: envs.size + 1, fn, site, shift, args, self, lexical, depth: level, memo: new Map() };
    envs.set(key, made);
    return made;
  }

  function choose(fn: FnNode, env: Env | null, value: Value, tokens: Tokens, choice: number): Env {
    const key = `${fn.uid}|${env?.key ?? 0}|${choice}|${tokens.map((each) => each.key).join()}`;
    const known = envs.get(key);
    if (known !== undefined) return known;
    const plain: Env = {
      key: 0,
      fn,
      site: null,
      shift: 0,
      args: null,
      self: null,
      lexical: env,
      depth: 1,
      memo: new Map(),
    };
    const base = env?.fn === fn ? env : plain;
    const memo = new Map([[value, { tokens, tainted: false, pending: -1 }]]);
    const made: Env = { ...base, key: envs.size + 1, memo };
    envs.set(key, made);
    return made;
  }
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
      return call === undefined ? NONE : solver.result({ call, env: around(call.fn, env) });
    }
    case "fn": {
      const fn = file.fns[value.fn];
      return fn === undefined ? NONE : [fnToken(fn, fn.parent === null ? null : around(fn.parent, env))];
    }
    case "class": {
      const found = file.classes[value.class];
      return found === undefined ? NONE : [classToken(found)];
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
    case "unknown":
      return NONE;
  }
}

/** The activation that a function called from within itself is already in: recursion is not unrolled. */
function recursion(fn: FnNode, site: Site | null): Env | null {
  for (let env = site?.env ?? null; env !== null; env = env.site?.env ?? null) if (env.fn === fn) return env;
  return null;
}

function forgetTainted<Key>(memo: Map<Key, Memo>): void {
  for (const [key, { tainted }] of memo) if (tainted) memo.delete(key);
}

/** Arguments before the called function's own first one. */
export function shiftOf({ fact }: CallNode): number {
  if (fact.callee.kind !== "member") return 0;
  return fact.callee.property === "call" ? 1 : fact.callee.property === "apply" ? MANY : 0;
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
