/** Objects that are filled step by step: `const where = {}; if (shop) where.shopId = shop;`. */
import { escaped } from "../code/text.ts";
import { beside, type Expr } from "../flow/expression.ts";
import { fileIndex, keyOfName } from "../flow/file-index.ts";
import type { Model } from "../model.ts";

/** What is put into an object after it is written out. */
export interface Later {
  path: readonly string[];
  value: Expr;
  /** False where a test decides whether it is. */
  sure: boolean;
}

export interface Amendments {
  later: readonly Later[];
  /** True when something is put into it of which it cannot be said what. */
  unread: boolean;
}

/** What is put into the object by the names that it goes by. */
export function amendmentsOf(model: Model, steps: readonly Expr[]): Amendments {
  const each = steps.map((step) => amendedBy(model, step));
  return { later: each.flatMap(({ later }) => later), unread: each.some(({ unread }) => unread) };
}

function amendedBy(model: Model, expr: Expr): Amendments {
  const { file, value } = expr;
  const summary = value.kind === "name" ? model.summary(file) : null;
  if (value.kind !== "name" || summary === null) return { later: [], unread: false };
  const fn = model.fn(`${file}#${value.fn}`);
  const text = fn === null ? "" : (model.repo.read(file) ?? "").slice(fn.span.start, fn.span.end);
  // The text has those that no fact is kept of, too: what another function of this one puts in.
  const written = text.match(
    new RegExp(`(?<![\\w$.])${escaped(value.name)}(\\.[\\w$]+|\\[[^\\]]+\\])+\\s*=(?!=)`, "g"),
  );
  const filled = fileIndex(summary).filled.get(keyOfName(value)) ?? [];
  const later = filled.map(({ path, value: put, at }) => ({
    path,
    value: beside(expr, put),
    sure: !isBehindTest(text.slice(0, at - (fn?.span.start ?? 0))),
  }));
  return { later, unread: (written?.length ?? 0) > later.length };
}

const testing = /\b(if|else|for|while|switch|catch)\b|=>\s*$/;

/** Whether what follows the beginning of a function is run by it in each case. Read without a grammar: braces and what stands before them. */
export function isBehindTest(before: string): boolean {
  const headers: string[] = [];
  let from = 0;
  for (const { 0: sign, index } of before.matchAll(/[{};]/g)) {
    if (sign === "{") headers.push(before.slice(from, index));
    if (sign === "}") headers.pop();
    from = index + 1;
  }
  // The outermost brace is that of the function itself.
  return (
    headers.slice(1).some((header) => testing.test(header)) ||
    /\b(if\s*\(|else\b|case\b|for\s*\()|&&|\?/.test(before.slice(from))
  );
}
