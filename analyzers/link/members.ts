/** Properties: what `object.name` is, for everything an object can be. */
import { textBehind } from "../libraries/entry-params.ts";
import { ANY_VERB, isCalledByVerb } from "../libraries/verbs.ts";
import type { Value } from "../summary.ts";
import { tokensByName, typeTokens } from "./annotations.ts";
import { schemaMember } from "./documents.ts";
import { injectedField } from "./injection.ts";
import { keptUnder } from "./named-models.ts";
import { memberOfGlobal } from "./natives.ts";
import { slotMember } from "./slots.ts";
import { constructorOf, own, superCallOf, type ClassNode } from "./program.ts";
import { contextMember } from "./rpc-context.ts";
import type { Solver, Written } from "./solver.ts";
import {
  asInferred,
  classToken,
  envToken,
  external,
  externalMember,
  externalResult,
  fnToken,
  instance,
  literal,
  NONE,
  union,
  type External,
  type Instance,
  type Site,
  type Token,
  type Tokens,
} from "./token.ts";

/** Longest chain of `extends` that is climbed. */
const MAX_HERITAGE = 8;

export function memberOf(solver: Solver, token: Token, property: string): Tokens {
  const found = declared(solver, token, property);
  const written = solver.properties.get(token.key)?.get(property);
  if (written === undefined) return found;
  return union([found, ...written.map(({ file, value }) => solver.evaluate(file, value, null))]);
}

function declared(solver: Solver, token: Token, property: string): Tokens {
  switch (token.kind) {
    case "external":
      return memberOfExternal(solver, token, property);
    case "module":
      return solver.exported(token.file, property);
    case "object":
      return memberOfObject(solver, token, property);
    case "array": {
      const item = token.value.items[Number(property)];
      return item === undefined ? NONE : solver.evaluate(token.file, item, token.env);
    }
    case "class":
      return memberOfClass(solver, token.class, property, 0);
    case "instance":
      return memberOfAny(solver, token, property);
    default:
      return NONE;
  }
}

function memberOfExternal(solver: Solver, token: External, property: string): Tokens {
  if (property === "default" && token.api.endsWith(":")) return [token];
  if (token.api === "global:process.env" || token.api === "node:process:env") return [envToken(property)];
  const global = memberOfGlobal(solver, token.api, property);
  if (global !== null) return global;
  const ofSchema = schemaMember(solver, token, property);
  if (ofSchema.length > 0) return ofSchema;
  const kept = slotMember(solver, token, property);
  if (kept.length > 0) return kept;
  const ofContext = contextMember(solver, token, property);
  if (ofContext.length > 0) return ofContext;
  const joined = externalMember(token, property);
  const text = joined === null ? null : textBehind(joined.api);
  if (text !== null) return [literal(text)];
  return joined === null ? NONE : [joined];
}

function memberOfObject(solver: Solver, token: Extract<Token, { kind: "object" }>, property: string): Tokens {
  const { file, value, env } = token;
  const entry = value.entries.findLast((each) => each.key === property);
  if (entry !== undefined) {
    const tokens = solver.evaluate(file, entry.value, env);
    return tokens.map((each) =>
      each.kind === "fn" && each.self === null && isMethod(each.fn) ? withSelf(each, token) : each,
    );
  }
  const spread = union(value.spreads.map((each) => membersOf(solver, solver.evaluate(file, each, env), property)));
  return spread.length > 0 ? spread : keptUnder(solver, token, property);
}

function isMethod(fn: { fact: { kind: string } }): boolean {
  return fn.fact.kind === "method";
}

function withSelf(token: Extract<Token, { kind: "fn" }>, self: Token): Token {
  return { ...fnToken(token.fn, token.env, self, token.bound), inferred: token.inferred };
}

function membersOf(solver: Solver, tokens: Tokens, property: string): Tokens {
  return union(tokens.map((token) => solver.member(token, property)));
}

function memberOfClass(solver: Solver, node: ClassNode, property: string, depth: number): Tokens {
  const { file, fact } = node;
  if (property === "prototype") return [instance(node, null)];
  const method = fact.members.find((each) => each.static && each.name === property);
  if (method !== undefined) return fnOrGetter(solver, node, method.fn, classToken(node));
  const fields = own(fact.fields, property);
  if (fields !== undefined) return union(fields.map((each) => solver.evaluate(file, each, null)));
  if (fact.extends !== null && depth < MAX_HERITAGE) {
    const parents = solver.evaluate(file, fact.extends, null);
    const found = parents.map((each) =>
      each.kind === "class" ? memberOfClass(solver, each.class, property, depth + 1) : solver.member(each, property),
    );
    if (found.some((each) => each.length > 0)) return union(found);
  }
  if (depth > 0) return NONE;
  if (property === "name" && fact.name !== null) return [literal(fact.name)];
  return memberOfInstance(solver, instance(node, null), node, property, 0);
}

/** What a class only declares (an abstract method) is what the classes that extend it have. */
function memberOfAny(solver: Solver, token: Instance, property: string): Tokens {
  const found = memberOfInstance(solver, token, token.class, property, 0);
  const heirs = found.length > 0 || token.made !== null ? [] : (solver.heirs.get(token.class) ?? []);
  return heirs.length === 0
    ? found
    : asInferred(union(heirs.map((heir) => memberOfInstance(solver, instance(heir, null), heir, property, 0))));
}

function memberOfInstance(solver: Solver, self: Instance, node: ClassNode, property: string, depth: number): Tokens {
  const { file, fact } = node;
  const method = fact.members.find((each) => !each.static && each.name === property);
  const selfOfMethod = self.made === null && self.class === node ? null : self;
  if (method !== undefined && property !== "constructor" && file.fns[method.fn]?.fact.kind !== "arrow") {
    return fnOrGetter(solver, node, method.fn, selfOfMethod);
  }
  const assigned = fieldTokens(solver, self, node, property);
  if (assigned.length > 0) return assigned;
  const injected = injectedField(solver, node, property);
  if (injected.length > 0) return injected;
  const type = own(fact.fieldTypes, property);
  if (type !== undefined) {
    const typed = asInferred(typeTokens(solver, file, type));
    if (typed.length > 0) return typed;
  }
  if (fact.extends === null || depth >= MAX_HERITAGE)
    return declaresField(node, property) ? tokensByName(solver, property) : NONE;
  const parents = solver.evaluate(file, fact.extends, null);
  return union(parents.map((each) => inherited(solver, self, node, each, property, depth + 1)));
}

function declaresField({ fact }: ClassNode, property: string): boolean {
  return own(fact.fields, property) !== undefined || own(fact.fieldTypes, property) !== undefined;
}

function inherited(
  solver: Solver,
  self: Instance,
  heir: ClassNode,
  parent: Token,
  property: string,
  depth: number,
): Tokens {
  if (parent.kind === "class") return memberOfInstance(solver, self, parent.class, property, depth);
  const made = parent.kind === "external" ? madeFrom(solver, self, heir, parent) : null;
  return made === null ? NONE : solver.member(made, property);
}

/** What an instance is by the package's class that its own extends: made where that class is given its arguments. */
function madeFrom(solver: Solver, self: Instance, heir: ClassNode, parent: External): External | null {
  const site = heir === self.class ? self.made : superSite(solver, self, heir);
  if (site === null) return external(`${parent.api}()`, self.inferred);
  const constructor = constructorOf(heir);
  const call = constructor === null ? undefined : superCallOf(constructor);
  if (constructor === null || call === undefined) return externalResult(parent, site);
  return externalResult(parent, { call, env: solver.enter(fnToken(constructor, null, self), site) });
}

/** The token itself, or for an instance of the app's own class the package's class behind it (`class Api extends Router`). */
export function externalBehind(solver: Solver, token: Token): Token {
  if (token.kind !== "instance") return token;
  let node = token.class;
  for (let depth = 0; depth < MAX_HERITAGE && node.fact.extends !== null; depth += 1) {
    const [parent] = solver.evaluate(node.file, node.fact.extends, null);
    if (parent?.kind === "external") return madeFrom(solver, token, node, parent) ?? token;
    if (parent?.kind !== "class") return token;
    node = parent.class;
  }
  return token;
}

/** The values of a field as this instance's own construction makes them. */
function fieldTokens(solver: Solver, self: Instance, node: ClassNode, property: string): Tokens {
  const { file, fact } = node;
  const constructor = constructorOf(node);
  const values: readonly Value[] = own(fact.fields, property) ?? [];
  const site = self.class === node ? self.made : superSite(solver, self, node);
  const selfOfFields = self.made === null && self.class === node ? null : self;
  const env = constructor === null ? null : solver.enter(fnToken(constructor, null, selfOfFields), site);
  const usable = site === null && selfOfFields === null ? null : env;
  return union(values.map((each) => solver.evaluate(file, each, usable)));
}

/** Where the constructor of the instance's class calls the one of the class it extends. */
function superSite(solver: Solver, self: Instance, parent: ClassNode): Site | null {
  const constructor = constructorOf(self.class);
  const { extends: extended } = self.class.fact;
  if (constructor === null || extended === null) return null;
  const isDirect = solver
    .evaluate(self.class.file, extended, null)
    .some((each) => each.kind === "class" && each.class === parent);
  const call = isDirect ? superCallOf(constructor) : undefined;
  return call === undefined ? null : { call, env: solver.enter(fnToken(constructor, null, self), self.made) };
}

function fnOrGetter(solver: Solver, node: ClassNode, index: number, self: Token | null): Tokens {
  const fn = node.file.fns[index];
  if (fn === undefined) return NONE;
  const token = fnToken(fn, null, self);
  if (fn.fact.kind !== "accessor") return [token];
  const env = self === null ? null : solver.enter(token, null);
  return union(fn.fact.returns.map((each) => solver.evaluate(fn.file, each, env)));
}

/** What was pushed onto an array. */
export function addedTo(solver: Solver, token: Token): readonly Written[] {
  return solver.properties.get(token.key)?.get("*") ?? [];
}

/**
 * What Python's packages hold under names that may come from anywhere: clients of MongoDB their databases and these their
 * collections (`client[settings.db]`), Flask's requests their files.
 */
const namesItsItems =
  /^pypi:((pymongo|motor|flask_pymongo):[\w.]*(Client|PyMongo)\(\)(\.\w+|\.\*|\.get_\w*database\(\))?|flask:request\.files(\.(getlist|values)\(\))?)$/;

/** What iterating over the token, or an index that is not known, can give. */
export function elements(solver: Solver, token: Token): Tokens {
  switch (token.kind) {
    case "array":
      return union([
        ...token.value.items.map((item) => solver.evaluate(token.file, item, token.env)),
        ...addedTo(solver, token).map(({ file, value }) => solver.evaluate(file, value, null)),
      ]);
    case "object": {
      const entries = token.value.entries.map((each) => solver.evaluate(token.file, each.value, token.env));
      const spread = token.value.spreads.map((each) => solver.elements(solver.evaluate(token.file, each, token.env)));
      return union([...entries, ...spread]);
    }
    case "module":
      return union(Object.keys(token.file.summary.exports).map((name) => solver.exported(token.file, name)));
    case "external": {
      if (isCalledByVerb(token.api)) return solver.member(token, ANY_VERB);
      const item = namesItsItems.test(token.api) ? externalMember(token, "*") : null;
      return item === null ? NONE : [item];
    }
    default:
      return NONE;
  }
}
