/** Code that has to run as soon as an object exists: the first thing done to a fresh app. */
import type { Edit } from "../edit.ts";
import { homeOf } from "./homes.ts";
import { insert } from "./source.ts";
import type { Range, Source } from "./source.ts";
import { insertAfter, insertBefore, statementsOf } from "./statements.ts";

/**
 * Statements right after the call's value has its name; `code` is told the name (`app`, `this.app`). For a field they become
 * the first ones of the constructor. `chain` names the methods that return the object itself; `awaited`: see `homeOf`.
 *
 * Null when the value has no name that a statement could use.
 */
export function afterCreation(
  source: Source,
  call: Range,
  chain: RegExp,
  code: (name: string) => string,
  awaited: "awaited" | null = null,
): Edit | null {
  const home = homeOf(source, call, chain, awaited);
  if (home?.kind === "named") return insertAfter(source, home.statement, code(home.name));
  if (home?.kind !== "field" || home.constructorBody === null) return null;
  const { start, end } = home.constructorBody;
  const [first, second] = statementsOf(source, end);
  if (first === undefined || first.start < start) return insert(source, start, ` ${code(home.name)} `);
  const afterSuper = first.calls === "super" ? second : first;
  return afterSuper === undefined
    ? insertAfter(source, first, code(home.name))
    : insertBefore(source, afterSuper, code(home.name));
}
