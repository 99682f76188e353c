/** One file's text to its summary: parse, hoist, walk once, and close what needs the whole file. */
import { emptySummary } from "./empty.ts";
import { isComponent, isPython } from "../repo/source-file.ts";
import { isTestFile } from "../services/file-roles.ts";
import type { Summary, Value } from "../summary.ts";
import { markWaited } from "./calls.ts";
import { classLike } from "./classes.ts";
import { componentSummary } from "./components.ts";
import { denseLine } from "./density.ts";
import { functionLike, openFunction } from "./functions.ts";
import { hoist } from "./hoist.ts";
import { member } from "./members.ts";
import { resolve } from "./names.ts";
import { isTooDeep } from "./nesting.ts";
import { readLoads } from "./outline.ts";
import { parse, parseMode, type ParseMode } from "./parser.ts";
import { extractPython } from "./python/extract.ts";
import { Source } from "./source.ts";
import { readStatements } from "./statements.ts";
import type { Ranged } from "./tree.ts";
import type { Program } from "./tree-statements.ts";
import { readExpression } from "./values.ts";
import { unknown, type Walk } from "./walk.ts";

export { isSource } from "../repo/source-file.ts";

const tooDeep = "nested too deeply to be read";
const tooDense = (length: number): string => `a line of ${length} characters: minified or generated code is not read`;

/** Raised whenever the same text may yield another summary: cached ones are dropped. */
export const extractorVersion = 18;

/**
 * The facts of one TypeScript or JavaScript file. Pure; never throws: what could not be read is said in `problem`.
 * Of a test only what it loads: what it calls says nothing about the app, and often it is the larger half of a repo.
 */
export function extract(file: string, text: string, mode: ParseMode = parseMode): Summary {
  if (isPython(file)) return extractPython(text);
  const ofScript = (script: string): Summary => extractScript(file, script, mode);
  if (isComponent(file)) return componentSummary(emptySummary(languageOf(file)), text, ofScript);
  return ofScript(text);
}

function extractScript(file: string, text: string, mode: ParseMode): Summary {
  if (isTooDeep(text)) return { ...emptySummary(languageOf(file)), problem: tooDeep };
  const dense = denseLine(text);
  if (dense !== null) return { ...emptySummary(languageOf(file)), problem: tooDense(dense) };
  try {
    return extractWith(file, text, mode);
  } catch (cause) {
    // The lazy mode is experimental and asks for much address space; the plain one has neither trait.
    if (mode === "lazy" && !(cause instanceof RangeError)) return extractScript(file, text, "plain");
    return { ...emptySummary(languageOf(file)), problem: failure(cause) };
  }
}

function failure(cause: unknown): string {
  if (cause instanceof RangeError) return tooDeep;
  return `could not be read: ${cause instanceof Error ? cause.message : String(cause)}`;
}

function extractWith(file: string, text: string, mode: ParseMode): Summary {
  const { program, problem, release } = parse(file, text, mode);
  try {
    const walk = startWalk(file, text, mode, program);
    readDirectives(walk, program);
    if (isTestFile(file)) readLoads(walk, program);
    else {
      hoist(walk, program.body);
      walk.statements(program.body);
      markWaited(walk);
    }
    finish(file, walk.summary);
    tighten(walk.summary);
    walk.summary.problem = problem;
    return walk.summary;
  } finally {
    release();
  }
}

function startWalk(file: string, text: string, mode: ParseMode, program: Program): Walk {
  const walk: Walk = {
    source: new Source(text),
    summary: emptySummary(languageOf(file)),
    globals: new Map(),
    waited: new Set(),
    pushed: [],
    iterating: false,
    frame: {
      id: 0,
      parent: null,
      names: new Map(),
      thisFn: 0,
      loop: false,
      guarded: false,
      throws: 0,
      statement: program,
      statementSpan: null,
    },
    expression: (node, use, guarded = false) => readExpression(walk, node, use, guarded),
    statements: (list) => readStatements(walk, list),
    functionLike: (node, role) => functionLike(walk, node, role),
    classLike: (node, name, range) => classLike(walk, node, name, range),
    fragment: (range) => readFragment(walk, file, mode, range),
  };
  const range = { start: 0, end: text.length };
  openFunction(walk, { kind: "module", name: null, class: null, range });
  return walk;
}

/** An expression that the tree leaves out: a plain path of names as it stands, anything else parsed on its own. */
function readFragment(walk: Walk, file: string, mode: ParseMode, { start, end }: Ranged): Value {
  const text = walk.source.text.slice(start, end);
  const path = /^([\w$]+(?:\s*\.\s*[\w$]+)*)\s*(?:<[^]*>)?$/.exec(text)?.[1];
  if (path !== undefined) {
    const [first = "", ...rest] = path.split(".").map((name) => name.trim());
    return rest.reduce((value, name) => member(walk, value, name, { start, end }), resolve(walk, first));
  }
  // Blanks in front keep the offsets.
  const { program, problem, release } = parse(file, " ".repeat(start) + text, mode);
  try {
    const [only] = program.body;
    if (problem !== null || only?.type !== "ExpressionStatement") return unknown;
    return walk.expression(only.expression, "other");
  } finally {
    release();
  }
}

function readDirectives({ summary, source }: Walk, program: Program): void {
  const shebang = /^\uFEFF?#!.*/.exec(source.text)?.[0];
  const [first] = program.body;
  summary.directives = source.directives(shebang?.length ?? 0, first?.start ?? source.text.length);
  if (shebang !== undefined) summary.directives.unshift("shebang");
}

function finish(file: string, summary: Summary): void {
  if (summary.modules === "none" && /\.m[jt]s$/.test(file)) summary.modules = "esm";
  if (summary.modules === "none" && (/\.c[jt]s$/.test(file) || usesCommonJs(summary))) summary.modules = "commonjs";
}

function usesCommonJs({ imports, exports }: Summary): boolean {
  return imports.some(({ form }) => form === "require") || Object.keys(exports).length > 0;
}

/** The lists that grew while walking, at their exact size. */
function tighten(summary: Summary): void {
  summary.imports = summary.imports.slice();
  summary.functions = summary.functions.slice();
  summary.calls = summary.calls.slice();
  summary.writes = summary.writes.slice();
  summary.changes = summary.changes.slice();
  summary.arms = summary.arms.slice();
}

function languageOf(file: string): Summary["language"] {
  return /\.[mc]?tsx?$/.test(file) ? "typescript" : "javascript";
}
