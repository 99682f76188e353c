/** Whether calling a function gives a promise that somebody could wait for. */
import { libraryOf } from "../libraries/index.ts";
import type { SinkKind } from "../model.ts";
import type { FnNode } from "./program.ts";
import { runBy, type Linked } from "./rounds.ts";
import { NONE } from "./token.ts";

const known = new WeakMap<Linked, Map<FnNode, boolean>>();
/** Kinds of library calls that return before their work is done. */
const ASYNCHRONOUS: ReadonlySet<SinkKind> = new Set([
  "mail",
  "push",
  "model",
  "payment",
  "http",
  "database-read",
  "database-write",
  "cache",
  "queue",
  "storage",
]);

/** True for async functions and for those that return what an async function or an asynchronous library call gives. */
export function givesPromise(linked: Linked, fn: FnNode): boolean {
  if (fn.fact.async) return true;
  const answers = known.get(linked) ?? new Map<FnNode, boolean>();
  known.set(linked, answers);
  const answer = answers.get(fn);
  if (answer !== undefined) return answer;
  // Until shown otherwise: what calls itself does not become asynchronous by that.
  answers.set(fn, false);
  const found = fn.fact.returns.some((value) => value.kind === "call" && returnsPromise(linked, fn, value.call));
  answers.set(fn, found);
  return found;
}

function returnsPromise(linked: Linked, fn: FnNode, index: number): boolean {
  const call = fn.file.calls[index];
  if (call === undefined) return false;
  return (linked.callees[call.uid] ?? NONE).some((token) => {
    if (token.kind === "external") {
      const kind = libraryOf(token.api)?.kind;
      return (
        /^global:Promise(\.|$)|\.(then|catch|finally)$/.test(token.api) ||
        (kind !== undefined && ASYNCHRONOUS.has(kind))
      );
    }
    return runBy(linked.solver, token).some((each) => givesPromise(linked, each));
  });
}
