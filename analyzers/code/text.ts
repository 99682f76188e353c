/** The source text behind a function, a call or a statement. */
import type { Model } from "../model.ts";

/** Empty when the file cannot be read. */
export function textOf(
  { repo }: Pick<Model, "repo">,
  { file, span }: { file: string; span: { start: number; end: number } },
): string {
  return (repo.read(file) ?? "").slice(span.start, span.end);
}

/** The texts of the string literals and of the fixed parts of templates in a piece of code, in order. */
export function literalsIn(code: string): string[] {
  return [...code.matchAll(/(["'`])((?:\\.|(?!\1)[^\\])*)\1/g)].map((match) => match[2] ?? "");
}

/** The arguments of a call, split at the commas outside of brackets and quotes. */
export function splitArguments(code: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let quote = "";
  let start = 0;
  for (let index = 0; index < code.length; index++) {
    const sign = code.charAt(index);
    if (quote !== "") {
      if (sign === "\\") index += 1;
      else if (sign === quote) quote = "";
    } else if ("\"'`".includes(sign)) quote = sign;
    else if ("([{".includes(sign)) depth += 1;
    else if (")]}".includes(sign)) depth -= 1;
    else if (sign === "," && depth === 0) {
      found.push(code.slice(start, index));
      start = index + 1;
    }
  }
  const last = code.slice(start);
  return last.trim() === "" ? found : [...found, last];
}

/** The source of the first value that a name is given in a piece of code; empty when it is given none there. */
export function assignedIn(code: string, name: string): string {
  return new RegExp(`(?<![\\w$.])${escaped(name)}\\s*=\\s*(?!=)([^;\\n]*)`).exec(code)?.[1] ?? "";
}

/** A name as a pattern for itself. */
export function escaped(name: string): string {
  return name.replaceAll(/[^\w]/g, "\\$&");
}
