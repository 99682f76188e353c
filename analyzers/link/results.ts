/** What a call gives: the function's returned values, a new instance, or the next step of a package's api path. */
import { constructorOf, own, type ClassNode, type FnNode } from "./program.ts";
import { calleeTokens } from "./callees.ts";
import { readSetting } from "./configuration.ts";
import { externalBehind } from "./members.ts";
import { restOf } from "./names.ts";
import { loadedFrom } from "./loaders.ts";
import { madeOnce } from "./made-once.ts";
import { webCallOf } from "../libraries/web.ts";
import { slotResult } from "./slots.ts";
import { arrayResult, passing } from "./natives.ts";
import { selfProvided } from "./providers.ts";
import type { Solver } from "./solver.ts";
import {
  around,
  asInferred,
  externalOwner,
  externalResult,
  fnToken,
  instance,
  NONE,
  structure,
  union,
  type External,
  type FnToken,
  type Site,
  type Token,
  type Tokens,
} from "./token.ts";

/** Functions of packages that stand for what one of their arguments, by its place, gives when it is called. */
const calling: Readonly<Record<string, number>> = {
  "pypi:fastapi:Depends": 0,
  "pypi:fastapi:Security": 0,
  "pypi:fastapi:params.Depends": 0,
  "@epic-web/remember:remember": 1,
};
/** Methods by which containers hand out an instance of the class they are given. */
const CONTAINER_METHODS = /\.(get|resolve|make|create|getInstance|getCustomRepository)$/;
/** What is given the class that an app begins with gives the app, not an instance of it. */
const APP_FACTORY = /^@nestjs\/core:NestFactory\.\w+$/;
/** What is a container for certain, so that it can be asked for a package's class or a text, too. */
const CONTAINERS = /^@nestjs\/core:(NestFactory\.create\w*\(\)|ModuleRef\(\))\.(get|resolve)$/;

export function resultOf(solver: Solver, site: Site): Tokens {
  const { callee } = site.call.fact;
  if (callee.kind === "member") {
    const objects = solver.evaluate(site.call.file, callee.object, site.env);
    const special = specialResult(solver, site, objects, callee.property);
    if (special !== null) return special;
  }
  const callees = calleeTokens(solver, site);
  if (callees.length === 0 && callee.kind === "member") return handedOut(solver, `?.${callee.property}`, site);
  return union(callees.map((token) => givenBy(solver, token, site)));
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
        argumentsOf(solver, site).map((tokens, position) =>
          union(tokens.map((token) => followedBy(solver, token, site, position === 0 ? objects : NONE))),
        ),
      );
    case "catch":
    case "finally":
      return objects;
    default:
      return (
        itself(solver, objects, property) ??
        slotResult(solver, site, objects, property) ??
        arrayResult(solver, objects, property, argumentsOf(solver, site))
      );
  }
}

/** The objects themselves where all of them give themselves back (`app.use(a)`); null where they do not. */
function itself(solver: Solver, objects: Tokens, method: string): Tokens | null {
  const behind = objects.map((token) => externalBehind(solver, token));
  const isFluent = (token: Token) => token.kind === "external" && webCallOf(`${token.api}.${method}`).givesItself;
  return behind.length > 0 && behind.every(isFluent) ? behind : null;
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

/** What a step of a promise chain gives: its function is handed the outcome of the step before. */
function followedBy(solver: Solver, token: Token, site: Site, outcome: Tokens): Tokens {
  return token.kind === "fn" ? returnedBy(solver, token, site, [outcome]) : givenBy(solver, token, site);
}

function returnedBy(solver: Solver, token: FnToken, site: Site, args?: readonly Tokens[]): Tokens {
  const { fn } = token;
  if (fn.fact.generator || fn.fact.returns.length === 0) return NONE;
  const env = solver.enter(token, site, args);
  const returned = union(fn.fact.returns.map((value) => solver.evaluate(fn.file, value, around(fn, env))));
  const tokens = returned.length > 0 ? returned : madeOnce(solver, fn, around(fn, env));
  return token.inferred ? asInferred(tokens) : tokens;
}

/** Instances need be told apart only when a constructor takes arguments, or what the class extends may. */
function isTold({ fact }: ClassNode, constructor: FnNode | null): boolean {
  return fact.extends !== null || (constructor !== null && constructor.fact.params.length > 0);
}

/** The argument's own parameters are filled by the package, not by the arguments here. */
function givenByArgument(solver: Solver, site: Site, index: number): Tokens {
  return union(
    (argumentsOf(solver, site)[index] ?? NONE).map((token) => {
      if (token.kind !== "fn") return givenBy(solver, token, site);
      const env = solver.enter(token, site, []);
      return union(token.fn.fact.returns.map((value) => solver.evaluate(token.fn.file, value, around(token.fn, env))));
    }),
  );
}

function madeByPackage(solver: Solver, token: External, site: Site): Tokens {
  const { api } = token;
  if (api === "global:require") return loadedFrom(solver, site);
  const argument = own(calling, api);
  if (argument !== undefined) return givenByArgument(solver, site, argument);
  const setting = readSetting(solver, api, site);
  if (setting.length > 0) return setting;
  const { givesItself, givesArguments } = webCallOf(api);
  if (givesItself) return [externalOwner(token)];
  if (givesArguments) return [structure(site.call.file, restOf(site.call.fact, 0), site.env)];
  const hand = passing(site.call.fact.isNew ? `${api}()` : api);
  if (hand !== null) return hand(argumentsOf(solver, site));
  const instances = handedOut(solver, api, site);
  if (instances.length > 0) return instances;
  const result = externalResult(token, site);
  return result === null ? NONE : [result];
}

/** The instance that a container hands out for a class, or for whatever else something is registered for. */
function handedOut(solver: Solver, api: string, { call, env }: Site): Tokens {
  if (!CONTAINER_METHODS.test(api) || APP_FACTORY.test(api)) return NONE;
  const [asked] = call.fact.args;
  const wanted = asked === undefined ? NONE : solver.evaluate(call.file, asked, env);
  const isContainer = CONTAINERS.test(api);
  const known = wanted.filter((token) => isContainer || token.kind === "class");
  return asInferred(solver.provided(known) ?? known.flatMap(selfProvided));
}
