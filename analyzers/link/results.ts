/** What a call gives: the function's returned values, a new instance, or the next step of a package's api path. */
import { constructorOf, type ClassNode, type FnNode } from "./program.ts";
import { loadedFrom } from "./loaders.ts";
import { arrayResult, passing } from "./natives.ts";
import type { Solver } from "./solver.ts";
import {
  around,
  asInferred,
  externalResult,
  fnToken,
  instance,
  NONE,
  union,
  type External,
  type FnToken,
  type Site,
  type Token,
  type Tokens,
} from "./token.ts";

/** Functions of frameworks that stand for what their first argument gives when it is called. */
const dependencies = new Set(["pypi:fastapi:Depends", "pypi:fastapi:Security", "pypi:fastapi:params.Depends"]);
/** Methods by which containers hand out an instance of the class they are given. */
const CONTAINER_METHODS = /\.(get|resolve|make|create|getInstance)$/;

export function resultOf(solver: Solver, site: Site): Tokens {
  const { callee } = site.call.fact;
  if (callee.kind === "member") {
    const objects = solver.evaluate(site.call.file, callee.object, site.env);
    const special = specialResult(solver, site, objects, callee.property);
    if (special !== null) return special;
  }
  const callees = calleeTokens(solver, site);
  return union(callees.map((token) => givenBy(solver, token, site)));
}

/** What is called, with `fn.call` and `fn.apply` seen as calls of `fn`. */
export function calleeTokens(solver: Solver, { call, env }: Site): Tokens {
  const { callee } = call.fact;
  if (callee.kind === "member" && (callee.property === "call" || callee.property === "apply")) {
    const fns = solver.evaluate(call.file, callee.object, env).filter((token) => token.kind === "fn");
    if (fns.length > 0) return fns;
  }
  return solver.evaluate(call.file, callee, env);
}

/** Methods every function, promise or array has; null when the property is an ordinary one. */
function specialResult(solver: Solver, site: Site, objects: Tokens, property: string): Tokens | null {
  switch (property) {
    case "bind": {
      const bound = objects.filter((token) => token.kind === "fn" || token.kind === "external");
      return bound.length === 0
        ? null
        : bound.map((token) => (token.kind === "fn" ? bind(solver, token, site) : token));
    }
    case "then":
      return union(
        argumentsOf(solver, site).map((tokens) => union(tokens.map((token) => givenBy(solver, token, site)))),
      );
    case "catch":
    case "finally":
      return objects;
    default:
      return arrayResult(solver, objects, property, argumentsOf(solver, site));
  }
}

function bind(solver: Solver, token: FnToken, { call, env }: Site): FnToken {
  const self = call.fact.args[0];
  const selves = self === undefined ? NONE : solver.evaluate(call.file, self, env);
  const bound = token.bound + Math.max(0, call.fact.args.length - 1);
  return { ...fnToken(token.fn, token.env, token.self ?? selves[0] ?? null, bound), inferred: token.inferred };
}

function argumentsOf(solver: Solver, { call, env }: Site): Tokens[] {
  return call.fact.args.map((arg) => solver.evaluate(call.file, arg, env));
}

function givenBy(solver: Solver, token: Token, site: Site): Tokens {
  switch (token.kind) {
    case "fn":
      return returnedBy(solver, token, site);
    case "class": {
      const made = isTold(token.class, constructorOf(token.class)) ? site : null;
      return [instance(token.class, made, token.inferred)];
    }
    case "external":
      return madeByPackage(solver, token, site);
    default:
      return NONE;
  }
}

function returnedBy(solver: Solver, token: FnToken, site: Site): Tokens {
  const { fn } = token;
  if (fn.fact.generator || fn.fact.returns.length === 0) return NONE;
  const env = solver.enter(token, site);
  const tokens = union(fn.fact.returns.map((value) => solver.evaluate(fn.file, value, around(fn, env))));
  return token.inferred ? asInferred(tokens) : tokens;
}

/** Instances need be told apart only when a constructor takes arguments, or what the class extends may. */
function isTold({ fact }: ClassNode, constructor: FnNode | null): boolean {
  return fact.extends !== null || (constructor !== null && constructor.fact.params.length > 0);
}

/** The dependency's own parameters are filled by the framework, not by the arguments here. */
function givenByDependency(solver: Solver, site: Site): Tokens {
  const [wanted] = argumentsOf(solver, site);
  return union(
    (wanted ?? NONE).map((token) => {
      if (token.kind !== "fn") return givenBy(solver, token, site);
      const env = solver.enter(token, site, []);
      return union(token.fn.fact.returns.map((value) => solver.evaluate(token.fn.file, value, around(token.fn, env))));
    }),
  );
}

function madeByPackage(solver: Solver, token: External, site: Site): Tokens {
  const { api } = token;
  if (api === "global:require") return loadedFrom(solver, site);
  if (dependencies.has(api)) return givenByDependency(solver, site);
  const hand = passing(site.call.fact.isNew ? `${api}()` : api);
  if (hand !== null) return hand(argumentsOf(solver, site));
  if (CONTAINER_METHODS.test(api)) {
    const wanted = solver.evaluate(site.call.file, site.call.fact.args[0] ?? { kind: "unknown" }, site.env);
    const instances = wanted.flatMap((each) => (each.kind === "class" ? [instance(each.class, null, true)] : []));
    if (instances.length > 0) return instances;
  }
  const result = externalResult(token, site);
  return result === null ? NONE : [result];
}
