/** Object literals among a query's arguments. */
import { typescript, type ts } from "../../../patches/editors/typescript.ts";

export function entryOf(object: ts.Expression | undefined, name: string): ts.Expression | null {
  const ts = typescript();
  if (object === undefined || !ts.isObjectLiteralExpression(object)) return null;
  for (const property of object.properties) {
    if (ts.isPropertyAssignment(property) && keyOf(property) === name) return property.initializer;
    if (ts.isShorthandPropertyAssignment(property) && property.name.text === name) return property.name;
  }
  return null;
}

export function keyOf({ name }: ts.PropertyAssignment): string | null {
  const ts = typescript();
  return ts.isIdentifier(name) || ts.isStringLiteral(name) ? name.text : null;
}

/** The names of all entries; null where some are spread into it, or worked out. */
export function keysOf(object: ts.Expression): string[] | null {
  const ts = typescript();
  if (!ts.isObjectLiteralExpression(object)) return null;
  const keys = object.properties.map((each) =>
    ts.isPropertyAssignment(each) ? keyOf(each) : ts.isShorthandPropertyAssignment(each) ? each.name.text : null,
  );
  return keys.every((key) => key !== null) ? keys : null;
}
