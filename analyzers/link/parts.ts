/** What a factory's result runs of the options that the factory was given: `wrap({ handler })`. */
import { runsWith, usesOfParts } from "./invocations.ts";
import type { Linked } from "./rounds.ts";
import type { FnToken } from "./token.ts";

/** For a function made by a factory in a known context: the functions among the options it was given that it runs. */
export function partsRun({ solver }: Linked, token: FnToken): FnToken[] {
  const found: FnToken[] = [];
  for (let env = token.env; env !== null; env = env.lexical) {
    const { fn } = env;
    for (const index of fn.fact.params.keys()) {
      for (const { call, property } of usesOfParts(fn, index)) {
        if (!runsWith(call.fn, token.fn)) continue;
        const given = solver.evaluate(fn.file, { kind: "param", fn: fn.index, index }, env);
        const parts = given.flatMap((each) => (each.kind === "object" ? solver.member(each, property) : []));
        found.push(...parts.filter((each) => each.kind === "fn"));
      }
    }
  }
  return found;
}
