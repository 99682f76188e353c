/** The path that a call writes or reads, as far as it is written in the source. */
import { literalsIn, textOf } from "../../analyzers/code-text.ts";
import type { CallSite, Model } from "../../analyzers/model.ts";

export interface Target {
  /** The argument's source with what its names were given, for patterns. */
  text: string;
  /** The parts between slashes of all literals in it, in order. */
  words: string[];
}

/** Names within names within names. */
const maxDepth = 3;

/** Null where the call has no path of its own. */
export function pathOf(model: Model, call: CallSite): Target | null {
  const code = textOf(model, call);
  const options = /\bpath\s*:\s*([^,}\n]+)/.exec(code)?.[1];
  const isByOption = /\.(pdf|screenshot)\(|createObjectCsvWriter\(/.test(code);
  if (isByOption && options === undefined) return null;
  const last = lastCall(code);
  const written = isByOption
    ? (options ?? "")
    : argumentOf(last, /\bxlsx?\.writeFile|XLSX\.writeFile/.test(code) ? 1 : 0);
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

function argumentOf(code: string, wanted: number): string {
  let depth = 0;
  let start = 0;
  let position = 0;
  for (let index = 0; index < code.length; index++) {
    const sign = code.charAt(index);
    if ("([{".includes(sign)) depth += 1;
    if (")]}".includes(sign)) depth -= 1;
    if (sign !== "," || depth !== 0) continue;
    if (position === wanted) return code.slice(start, index);
    position += 1;
    start = index + 1;
  }
  return position === wanted ? code.slice(start) : "";
}

/** Names of the function and of the file are followed to what they were given. */
function expanded(model: Model, call: CallSite, code: string, depth: number): string {
  if (depth === 0) return code;
  const file = model.repo.read(call.file) ?? "";
  const fn = model.fn(call.fn);
  const near = fn === null || fn.isModule ? "" : textOf(model, fn);
  const names = new Set(
    code.replaceAll(/(["'`])(?:\\.|(?!\1)[^\\$])*\1/g, "").match(/(?<![\w$.])[A-Za-z_$][\w$]*(?![\w$]*\s*\()/g) ?? [],
  );
  const given = [...names].slice(0, 6).flatMap((name) => {
    const pattern = new RegExp(
      `\\b${name.replaceAll("$", "\\$")}\\s*(?::[^=;,)]{1,40})?=\\s*(?!=)([^;\\n]*(?:\\n\\s+[^;\\n]*){0,2}?)(?:;|\\n)`,
    );
    const value = (pattern.exec(near) ?? pattern.exec(file))?.[1];
    return value === undefined ? [] : [expanded(model, call, value, depth - 1)];
  });
  return [...given, code].join(" ");
}
