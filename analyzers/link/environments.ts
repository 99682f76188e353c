/** Activations of functions: made when a call is followed into its function, each once. */
import { routerPackages } from "../libraries/web.ts";
import type { Value } from "../summary.ts";
import { own, type CallNode, type FileNode, type FnNode } from "./program.ts";
import type { Env, FnToken, Site, Tokens } from "./token.ts";

export interface Environments {
  /** The activation of a function that a call enters; null when nothing in it depends on which call that is. */
  enter: (token: FnToken, site: Site | null, args?: readonly Tokens[]) => Env | null;
  /** The activation in which a value that can be many things is this one. */
  choose: (fn: FnNode, env: Env | null, value: Value, tokens: Tokens, choice: number) => Env;
  all(): readonly Env[];
}

/** Contexts nested deeper than this are merged. */
const MAX_DEPTH = 6;
/** No argument of `fn.apply(self, list)` has a known position. */
const MANY = 1000;

export function createEnvironments(): Environments {
  const known = new Map<string, Env>();
  const made = (key: string, make: () => Omit<Env, "key">): Env => {
    const env = known.get(key) ?? { ...make(), key: known.size + 1 };
    known.set(key, env);
    return env;
  };
  return {
    enter: (token, site, args) => {
      const { fn, self, env: lexical, bound } = token;
      const isPlain =
        args === undefined && self === null && lexical === null && fn.fact.params.length === 0 && !makesRouters(fn);
      const depth = Math.max(site?.env?.depth ?? 0, lexical?.depth ?? 0) + 1;
      if (isPlain || depth > MAX_DEPTH) return null;
      const again = args === undefined ? recursion(fn, site) : null;
      if (again !== null) return again;
      const key = `${fn.uid}|${siteKey(site)}|${self?.key ?? ""}|${lexical?.key ?? 0}|${bound}|${args?.map(keysOf).join(";") ?? ""}`;
      const shift = site === null ? 0 : shiftOf(site.call) - bound;
      return made(key, () => ({ fn, site, shift, args: args ?? null, self, lexical, depth, memo: new Map() }));
    },
    choose: (fn, env, value, tokens, choice) =>
      made(`${fn.uid}|${env?.key ?? 0}|${choice}|${keysOf(tokens)}`, () => {
        const plain = { fn, site: null, shift: 0, args: null, self: null, lexical: env, depth: 1 };
        const memo = new Map([[value, { tokens, tainted: false, pending: -1 }]]);
        return { ...(env?.fn === fn ? env : plain), chosenFrom: { env }, memo };
      }),
    all: () => [...known.values()],
  };
}

const makers = new WeakMap<FileNode, ReadonlySet<FnNode>>();

/** True when each call of the function makes another app or router: `const createRouter = () => new Hono()`. */
function makesRouters(fn: FnNode): boolean {
  const { file } = fn;
  const found = makers.get(file) ?? makersIn(file);
  makers.set(file, found);
  return found.has(fn);
}

/** Those that call a package's maker, and those of the file that call them. */
function makersIn({ calls, fns }: FileNode): ReadonlySet<FnNode> {
  const found = new Set(calls.flatMap((call) => (call !== undefined && isRouterMaker(call) ? [call.fn] : [])));
  for (let before = 0; before < found.size;) {
    before = found.size;
    for (const call of calls)
      if (call !== undefined && namedFns(call, fns).some((callee) => found.has(callee))) found.add(call.fn);
  }
  return found;
}

function namedFns({ fact: { callee } }: CallNode, fns: FileNode["fns"]): FnNode[] {
  const values = callee.kind === "name" ? (own(fns[callee.fn]?.fact.bindings ?? {}, callee.name) ?? []) : [];
  return values.flatMap((value) => (value.kind === "fn" ? (fns[value.fn] ?? []) : []));
}

function isRouterMaker({ fact: { callee } }: CallNode): boolean {
  const root = callee.kind === "member" ? callee.object : callee;
  return root.kind === "imported" && routerPackages.has(root.specifier);
}

function siteKey(site: Site | null): string {
  return site === null ? "" : `${site.call.uid}/${site.env?.key ?? 0}`;
}

function keysOf(tokens: Tokens): string {
  return tokens.map((each) => each.key).join();
}

/** The activation that a function called from within itself is already in: recursion is not unrolled. */
function recursion(fn: FnNode, site: Site | null): Env | null {
  for (let env = site?.env ?? null; env !== null; env = env.site?.env ?? null) if (env.fn === fn) return env;
  return null;
}

/** Arguments before the called function's own first one: 1 for `fn.call(self, a)`. */
export function shiftOf({ fact: { callee } }: CallNode): number {
  if (callee.kind !== "member") return 0;
  return callee.property === "call" ? 1 : callee.property === "apply" ? MANY : 0;
}
