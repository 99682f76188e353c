/** Options that hold a list: an item put at its head. */
import type { Edit } from "../edit.ts";
import { setOptions } from "./calls.ts";
import { toDialectExpression } from "./dialect.ts";
import { insert, type Range, type Source } from "./source.ts";
import { typescript, walk } from "./typescript.ts";
import type { ts } from "./typescript.ts";

/**
 * Puts an item (an expression in template style) before all others of `call({ key: [...] })`; the option is made when it is
 * missing. Null when the call's first argument or the list is not written out there.
 */
export function prependItem(source: Source, call: Range, key: string, item: string): Edit[] | null {
  const ts = typescript();
  const options = [...walk(source.tree)].find(
    (node): node is ts.ObjectLiteralExpression =>
      ts.isObjectLiteralExpression(node) && isFirstArgument(source, node, call),
  );
  const property = options?.properties.find(({ name }) => name !== undefined && name.getText(source.tree) === key);
  if (property === undefined) return setOptions(source, call, 0, { [key]: `[${item}]` });
  if (!ts.isPropertyAssignment(property) || !ts.isArrayLiteralExpression(property.initializer)) return null;
  const list = property.initializer;
  const text = toDialectExpression(item, source.style);
  const [first] = list.elements;
  if (first === undefined) return [insert(source, list.end - 1, text)];
  const start = first.getStart(source.tree);
  const lead = /\r?\n[ \t]*$/.exec(source.text.slice(0, start))?.[0] ?? " ";
  return [insert(source, start, `${text},${lead}`)];
}

function isFirstArgument(source: Source, { parent, pos }: ts.ObjectLiteralExpression, call: Range): boolean {
  if (!typescript().isCallExpression(parent) || parent.arguments[0]?.pos !== pos) return false;
  return parent.end === call.end && parent.getStart(source.tree) >= call.start;
}
