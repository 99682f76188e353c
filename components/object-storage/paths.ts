/** The path that a call writes or reads, as far as it is written in the source. */
import { escaped, literalsIn, splitArguments, textOf } from "../../analyzers/code/text.ts";
import type { CallSite, Fn, Model } from "../../analyzers/model.ts";

export interface Target {
  /** The argument's source with what its names were given, for patterns. */
  text: string;
  /** The parts between slashes of all literals in it, in order. */
  words: string[];
}

/** Names within names within names. */
const maxDepth = 3;
/** More names in one path, or more callers, tell nothing more. */
const mostNames = 6;
const mostCallers = 3;

/** Null where the call has no path of its own. */
export function pathOf(model: Model, call: CallSite): Target | null {
  const code = textOf(model, call);
  const options = /\bpath\s*:\s*([^,}\n]+)/.exec(code)?.[1];
  const isByOption = /\.(pdf|screenshot)\(|createObjectCsvWriter\(/.test(code);
  if (isByOption && options === undefined) return null;
  const last = lastCall(code);
  const written = isByOption ? (options ?? "") : (splitArguments(last)[/\bxlsx?\.writeFile/i.test(code) ? 1 : 0] ?? "");
  const text = expanded(model, call, written, maxDepth);
  const words = literalsIn(text)
    .flatMap((literal) => literal.replaceAll(/\$\{[^}]*\}/g, "*").split(/[/\\]/))
    .filter((word) => /\w/.test(word));
  return text.trim() === "" ? null : { text, words };
}

/** The arguments of the outermost call: of `sharp(a).resize(b).toFile(path)` those of `toFile`. */
function lastCall(code: string): string {
  let depth = 0;
  for (let index = code.length - 1; index >= 0; index--) {
    const sign = code.charAt(index);
    if (")]}".includes(sign)) depth += 1;
    if ("([{".includes(sign)) depth -= 1;
    if (depth === 0 && sign === "(") return code.slice(index + 1, -1);
  }
  return "";
}

/** Names of the function and of the file are followed to what they were given, parameters to what callers pass. */
function expanded(model: Model, call: CallSite, code: string, depth: number): string {
  if (depth === 0) return code;
  const fn = model.fn(call.fn);
  const file = model.repo.read(call.file) ?? "";
  const near = fn === null || fn.isModule ? "" : textOf(model, fn);
  const given = namesIn(code).flatMap((name) => {
    const pattern = givenTo(name);
    const value = (pattern.exec(near) ?? pattern.exec(file))?.[1];
    if (value !== undefined) return [expanded(model, call, value, depth - 1)];
    return fn === null ? [] : passedFor(model, fn, name, depth);
  });
  return [...given, code].join(" ");
}

/** Names outside of quotes that are not called. */
function namesIn(code: string): string[] {
  const plain = code.replaceAll(/(["'`])(?:\\.|(?!\1)[^\\$])*\1/g, "");
  return [...new Set(plain.match(/(?<![\w$.])[A-Za-z_$][\w$]*(?![\w$]*\s*\()/g) ?? [])].slice(0, mostNames);
}

function givenTo(name: string): RegExp {
  return new RegExp(`\\b${escaped(name)}\\s*(?::[^=;,)]{1,40})?=\\s*(?!=)([^;\\n]*(?:\\n\\s+[^;\\n]*){0,2}?)(?:;|\\n)`);
}

/** What the first few callers pass for a parameter. */
function passedFor(model: Model, fn: Fn, name: string, depth: number): string[] {
  const index = fn.params.findIndex((param) => param.name === name);
  if (index < 0) return [];
  return model
    .callers(fn.id)
    .slice(0, mostCallers)
    .map((site) => {
      const [, args = ""] = /\(([\s\S]*)\)$/.exec(textOf(model, site)) ?? [];
      return expanded(model, site, splitArguments(args)[index] ?? "", depth - 1);
    });
}
