/** What a container gives for a token: the `{ provide, useClass | useValue | useFactory | useExisting }` literals of the program. */
import { isInTestFolder, isTestFile } from "../services/file-roles.ts";
import type { Value } from "../summary.ts";
import { forwardReferences } from "../libraries/containers.ts";
import type { FileNode, FnNode } from "./program.ts";
import type { Solver } from "./solver.ts";
import { asInferred, external, fnToken, instance, NONE, union, type Token, type Tokens } from "./token.ts";

type ObjectValue = Extract<Value, { kind: "object" }>;

/** A provider as it is written. */
interface Provider {
  file: FileNode;
  value: ObjectValue;
}

export interface Providers {
  /** The values for a token, by each key that a token can have; null when nothing is registered for it. */
  provided: (tokens: Tokens) => Tokens | null;
  /** What a provider's factory is given as its parameter; nothing for other functions. */
  factoryParam: (fn: FnNode, index: number) => Tokens;
}

export const noProviders: Providers = { provided: () => null, factoryParam: () => NONE };

/** Providers that stand for another one. */
const MAX_ALIASES = 5;

export function providersOf(solver: Solver): Providers {
  const { byKey, factories } = registered(solver);
  if (byKey.size === 0 && factories.size === 0) return noProviders;
  const given = (tokens: Tokens, depth: number): Tokens | null => {
    const found = tokens.flatMap((token) => byKey.get(keyOf(token)) ?? []);
    if (found.length === 0 || depth > MAX_ALIASES) return null;
    const all = union(found.map((each) => provided(solver, each, (alias) => resolved(alias, depth + 1))));
    return found.length > 1 && all.length > 1 ? asInferred(all) : all;
  };
  const resolved = (tokens: Tokens, depth: number): Tokens => given(tokens, depth) ?? tokens.flatMap(selfProvided);
  return {
    provided: (tokens) => given(tokens, 0),
    factoryParam: (fn, index) =>
      union((factories.get(fn) ?? []).map((each) => resolved(argumentsOf(solver, each)[index] ?? NONE, 0))),
  };
}

function registered(solver: Solver) {
  const byKey = new Map<string, Provider[]>();
  const factories = new Map<FnNode, Provider[]>();
  for (const file of solver.program.files.values()) {
    if (isTestFile(file.path) || isInTestFolder(file.path)) continue;
    for (const value of providersIn(file)) {
      const provider = { file, value };
      const entry = (name: string): Tokens => {
        const found = value.entries.find(({ key }) => key === name);
        return found === undefined ? NONE : solver.evaluate(file, found.value, null);
      };
      for (const key of new Set(entry("provide").map(keyOf))) byKey.set(key, [...(byKey.get(key) ?? []), provider]);
      for (const token of entry("useFactory")) {
        if (token.kind === "fn") factories.set(token.fn, [...(factories.get(token.fn) ?? []), provider]);
      }
    }
  }
  return { byKey, factories };
}

/** The object literals of a file that register something. */
function providersIn(file: FileNode): ObjectValue[] {
  const found: ObjectValue[] = [];
  const seen = new Set<Value>();
  const pending: Value[] = [
    ...Object.values(file.summary.exports),
    ...file.summary.functions.flatMap((fn) => [...Object.values(fn.bindings).flat(), ...fn.returns]),
    ...file.summary.classes.flatMap((each) => Object.values(each.fields).flat()),
    ...file.summary.calls.flatMap((call) => call.args),
  ];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (seen.has(value)) continue;
    seen.add(value);
    if (value.kind === "object") {
      if (value.entries.some(isUse)) found.push(value);
      for (const entry of value.entries) pending.push(entry.value);
    }
    if (value.kind === "member" && value.property === "*") pending.push(value.object);
    for (const part of value.kind === "array" ? value.items : value.kind === "either" ? value.of : [])
      pending.push(part);
  }
  return found.reverse();
}

function isUse({ key }: { key: string }): boolean {
  return key === "useClass" || key === "useValue" || key === "useFactory" || key === "useExisting";
}

/** Equal for the same class, text or symbol, wherever it is named. */
function keyOf(token: Token): string {
  if (token.kind === "instance" || token.kind === "class") return `c${token.class.uid}`;
  return token.kind === "external" && token.via === null ? `e${token.api.replace(/\(\)$/, "")}` : token.key;
}

/** A package's class, other than a constant that only serves as a token (`CACHE_MANAGER`). */
const CLASS_NAME = /[.:][A-Z]\w*[a-z]\w*$/;

/** What injecting a class gives that nobody registered under another name: an instance of itself. */
export function selfProvided(token: Token): Tokens {
  if (token.kind === "class") return [instance(token.class, null)];
  if (token.kind !== "external" || token.via !== null || !CLASS_NAME.test(token.api)) return NONE;
  const made = external(`${token.api}()`);
  return made === null ? NONE : [made];
}

function provided(solver: Solver, { file, value }: Provider, resolve: (tokens: Tokens) => Tokens): Tokens {
  return union(
    value.entries.map(({ key, value: given }) => {
      switch (key) {
        case "useClass":
          return solver.evaluate(file, given, null).flatMap(selfProvided);
        case "useExisting":
          return resolve(named(solver, solver.evaluate(file, given, null)));
        case "useValue":
          return solver.evaluate(file, given, null);
        case "useFactory":
          return made(solver, file, given, argumentsOf(solver, { file, value }).map(resolve));
        default:
          return NONE;
      }
    }),
  );
}

/** The tokens that a factory is given as its arguments: `inject: [A, { token: B, optional: true }]`. */
function argumentsOf(solver: Solver, { file, value }: Provider): Tokens[] {
  const inject = value.entries.find(({ key }) => key === "inject")?.value;
  const lists = inject === undefined ? NONE : solver.evaluate(file, inject, null);
  return lists.flatMap((list) =>
    list.kind === "array"
      ? list.value.items.map((item) => named(solver, solver.evaluate(list.file, item, list.env)))
      : [],
  );
}

/** What a factory returns when it is handed these arguments. */
function made(solver: Solver, file: FileNode, factory: Value, args: readonly Tokens[]): Tokens {
  return union(
    solver.evaluate(file, factory, null).map((token) => {
      if (token.kind !== "fn") return NONE;
      const { fn } = token;
      const env = solver.enter(fnToken(fn, token.env, token.self), null, args);
      return union(fn.fact.returns.map((each) => solver.evaluate(fn.file, each, env)));
    }),
  );
}

/** The token itself behind `forwardRef(() => Token)` and `{ token: Token }`. */
export function named(solver: Solver, tokens: Tokens): Tokens {
  return tokens.flatMap((token) => {
    if (token.kind === "object") {
      const inner = solver.member(token, "token");
      return inner.length > 0 ? inner : [token];
    }
    if (token.kind !== "external" || token.via === null || !forwardReferences.has(token.api.replace(/\(\)$/, "")))
      return [token];
    const { call, env } = token.via;
    const [given] = call.fact.args;
    const fns = given === undefined ? NONE : solver.evaluate(call.file, given, env);
    return fns.flatMap((fn) =>
      fn.kind === "fn" ? union(fn.fn.fact.returns.map((each) => solver.evaluate(fn.fn.file, each, fn.env))) : [],
    );
  });
}
