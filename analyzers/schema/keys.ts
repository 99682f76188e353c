/** Lines of the keys of an object literal: values carry no place of their own, so the text is asked. */
import { escaped } from "../code/text.ts";
import type { Model, Place } from "../model.ts";
import type { Span } from "../summary.ts";
import { lineAt } from "./table.ts";

/** Where `key:` first stands within a stretch of a file; the stretch's beginning when it cannot be found. */
export function placeOfKey(model: Model, file: string, span: Span, key: string): Place {
  const text = model.repo.read(file) ?? "";
  const within = text.slice(span.start, span.end);
  const found = new RegExp(`(^|[\\s{,("'\`])${escaped(key)}["'\`]?\\s*[:(,]`).exec(within);
  if (found === null) return { file, line: span.line };
  return { file, line: lineAt(text, span.start + found.index + (found[1]?.length ?? 0)) };
}
