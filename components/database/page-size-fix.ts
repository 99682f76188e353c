/** Whether a page size can be bounded where the request's text becomes a number: asked while reading, so by texts alone. */
import { indexIn } from "../../analyzers/ids.ts";
import { escaped, textOf } from "../../analyzers/code/text.ts";
import type { Model } from "../../analyzers/model.ts";
import type { Query } from "../../analyzers/queries/index.ts";

/** The variable that the query takes its limit from, where the same function makes a number of it. */
export function sizeVariable({ limit, call }: Query, model: Model): string | null {
  const value = limit.kind === "value" && limit.expr.file === call.file ? limit.expr.value : null;
  const holder = model.fn(call.fn);
  if (value?.kind !== "name" || holder === null || value.fn !== indexIn(call.fn)) return null;
  const text = textOf(model, holder);
  const name = escaped(value.name);
  const made = new RegExp(
    `\\b(const|let|var)\\s+${name}\\s*=\\s*\\(?\\s*(Math\\.max\\(|Number\\(|(Number\\.)?parseInt\\(|\\+)`,
  );
  const again = new RegExp(`(?<![\\w$.])${name}\\s*=(?!=|>)`, "g");
  return made.test(text) && (text.match(again) ?? []).length === 1 ? value.name : null;
}
