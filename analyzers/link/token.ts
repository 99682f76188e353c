/** Tokens: what a value can be once names, imports, calls and properties are followed. An empty list is "unknown". */
import type { Value } from "../summary.ts";
import { isWithin, type CallNode, type ClassNode, type FileNode, type FnNode } from "./program.ts";

/** A call as it happens in one context: the place where something is made. */
export interface Site {
  call: CallNode;
  env: Env | null;
}

/** One activation of a function: which call entered it, with what `this`, inside which activation of its holder. */
export interface Env {
  key: number;
  fn: FnNode;
  site: Site | null;
  /** Position of the function's first parameter among the site's arguments; 1 for `fn.call(self, a)`. */
  shift: number;
  /** Arguments when they are not those written at the site (an item of an iterated array). */
  args: readonly Tokens[] | null;
  self: Token | null;
  lexical: Env | null;
  /** The activation of which this is the same with one item of a loop chosen; missing where nothing was chosen. */
  chosenFrom?: { env: Env | null };
  depth: number;
  memo: Map<Value, Memo>;
}

/** `tainted`: rests on what was known of a function's callers, so a later round may know more. */
export interface Memo {
  tokens: Tokens;
  tainted: boolean;
  /** Depth at which the value is just being computed; -1 when done. */
  pending: number;
}

interface Common {
  /** Equal keys mean the same thing; `inferred` is left out of it. */
  key: string;
  /** True when some step rests on a type's or a property's name only. */
  inferred: boolean;
}

/** Something from a package, a builtin or a global; `made` is the first call in its path, `via` the last, `calls` are all. */
export type External = Common & {
  kind: "external";
  api: string;
  made: Site | null;
  via: Site | null;
  calls: readonly CallNode[];
};
export type FnToken = Common & { kind: "fn"; fn: FnNode; env: Env | null; self: Token | null; bound: number };
/** `env`: the activation of the function that makes the class, for one that is made anew by each call of it. */
export type ClassToken = Common & { kind: "class"; class: ClassNode; env: Env | null };
export type Instance = Common & { kind: "instance"; class: ClassNode; made: Site | null };
export type ObjectToken = Common & {
  kind: "object";
  file: FileNode;
  value: Value & { kind: "object" };
  env: Env | null;
};
export type ArrayToken = Common & { kind: "array"; file: FileNode; value: Value & { kind: "array" }; env: Env | null };
export type ModuleToken = Common & { kind: "module"; file: FileNode };
export type EnvToken = Common & { kind: "env"; name: string };
export type LiteralToken = Common & { kind: "literal"; value: string | number | boolean | null };
export type TemplateToken = Common & {
  kind: "template";
  file: FileNode;
  value: Value & { kind: "template" };
  env: Env | null;
};

export type Token =
  | External
  | FnToken
  | ClassToken
  | Instance
  | ObjectToken
  | ArrayToken
  | ModuleToken
  | EnvToken
  | LiteralToken
  | TemplateToken;
export type Tokens = readonly Token[];

export const NONE: Tokens = [];

/** More alternatives than this tell a reader nothing, and cost. */
const MAX_TOKENS = 24;
/** Longest api path that is followed; a cycle such as `node = node.next` ends here. */
const MAX_API = 160;

const uids = new WeakMap<Value, number>();
let lastUid = 0;

/** A number for a value, stable for as long as the value lives. */
function uidOf(value: Value): number {
  const known = uids.get(value);
  if (known !== undefined) return known;
  lastUid += 1;
  uids.set(value, lastUid);
  return lastUid;
}

function siteKey(site: Site | null): string {
  return site === null ? "-" : `${site.call.uid}/${site.env?.key ?? 0}`;
}

/** The root of a package's api; null when the path is longer than what is followed. */
export function external(api: string, inferred = false): External | null {
  if (api.length > MAX_API) return null;
  return { kind: "external", key: `e${api}|-`, api, made: null, via: null, calls: [], inferred };
}

/** A member of something external. */
export function externalMember(token: External, name: string): External | null {
  const { made, via, calls, inferred } = token;
  const api = token.api.endsWith(":") ? token.api + name : `${token.api}.${name}`;
  if (api.length > MAX_API) return null;
  return { kind: "external", key: `e${api}|${siteKey(via)}`, api, made, via, calls, inferred };
}

/** What a member belongs to: `router` of `router.routes`. */
export function externalOwner(token: External): External {
  const api = token.api.slice(0, token.api.lastIndexOf("."));
  return { ...token, api, key: `e${api}|${siteKey(token.via)}` };
}

/** What calling something external gives. Null when this very call is already in its path: a loop around `x = x.next()`. */
export function externalResult(token: External, site: Site): External | null {
  const api = `${token.api}()`;
  if (api.length > MAX_API || token.calls.includes(site.call)) return null;
  const calls = [...token.calls, site.call];
  return {
    kind: "external",
    key: `e${api}|${siteKey(site)}`,
    api,
    made: token.made ?? site,
    via: site,
    calls,
    inferred: token.inferred,
  };
}

export function fnToken(fn: FnNode, env: Env | null, self: Token | null = null, bound = 0): FnToken {
  const key = `f${fn.uid}/${env?.key ?? 0}/${self?.key ?? ""}/${bound}`;
  return { kind: "fn", key, fn, env, self, bound, inferred: false };
}

export function classToken(node: ClassNode, env: Env | null = null): ClassToken {
  const key = env === null ? `c${node.uid}` : `c${node.uid}/${env.key}`;
  return { kind: "class", key, class: node, env, inferred: false };
}

export function instance(node: ClassNode, made: Site | null, inferred = false): Instance {
  return { kind: "instance", key: `i${node.uid}/${siteKey(made)}`, class: node, made, inferred };
}

export function moduleToken(file: FileNode): ModuleToken {
  return { kind: "module", key: `m${file.path}`, file, inferred: false };
}

export function literal(value: string | number | boolean | null): LiteralToken {
  return { kind: "literal", key: `l${typeof value}:${value}`, value, inferred: false };
}

export function envToken(name: string): EnvToken {
  return { kind: "env", key: `v${name}`, name, inferred: false };
}

export function structure(
  file: FileNode,
  value: Value & { kind: "object" | "array" | "template" },
  env: Env | null,
): ObjectToken | ArrayToken | TemplateToken {
  const key = `s${uidOf(value)}/${env?.key ?? 0}`;
  if (value.kind === "object") return { kind: "object", key, file, value, env, inferred: false };
  if (value.kind === "array") return { kind: "array", key, file, value, env, inferred: false };
  return { kind: "template", key, file, value, env, inferred: false };
}

/** All tokens of the lists, each once; what is proven somewhere is proven. */
export function union(lists: readonly Tokens[]): Tokens {
  const filled = lists.filter((list) => list.length > 0);
  const only = filled[0];
  if (only === undefined) return NONE;
  if (filled.length === 1) return only;
  const byKey = new Map<string, Token>();
  for (const list of filled) {
    for (const token of list) {
      const known = byKey.get(token.key);
      if (known === undefined ? byKey.size < MAX_TOKENS : known.inferred && !token.inferred)
        byKey.set(token.key, token);
    }
  }
  return [...byKey.values()];
}

export function asInferred(tokens: Tokens): Tokens {
  return tokens.map((token) => (token.inferred ? token : { ...token, inferred: true }));
}

/** The innermost activation that holds `fn`; null when none of the chain does. */
export function around(fn: FnNode, env: Env | null): Env | null {
  for (let each = env; each !== null; each = each.lexical) if (isWithin(fn, each.fn)) return each;
  return null;
}

/** The activation of exactly this function in the chain; null when it is not in there. */
export function activation(fn: FnNode, env: Env | null): Env | null {
  for (let each = env; each !== null; each = each.lexical) if (each.fn === fn) return each;
  return null;
}
