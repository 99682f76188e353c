/** What becomes of a function that is handed to a call: whether it runs there, and whether anybody waits for it. */
import { registersEntry } from "../libraries/registrars.ts";
import { ITERATION } from "./callbacks.ts";
import { runsWith, usesOfParam } from "./invocations.ts";
import type { CallNode, FnNode } from "./program.ts";
import type { Linked } from "./rounds.ts";
import { NONE, type Tokens } from "./token.ts";
import { fateOf } from "./waiting.ts";

/** What a function does with a function that it is given. */
export type Running = "no" | "runs" | "left" | "later";

const TIMERS = new Set([
  "global:setTimeout",
  "global:setImmediate",
  "global:setInterval",
  "global:queueMicrotask",
  "global:process.nextTick",
  "node:timers:setTimeout",
  "node:timers:setImmediate",
  "pypi:fastapi:BackgroundTasks().add_task",
  "pypi:fastapi:background.BackgroundTasks().add_task",
  "pypi:starlette:background.BackgroundTasks().add_task",
]);

/** Functions that hand on what they were handed. */
const MAX_HANDING = 4;

const ORDER: readonly Running[] = ["runs", "left", "later", "no"];

export function strongest(found: readonly Running[]): Running {
  return ORDER.find((each) => found.includes(each)) ?? "no";
}

/** What becomes of the argument at a position, over everything the callee can be. An unknown callee is taken to run it. */
export function handedTo(
  linked: Linked,
  call: CallNode,
  callees: Tokens,
  apis: readonly string[],
  position: number,
): Running[] {
  if (apis.some((api) => TIMERS.has(api))) return ["later"];
  const { callee } = call.fact;
  if (callee.kind === "member" && ITERATION.has(callee.property) && callees.length === 0) return ["runs"];
  if (callees.length === 0) return call.fact.args[position]?.kind === "fn" ? ["runs"] : ["no"];
  return callees.map((token) =>
    token.kind === "fn" ? runningOf(linked, token.fn, position + token.bound, 0) : "runs",
  );
}

/** Whether a function runs what it is given as this parameter, and whether it waits for it. */
export function runningOf(linked: Linked, fn: FnNode, index: number, depth: number): Running {
  if (depth > MAX_HANDING) return "no";
  const uses = usesOfParam(fn, index).filter((use) => runsWith(use.call.fn, fn));
  return strongest(
    uses.map(({ call, argument }) => {
      if (isDeferred(linked, call.fn, fn)) return "later";
      if (argument === null) return fateOf(call) === "left" ? "left" : "runs";
      const callees = linked.callees[call.uid] ?? NONE;
      const apis = callees.flatMap((token) => (token.kind === "external" ? [token.api] : []));
      if (apis.some((api) => TIMERS.has(api))) return "later";
      if (apis.some(registersEntry)) return "no";
      const own = callees.flatMap((token) => (token.kind === "fn" ? [token.fn] : []));
      if (own.length > 0) return strongest(own.map((each) => runningOf(linked, each, argument, depth + 1)));
      if (comparesOnly(call)) return "no";
      return "runs";
    }),
  );
}

/** Methods of texts and collections that look at what they are given and call nothing. */
const COMPARING = /^(includes|indexOf|startsWith|endsWith|has|get|delete|concat|join|test|match)$/;

function comparesOnly({ fact: { callee } }: CallNode): boolean {
  return callee.kind === "member" && COMPARING.test(callee.property);
}

/** True when an inner function on the way is itself handed to a timer. */
function isDeferred({ solver, callees }: Linked, inner: FnNode, outer: FnNode): boolean {
  for (let each: FnNode | null = inner; each !== null && each !== outer; each = each.parent) {
    const handed = solver.handedTo.get(each);
    const tokens = handed === undefined ? NONE : (callees[handed.call.uid] ?? NONE);
    if (tokens.some((token) => token.kind === "external" && TIMERS.has(token.api))) return true;
  }
  return false;
}
