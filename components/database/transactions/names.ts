/** Names that are free in a function. */
import { typescript, walk, type ts } from "../../../patches/editors/typescript.ts";

export function freeName(names: readonly string[], fn: ts.Node): string | null {
  const taken = new Set([...walk(fn)].flatMap((node) => (typescript().isIdentifier(node) ? [node.text] : [])));
  return names.find((name) => !taken.has(name)) ?? null;
}
