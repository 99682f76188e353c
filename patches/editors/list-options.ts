/** Options that hold a list: items put among those that it has. */
import type { Edit } from "../edit.ts";
import { callNodeAt, setOptions } from "./calls.ts";
import { toDialectExpression } from "./dialect.ts";
import { addItems, leadOf } from "./literals.ts";
import { insert, type Range, type Source } from "./source.ts";
import { typescript } from "./typescript.ts";

/** Which option of which argument. */
interface Option {
  at: number;
  key: string;
}

/**
 * Puts items (expressions in template style) behind, or with `first` before, all others of `call({ key: [...] })`; the option
 * is made when it is missing. Null when the argument or the list is not written out there.
 */
export function addToList(
  source: Source,
  call: Range,
  { at, key }: Option,
  items: readonly string[],
  where: "first" | "last" = "last",
): Edit[] | null {
  const ts = typescript();
  const options = callNodeAt(source, call)?.arguments?.[at];
  const property =
    options !== undefined && ts.isObjectLiteralExpression(options)
      ? options.properties.find(({ name }) => name?.getText(source.tree) === key)
      : undefined;
  if (property === undefined) return setOptions(source, call, at, { [key]: `[${items.join(", ")}]` });
  if (!ts.isPropertyAssignment(property) || !ts.isArrayLiteralExpression(property.initializer)) return null;
  const list = property.initializer;
  const texts = items.map((item) => toDialectExpression(item, source.style));
  const [next] = list.elements;
  if (where === "last" || next === undefined) return addItems(source, list, texts);
  return [insert(source, next.getStart(source.tree), texts.map((text) => `${text},${leadOf(source, next)}`).join(""))];
}
