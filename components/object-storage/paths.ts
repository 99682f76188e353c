/** The path that a call writes or reads, as far as it is written in the source. */
import { escaped, literalsIn, splitArguments, textOf } from "../../analyzers/code/text.ts";
import { sourcesOfAll } from "../../analyzers/flow/sources.ts";
import { stepFrom, type Step } from "../../analyzers/flow/walk.ts";
import { indexIn } from "../../analyzers/ids.ts";
import type { CallSite, Fn, Known, Model } from "../../analyzers/model.ts";

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
  const text = [...literalsBehind(model, call), expanded(model, call, written, maxDepth)].join(" ");
  const words = literalsIn(text)
    .flatMap((literal) => literal.replaceAll(/\$\{[^}]*\}/g, "*").split(/[/\\]/))
    .filter((word) => /\w/.test(word));
  return text.trim() === "" ? null : { text, words };
}

/** Constants of other files in the path, `join(UPLOAD_DIR, name)`, as quoted texts; what callers pass is another matter. */
function literalsBehind(model: Model, call: CallSite): string[] {
  const [value] = model.summary(call.file)?.calls[indexIn(call.id)]?.args ?? [];
  if (value === undefined) return [];
  const ofCallers = (step: Step): boolean => step.value.kind === "param";
  const sources = sourcesOfAll(model, [stepFrom({ file: call.file, value, frame: null })], { stop: ofCallers });
  const joined = sources.flatMap((source) =>
    source.kind === "call" && /^([\w$]+\.)?(join|resolve)\(/.test(textOf(model, source.call)) ? source.call.args : [],
  );
  return [...call.args.slice(0, 1), ...joined].flatMap(quoted);
}

function quoted(known: Known): string[] {
  if (known.kind === "literal") return typeof known.value === "string" ? [JSON.stringify(known.value)] : [];
  return known.kind === "template" ? [JSON.stringify(known.parts.map((part) => part ?? "*").join(""))] : [];
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
