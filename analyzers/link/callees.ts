/** What a call calls. */
import type { Solver } from "./solver.ts";
import type { Site, Tokens } from "./token.ts";

/** What is called, with `fn.call` and `fn.apply` seen as calls of `fn`. */
export function calleeTokens(solver: Solver, { call, env }: Site): Tokens {
  const { callee } = call.fact;
  if (callee.kind === "member" && (callee.property === "call" || callee.property === "apply")) {
    const fns = solver.evaluate(call.file, callee.object, env).filter((token) => token.kind === "fn");
    if (fns.length > 0) return fns;
  }
  return solver.evaluate(call.file, callee, env);
}
