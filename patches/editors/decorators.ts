/** Decorators put onto methods that have one already. */
import type { Edit } from "../edit.ts";
import { toDialectSnippet } from "./dialect.ts";
import { indentAt, insert, type Range, type Source } from "./source.ts";
import { typescript, walk } from "./typescript.ts";

/**
 * Decorators (template style, one a line) below all others of the method that is decorated by the call with this range;
 * guards among them run before those above. Null when no method is.
 */
export function decorateMethod(source: Source, decorator: Range, decorators: readonly string[]): Edit[] | null {
  const ts = typescript();
  for (const node of walk(source.tree)) {
    if (!ts.isDecorator(node) || !ts.isMethodDeclaration(node.parent)) continue;
    const { expression, parent } = node;
    if (expression.getStart(source.tree) !== decorator.start || expression.end !== decorator.end) continue;
    const first = parent.modifiers?.find((modifier) => !ts.isDecorator(modifier)) ?? parent.name;
    const at = first.getStart(source.tree);
    const indent = indentAt(source, at);
    const lines = decorators.map((text) => inDialect(source, text));
    return [insert(source, at, lines.map((text) => `${text}\n${indent}`).join(""))];
  }
  return null;
}

/** A decorator can only be read at a class. */
function inDialect(source: Source, text: string): string {
  const [line = text] = toDialectSnippet(`${text}\nclass It {}\n`, source.style).split(/\r?\nclass /);
  return line;
}
