/** Functions of the app that a package was configured with: it runs them when it does its work. */
import type { CallNode, FnNode } from "./program.ts";
import type { Solver } from "./solver.ts";
import type { External, Token, Tokens } from "./token.ts";

/** Options nested deeper than this hold no functions that matter. */
const MAX_OPTIONS = 8;
/** Packages whose options hold routes and jobs, which are entries of their own. */
const WITH_OWN_ENTRIES = /^(hono|@hono\/|elysia|@trpc\/|inngest|graphql|@apollo\/|express|fastify)/;

/** The app's functions among the options of what a package made: callbacks of a login, hooks of an upload. */
export function optionFunctions(solver: Solver, token: External): FnNode[] {
  if (WITH_OWN_ENTRIES.test(token.api)) return [];
  const family = familyOf(token.api);
  const found = new Set<FnNode>();
  const seen = new Set<string>();
  const visit = (each: Token, depth: number): void => {
    if (seen.has(each.key) || depth > MAX_OPTIONS) return;
    seen.add(each.key);
    if (each.kind === "fn") found.add(each.fn);
    if (each.kind === "object" || each.kind === "array") {
      for (const inner of solver.elements([each])) visit(inner, depth + 1);
    }
    if (each.kind === "external" && familyOf(each.api) === family) each.calls.forEach((call) => visitCall(call, depth));
  };
  const visitCall = (call: CallNode, depth: number): void => {
    for (const arg of call.fact.args) for (const each of solver.evaluate(call.file, arg, null)) visit(each, depth + 1);
  };
  visit(token, 0);
  return [...found];
}

/** `next-auth` of `next-auth/providers/google:`. */
function familyOf(api: string): string {
  return /^(@[^/]+|[^/:]+)/.exec(api)?.[0] ?? api;
}

/** What is done with a request by all that a login was configured with: `auth.handler(request)`. */
const servesByOptions = /^better-auth(\/[\w-]+)?:betterAuth\(\)\.handler$/;

/** The functions that a call of a package's own handler runs. */
export function runByOptions(solver: Solver, callees: Tokens): FnNode[] {
  return callees.flatMap((token) =>
    token.kind === "external" && servesByOptions.test(token.api) ? optionFunctions(solver, token) : [],
  );
}
