/** What a function literal receives as its parameters from the call that it is handed to. */
import { callbackGives } from "../libraries/callbacks.ts";
import type { Value } from "../summary.ts";
import { usesOfParam } from "./invocations.ts";
import type { FnNode } from "./program.ts";
import type { Solver } from "./solver.ts";
import { around, externalResult, NONE, union, type Env, type Site, type Token, type Tokens } from "./token.ts";

/** Methods that call their function with each item; `reduce` hands it second. */
export const ITERATION = new Set([
  "map",
  "forEach",
  "filter",
  "find",
  "findIndex",
  "findLast",
  "some",
  "every",
  "flatMap",
  "reduce",
  "reduceRight",
]);
/** Methods that hand their function the same client, bound to a transaction. */
const TRANSACTIONS = new Set(["$transaction", "transaction", "withTransaction", "begin"]);

export function callbackTokens(solver: Solver, fn: FnNode, index: number, env: Env | null): Tokens {
  const handed = solver.handedTo.get(fn);
  if (handed === undefined) return NONE;
  const site: Site = { call: handed.call, env: around(handed.call.fn, env) };
  const { callee } = handed.call.fact;
  const { file } = handed.call;
  if (index === 0 && TRANSACTIONS.has(methodOf(callee))) {
    const clients = solver.evaluate(file, objectOf(callee), site.env).filter((token) => token.kind === "external");
    if (clients.length > 0) return clients;
  }
  if (callee.kind === "member") {
    const objects = solver.evaluate(file, callee.object, site.env);
    if (ITERATION.has(callee.property))
      return index === itemPosition(callee.property) ? solver.elements(objects) : NONE;
    if (callee.property === "then") return index === 0 ? objects : NONE;
  }
  const callees = solver.evaluate(file, callee, site.env);
  return union(callees.map((token) => received(solver, token, site, handed.index, index)));
}

function methodOf(callee: Value): string {
  return callee.kind === "member" ? callee.property : callee.kind === "imported" ? callee.name : "";
}

/** `const db = require("./db"); db.transaction(...)`: a method of what the module hands out is written as one of its names. */
function objectOf(callee: Value): Value {
  if (callee.kind === "member") return callee.object;
  return callee.kind === "imported" ? { ...callee, name: "*" } : callee;
}

function itemPosition(method: string): number {
  return method.startsWith("reduce") ? 1 : 0;
}

/** What the called function hands to the callback at `position` as its parameter `index`. */
function received(solver: Solver, token: Token, site: Site, position: number, index: number): Tokens {
  if (token.kind === "external") {
    const made = callbackGives(token.api, index) ? externalResult(token, site) : null;
    return made === null ? NONE : [made];
  }
  if (token.kind !== "fn") return NONE;
  const env = solver.enter(token, site);
  const calls = usesOfParam(token.fn, position + token.bound).filter((each) => each.argument === null);
  return union(
    calls.map(({ call }) => {
      const written = call.fact.args[index];
      return written === undefined ? NONE : solver.evaluate(call.file, written, around(call.fn, env));
    }),
  );
}
