/** What web frameworks hand to the functions that they keep: the request, the reply, the context. */
import { webCallOf } from "../libraries/web.ts";
import type { FnNode } from "./program.ts";
import type { Solver } from "./solver.ts";
import { NONE, type Tokens } from "./token.ts";

/** Options under which a framework is given functions to keep. */
const KEPT_OPTIONS = /^(handler|on[A-Z]\w*|pre[A-Z]\w*|middleware)$/;

/** Apis of what each function is given, by parameter. */
export function givenIn(solver: Solver, callees: readonly Tokens[]): Map<FnNode, readonly (string | null)[]> {
  const given = new Map<FnNode, readonly (string | null)[]>();
  const note = (tokens: Tokens, hands: readonly (string | null)[], depth: number): void => {
    for (const token of tokens) {
      if (token.kind === "fn") given.set(token.fn, hands);
      if (depth > 2) continue;
      if (token.kind === "array") note(solver.elements([token]), hands, depth + 1);
      if (token.kind !== "object") continue;
      for (const { key, value } of token.value.entries)
        if (KEPT_OPTIONS.test(key)) note(solver.evaluate(token.file, value, token.env), hands, depth + 1);
    }
  };
  for (const call of solver.program.calls) {
    for (const token of callees[call.uid] ?? NONE) {
      const hands = token.kind === "external" ? webCallOf(token.api).hands : [];
      if (hands.length === 0) continue;
      for (const arg of call.fact.args) note(solver.evaluate(call.file, arg, null), hands, 0);
    }
  }
  return given;
}
