/** What single exports of a file import: frameworks split a file in two, and each half keeps the imports it uses. */
import type { Span, Summary, Value } from "../summary.ts";

/** A name that stands alone: no member of something else. */
const NAME = /(?<![\w$]|(?<!\.\.)\.\s*)[A-Za-z_$][\w$]*/g;
/** What holds no names of the module. */
const QUIET = /\/\*[^]*?\*\/|(?<![:"'`\\])\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g;
const TEMPLATE = /`(?:[^`\\]|\\.)*`/g;

/** Only what is filled into a template. */
function filled(template: string): string {
  return [...template.matchAll(/\$\{([^}]*)\}/g)].map(([, inner]) => inner).join(" ");
}

/** The specifiers that these exports use, directly or through other names of the module. */
export function importsOfExports(summary: Summary, text: string, exports: readonly string[]): Set<string> {
  const used = new Set<string>();
  for (const { as, specifier } of summary.reexports) if (exports.includes(as)) used.add(specifier);
  for (const name of exports)
    for (const specifier of importedBehind(summary, summary.exports[name])) used.add(specifier);
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
    for (const [name] of text
      .slice(span.start, span.end)
      .replace(QUIET, " ")
      .replace(TEMPLATE, filled)
      .matchAll(NAME)) {
      if (names.has(name)) continue;
      names.add(name);
      if (Object.hasOwn(own, name)) spans.push(...(own[name] ?? []).flatMap((value) => spansOf(summary, value)));
    }
  }
  return names;
}

/** `export const headers = pipeHeaders`: what is imported only to be exported. */
function importedBehind(summary: Summary, value: Value | undefined, depth = 0): string[] {
  if (value === undefined || depth > 8) return [];
  if (value.kind === "imported") return [value.specifier];
  if (value.kind === "member") return importedBehind(summary, value.object, depth + 1);
  if (value.kind !== "name") return [];
  const bound = summary.functions[value.fn]?.bindings ?? {};
  const values = Object.hasOwn(bound, value.name) ? (bound[value.name] ?? []) : [];
  return values.flatMap((each) => importedBehind(summary, each, depth + 1));
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
