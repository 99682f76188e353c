/** Lists as they are written: every item by itself, through spreads, conditions, names and array methods. */
import type { Value } from "../summary.ts";
import { addedTo } from "./members.ts";
import { spreadOf, type FileNode } from "./program.ts";
import type { Solver } from "./solver.ts";
import type { Env, Token, Tokens } from "./token.ts";

/** Lists in lists. */
const MAX_DEPTH = 8;

/**
 * The items of what is one list, or several joined; a value that is no list is its own only item. What is not known is an item
 * without tokens.
 */
export function listOf(solver: Solver, file: FileNode, value: Value, env: Env | null, depth = 0): Tokens[] {
  if (depth > MAX_DEPTH) return [];
  const spread = spreadOf(value);
  if (spread !== null) return listOf(solver, file, spread, env, depth + 1);
  const tokens = solver.evaluate(file, value, env);
  return tokens.length === 0 ? [tokens] : itemsOf(solver, tokens, depth);
}

/** The same for a value that is resolved already; nothing where it is not known. What stands beside a list is one more item. */
export function itemsOf(solver: Solver, tokens: Tokens, depth = 0): Tokens[] {
  if (depth > MAX_DEPTH) return [];
  const beside = tokens.filter((token) => !isList(token));
  const lists = tokens.filter(isList);
  const isAlone = lists.length === 0 || beside.some(({ kind }) => kind !== "literal");
  return [
    ...(beside.length > 0 && isAlone ? [beside] : []),
    ...lists.flatMap((list) => itemsOfList(solver, list, depth)),
  ];
}

function itemsOfList(solver: Solver, list: Extract<Token, { kind: "array" | "module" }>, depth: number): Tokens[] {
  if (list.kind === "module") return [...entriesOf(solver, list, depth + 1).values()];
  return [
    ...list.value.items.flatMap((item) => listOf(solver, list.file, item, list.env, depth + 1)),
    ...addedTo(solver, list).flatMap((added) => listOf(solver, added.file, added.value, null, depth + 1)),
  ];
}

/** An object's entries with those of what it spreads, a module's exports; a later entry of a name hides an earlier one. */
export function entriesOf(solver: Solver, token: Token, depth = 0): Map<string, Tokens> {
  const found = new Map<string, Tokens>();
  if (depth > MAX_DEPTH) return found;
  if (token.kind === "module") {
    for (const name of exportNames(solver, token.file)) found.set(name, solver.exported(token.file, name));
  }
  if (token.kind !== "object") return found;
  const { file, value, env } = token;
  for (const spread of value.spreads) {
    for (const each of solver.evaluate(file, spread, env)) {
      for (const [key, tokens] of entriesOf(solver, each, depth + 1)) found.set(key, tokens);
    }
  }
  for (const { key } of value.entries) if (key !== "*") found.set(key, solver.member(token, key));
  return found;
}

/** Names that a file exports, through `export * from` and `export { a } from`. */
function exportNames(solver: Solver, file: FileNode, seen = new Set<FileNode>()): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const again = file.summary.reexports.flatMap(({ specifier, name, as }) => {
    if (as !== "*") return [as];
    const resolved = solver.modules.resolve(file.path, specifier);
    const target = resolved.kind === "file" && name === "*" ? solver.program.files.get(resolved.file) : undefined;
    return target === undefined ? [] : exportNames(solver, target, seen);
  });
  return [...Object.keys(file.summary.exports), ...again];
}

/** A module stands for the values that it exports: `Object.values(controllers)` of `import * as controllers`. */
function isList(token: Token): token is Extract<Token, { kind: "array" | "module" }> {
  return token.kind === "array" || token.kind === "module";
}
