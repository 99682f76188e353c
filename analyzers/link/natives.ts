/** What the language itself does with values: globals, promises, arrays and objects, as far as values are followed through them. */
import type { Value } from "../summary.ts";
import { spreading } from "./program.ts";
import type { Solver } from "./solver.ts";
import { external, NONE, structure, union, type Token, type Tokens } from "./token.ts";

/** Globals whose members and calls mean something outside the file; other undeclared names are unknown. */
const GLOBALS = new Set(
  (
    "fetch console process setTimeout setInterval setImmediate clearTimeout clearInterval queueMicrotask Buffer URL " +
    "WebSocket EventSource XMLHttpRequest AbortSignal AbortController Response Request Headers FormData caches crypto " +
    "performance navigator localStorage sessionStorage Bun Deno globalThis global window self require import.meta " +
    "Promise Object Array JSON Math Proxy Reflect Symbol structuredClone"
  ).split(" "),
);
const WHOLE = new Set(["global:globalThis", "global:global", "global:window", "global:self"]);
/** Globals that are part of the language: calling them is no use of anything. */
const LANGUAGE = /^global:(Promise|Object|Array|JSON|Math|Proxy|Reflect|Symbol|structuredClone|import\.meta)\b/;

/** Functions whose result is their first argument, for whoever follows it. */
const PASSING = new Set([
  "global:Promise.resolve",
  "global:Promise.all",
  "global:Promise.race",
  "global:Promise.any",
  "global:Object.freeze",
  "global:Object.seal",
  "global:Array.from",
  "global:Proxy()",
  "global:structuredClone",
  "node:util:promisify",
  "node:util:callbackify",
  "node:events:once",
  "lodash:once",
  "lodash:memoize",
  "lodash:debounce",
  "lodash:throttle",
  "lodash/once:",
  "lodash/memoize:",
  "react:cache",
  "@nestjs/common:mixin",
  "@hono/zod-openapi:createRoute",
  "$app/paths:resolve",
  "$app/paths:asset",
  ...["list", "tuple", "set", "sorted", "reversed", "iter", "next"].map((name) => `pypi:builtins:${name}`),
  "pypi:functools:partial",
]);
/** Functions whose result has what all their arguments have. */
const MERGING = new Set([
  "global:Object.assign",
  "lodash:merge",
  "lodash:assign",
  "lodash:extend",
  "lodash:defaults",
  "lodash/merge:",
  "lodash.merge:",
  "deepmerge:",
  "merge-deep:",
  "@graphql-tools/merge:mergeResolvers",
  "graphql-tools:mergeResolvers",
  "merge-graphql-schemas:mergeResolvers",
]);
/** Array methods whose result holds items of the array. */
const SAME_ITEMS = new Set([
  "slice",
  "filter",
  "concat",
  "reverse",
  "sort",
  "flat",
  "toSorted",
  "toReversed",
  "values",
]);
const ONE_ITEM = new Set(["find", "findLast", "at", "pop", "shift"]);

export function isLanguage(api: string): boolean {
  return LANGUAGE.test(api);
}

/** A name that nothing declares: a known global, or what some file put on the global object. */
export function globalTokens(solver: Solver, name: string): Tokens {
  if (!GLOBALS.has(name)) return onGlobal(solver, name);
  const token = external(`global:${name}`);
  return token === null ? NONE : [token];
}

/** Members of `globalThis` and its aliases; null when the api is none of them. */
export function memberOfGlobal(solver: Solver, api: string, property: string): Tokens | null {
  return WHOLE.has(api) ? globalTokens(solver, property) : null;
}

function onGlobal(solver: Solver, name: string): Tokens {
  const written = [...WHOLE].flatMap((api) => solver.properties.get(`e${api}|-`)?.get(name) ?? []);
  return union(written.map(({ file, value }) => solver.evaluate(file, value, null)));
}

/** How a builtin function's arguments become its result when it hands values through; null when it does not. */
export function passing(api: string): ((args: readonly Tokens[]) => Tokens) | null {
  if (PASSING.has(api)) return ([first]) => first ?? NONE;
  if (MERGING.has(api)) return union;
  if (api === "global:Object.values") return ([first]) => (first ?? NONE).map(listOfValues);
  if (api === "global:Object.entries") return ([first]) => union((first ?? NONE).map(pairs));
  return null;
}

/** What an array method gives on known arrays; null for other methods. */
export function arrayResult(solver: Solver, objects: Tokens, method: string, args: readonly Tokens[]): Tokens | null {
  const arrays = objects.filter((token) => token.kind === "array" || token.kind === "object");
  if (arrays.length === 0) return null;
  if (SAME_ITEMS.has(method)) return union([arrays, method === "concat" ? union(args) : NONE]);
  return ONE_ITEM.has(method) ? solver.elements(arrays) : null;
}

const valuesOf = new WeakMap<Value, Extract<Value, { kind: "array" }>>();

/** `Object.values`: an array of the values for an object literal; a module stands for its exports as it is. */
function listOfValues(token: Token): Token {
  if (token.kind !== "object") return token;
  const { entries, spreads } = token.value;
  const made = valuesOf.get(token.value) ?? {
    kind: "array" as const,
    items: [...entries.map(({ value }) => value), ...spreads.map(spreading)],
  };
  valuesOf.set(token.value, made);
  return structure(token.file, made, token.env);
}

const pairsOf = new WeakMap<Value, Extract<Value, { kind: "array" }>>();

/** `Object.entries`: an array of key and value for an object literal. */
function pairs(token: Token): Tokens {
  if (token.kind !== "object") return NONE;
  const made = pairsOf.get(token.value) ?? {
    kind: "array" as const,
    items: token.value.entries.map(({ key, value }) => ({
      kind: "array" as const,
      items: [{ kind: "literal" as const, value: key }, value],
    })),
  };
  pairsOf.set(token.value, made);
  return [structure(token.file, made, token.env)];
}
