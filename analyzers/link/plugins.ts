/** Plugins: functions that a framework runs when they are registered, each with an instance below the one it is registered on. */
import { isAutoload, isFastifyInstance, isSharingWrapper, runsPlugins } from "../libraries/web.ts";
import { autoloaded, autoloadedExports } from "./autoload.ts";
import type { FnNode } from "./program.ts";
import type { Solver } from "./solver.ts";
import { externalMember, externalResult, NONE, type External, type FnToken, type Site, type Tokens } from "./token.ts";

export interface Plugin {
  token: FnToken;
  /** The plugins whose instances it is given: itself, or none where it shares the one it is registered on (`fastify-plugin`). */
  scopes: readonly FnNode[];
  /** What is put before its paths where the folder it lies in decides; null when the options do. */
  prefix: string | null;
}

/** True when the call registers plugins, as far as its callee is known. */
export function isRegistering(callees: Tokens): boolean {
  return callees.some((token) => token.kind === "external" && runsPlugins(token.api));
}

/** The app's own functions that a registering call runs. */
export function pluginsAt(solver: Solver, { call, env }: Site): Plugin[] {
  const [first] = call.fact.args;
  if (first === undefined) return [];
  return solver.evaluate(call.file, first, env).flatMap((token) => pluginsIn(solver, token, { call, env }, 0));
}

function pluginsIn(solver: Solver, token: Tokens[number], site: Site, depth: number): Plugin[] {
  if (token.kind === "fn") return [{ token, scopes: [token.fn], prefix: null }];
  if (token.kind === "module" && depth === 0)
    return solver.member(token, "default").flatMap((each) => pluginsIn(solver, each, site, 1));
  if (token.kind !== "external") return [];
  if (isAutoload(token.api)) return autoloaded(solver, site, (each) => pluginsIn(solver, each, site, 1));
  const inner = isSharingWrapper(token.api) ? token.via : null;
  const wrapped = inner?.call.fact.args[0];
  if (inner === null || wrapped === undefined) return [];
  const fns = solver.evaluate(inner.call.file, wrapped, inner.env).filter((each) => each.kind === "fn");
  return fns.map((each) => ({ token: each, scopes: [], prefix: null }));
}

/** The plugins of packages that a registering call brings. */
export function packagePluginsAt(solver: Solver, site: Site): External[] {
  const { call, env } = site;
  const [first] = call.fact.args;
  const tokens = first === undefined ? NONE : solver.evaluate(call.file, first, env);
  const loaded = tokens.some((token) => token.kind === "external" && isAutoload(token.api))
    ? autoloadedExports(solver, site)
    : NONE;
  return [...tokens, ...loaded].flatMap((token) => (token.kind === "external" ? [token] : []));
}

/** The instances that a plugin is given: one per instance that it is registered on, and per plugin whose hooks it brings. */
export function instancesFor(solver: Solver, site: Site, { scopes }: Pick<Plugin, "scopes">): Tokens[] {
  const parents = instancesOf(solver, site);
  if (scopes.length === 0) return [parents];
  return scopes.map((fn) => parents.flatMap((parent) => childOf(parent, site, fn) ?? []));
}

/** The instances that a registering call is made on. */
export function instancesOf(solver: Solver, { call, env }: Site): External[] {
  const { callee } = call.fact;
  if (callee.kind !== "member") return [];
  const objects = solver.evaluate(call.file, callee.object, env);
  return objects.flatMap((token) => (token.kind === "external" && isFastifyInstance(token.api) ? [token] : []));
}

/** The instance of a plugin that shares none: told apart by where it is registered, and by the plugin where that is many. */
export function childOf(parent: External, site: Site, fn: FnNode): External | null {
  const member = externalMember(parent, "register");
  const child = member === null ? null : externalResult(member, site);
  return child === null ? null : { ...child, key: `${child.key}|${parent.key}|${fn.uid}` };
}

/** What a plugin is given as its second argument. */
export function optionsFor(solver: Solver, { call, env }: Site): Tokens {
  const options = call.fact.args[1];
  return options === undefined ? NONE : solver.evaluate(call.file, options, env);
}
