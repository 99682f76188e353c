/** Arguments by position or by keyword: which one of a call fills a function's parameter. */
import type { Value } from "../summary.ts";
import { isPython } from "../repo/source-file.ts";
import type { CallNode, FnNode } from "./program.ts";

/** The argument for the parameter at `index`, which a positional one would fill at `position`; undefined when none does. */
export function argumentFor(fn: FnNode, index: number, { file, fact }: CallNode, position: number): Value | undefined {
  if (!isPython(file.path)) return fact.args[position];
  return argumentNamed(fact.args, position, fn.fact.params[index]?.name ?? null);
}

/** What a parameter of Python is given: by its name, or in its place. */
export function argumentNamed(args: readonly Value[], position: number, name: string | null): Value | undefined {
  const { positional, keywords } = argumentsOf(args);
  const named = keywords?.entries.find(({ key }) => key === name)?.value;
  return named ?? positional[position];
}

type Keywords = Extract<Value, { kind: "object" }>;

/** Python's arguments as they are summarised: the last object is that of the keywords. */
export function argumentsOf(args: readonly Value[]): { positional: readonly Value[]; keywords: Keywords | null } {
  const last = args.at(-1);
  return last?.kind === "object"
    ? { positional: args.slice(0, -1), keywords: last }
    : { positional: args, keywords: null };
}
