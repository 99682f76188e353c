/** What single exports of a file import: frameworks split a file in two, and each half keeps the imports it uses. */
import type { Span, Summary, Value } from "../summary.ts";

const NAME = /[A-Za-z_$][\w$]*/g;

/** The specifiers that these exports use, directly or through other names of the module. */
export function importsOfExports(summary: Summary, text: string, exports: readonly string[]): Set<string> {
  const used = new Set<string>();
  for (const { as, specifier } of summary.reexports) if (exports.includes(as)) used.add(specifier);
  const names = namesUsed(summary, text, exports);
  for (const { specifier, names: imported } of summary.imports) {
    if (imported.some(({ local }) => names.has(local))) used.add(specifier);
  }
  return used;
}

function namesUsed(summary: Summary, text: string, exports: readonly string[]): Set<string> {
  const own = summary.functions[0]?.bindings ?? {};
  const spans = exports.flatMap((name) => spansOf(summary, summary.exports[name]));
  const names = new Set(exports);
  for (const span of spans) {
    for (const [name] of text.slice(span.start, span.end).matchAll(NAME)) {
      if (names.has(name)) continue;
      names.add(name);
      if (Object.hasOwn(own, name)) spans.push(...(own[name] ?? []).flatMap((value) => spansOf(summary, value)));
    }
  }
  return names;
}

/** Where the code of a value stands; names lead on to what they are bound to. */
function spansOf(summary: Summary, value: Value | undefined, depth = 0): Span[] {
  if (value === undefined || depth > 8) return [];
  switch (value.kind) {
    case "fn":
      return [summary.functions[value.fn]?.span ?? []].flat();
    case "call":
      return [summary.calls[value.call]?.span ?? []].flat();
    case "class":
      return [summary.classes[value.class]?.span ?? []].flat();
    case "either":
      return value.of.flatMap((each) => spansOf(summary, each, depth + 1));
    case "object":
      return value.entries.flatMap((each) => spansOf(summary, each.value, depth + 1));
    case "name": {
      const bound = summary.functions[value.fn]?.bindings ?? {};
      const values = Object.hasOwn(bound, value.name) ? (bound[value.name] ?? []) : [];
      return values.flatMap((each) => spansOf(summary, each, depth + 1));
    }
    default:
      return [];
  }
}
