/** Single options of a literal among a call's arguments: set to another value, or taken out. */
import type { Edit } from "../edit.ts";
import { callNodeAt } from "./calls.ts";
import { toDialectExpression } from "./dialect.ts";
import { type Range, replace, type Source } from "./source.ts";
import { typescript } from "./typescript.ts";
import type { ts } from "./typescript.ts";

export interface Options {
  /** Another value (an expression in template style) for an option that is written there. Null when it is not. */
  set: (key: string, value: string) => Edit[] | null;
  /** Takes the option out, with its line where it has one of its own. Null when it is not written there. */
  without: (key: string) => Edit[] | null;
}

/** The literal that is the call's argument, or the option `under` of it; null when none is written there. */
export function optionsAt(source: Source, call: Range, index: number, under: string | null): Options | null {
  const ts = typescript();
  const argument = callNodeAt(source, call)?.arguments?.[index];
  const outer = argument !== undefined && ts.isObjectLiteralExpression(argument) ? argument : null;
  const inner = under === null || outer === null ? outer : literalOf(propertyOf(source, outer, under));
  if (inner === null) return null;
  return {
    set: (key, value) => setIn(source, inner, key, value),
    without: (key) => takenOut(source, inner, key),
  };
}

function propertyOf(
  source: Source,
  object: ts.ObjectLiteralExpression,
  key: string,
): ts.ObjectLiteralElementLike | null {
  return object.properties.find(({ name }) => name?.getText(source.tree).replace(/^["']|["']$/g, "") === key) ?? null;
}

function literalOf(property: ts.ObjectLiteralElementLike | null): ts.ObjectLiteralExpression | null {
  const ts = typescript();
  if (property === null || !ts.isPropertyAssignment(property)) return null;
  return ts.isObjectLiteralExpression(property.initializer) ? property.initializer : null;
}

function setIn(source: Source, object: ts.ObjectLiteralExpression, key: string, value: string): Edit[] | null {
  const ts = typescript();
  const property = propertyOf(source, object, key);
  if (property === null) return null;
  const text = toDialectExpression(value, source.style);
  if (ts.isPropertyAssignment(property)) {
    const range = { start: property.initializer.getStart(source.tree), end: property.initializer.end };
    return [replace(source, range, text)];
  }
  if (!ts.isMethodDeclaration(property)) return null;
  return [replace(source, { start: property.getStart(source.tree), end: property.end }, `${key}: ${text}`)];
}

function takenOut(source: Source, object: ts.ObjectLiteralExpression, key: string): Edit[] | null {
  const property = propertyOf(source, object, key);
  if (property === null) return null;
  if (object.properties.length === 1)
    return [replace(source, { start: object.getStart(source.tree), end: object.end }, "{}")];
  const start = property.getStart(source.tree);
  const after = /^[ \t]*,[ \t]*(?:\/\/[^\n]*)?/.exec(source.text.slice(property.end))?.[0].length ?? 0;
  const before = /(?:\r?\n)?[ \t]*$/.exec(source.text.slice(0, start))?.[0].length ?? 0;
  const isLast = object.properties.at(-1) === property;
  if (!isLast || after > 0) return [replace(source, { start: start - before, end: property.end + after }, "")];
  const comma = /,\s*$/.exec(source.text.slice(0, start))?.[0].length ?? 0;
  return [replace(source, { start: start - comma, end: property.end }, "")];
}
