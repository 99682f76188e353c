/** The TypeScript parser that ts-morph bundles, loaded on first use: reading an app must not pay for the pen. */
import { createRequire } from "node:module";
import type { ts } from "ts-morph";

export type TypeScript = typeof ts;
export type { ts } from "ts-morph";

let loaded: TypeScript | null = null;

function isTypeScript(value: unknown): value is { ts: TypeScript } {
  return typeof value === "object" && value !== null && "ts" in value;
}

/** The parser's namespace. Parsing only: no type resolution, no lib files, one file at a time. */
export function typescript(): TypeScript {
  if (loaded === null) {
    const module: unknown = createRequire(import.meta.url)("ts-morph");
    if (!isTypeScript(module)) throw new Error("ts-morph does not carry its TypeScript any more");
    loaded = module.ts;
  }
  return loaded;
}

/** Parses one file by its name's extension; syntax errors leave a partial tree, see {@link syntaxErrors}. */
export function parse(file: string, text: string): ts.SourceFile {
  const ts = typescript();
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, scriptKind(file));
}

/** Parses template code, a snippet without imports included, as a TypeScript module: `await` may stand at its top. */
export function parseModule(text: string): ts.SourceFile {
  const ts = typescript();
  const options: ts.CreateSourceFileOptions = {
    languageVersion: ts.ScriptTarget.Latest,
    setExternalModuleIndicator: (file) => Object.assign(file, { externalModuleIndicator: file }),
  };
  return ts.createSourceFile("template.ts", text, options, true, ts.ScriptKind.TS);
}

/** Plain `.js` is read with JSX on, as the usual build tools do. */
function scriptKind(file: string): ts.ScriptKind {
  const kinds = typescript().ScriptKind;
  if (/\.[cm]?ts$/.test(file)) return kinds.TS;
  if (file.endsWith(".tsx")) return kinds.TSX;
  return kinds.JSX;
}

export interface SyntaxProblem {
  line: number;
  message: string;
}

/** Syntax errors of a JavaScript or TypeScript file, types in plain JavaScript among them. Lines count from 1. */
export function syntaxErrors(file: string, text: string): SyntaxProblem[] {
  return syntaxErrorsOf(parse(file, text));
}

/** {@link syntaxErrors} of a file that is parsed already. */
export function syntaxErrorsOf(tree: ts.SourceFile): SyntaxProblem[] {
  const ts = typescript();
  const program = ts.createProgram({ rootNames: [tree.fileName], options: alone(ts), host: hostOf(tree) });
  return program.getSyntacticDiagnostics(tree).map((diagnostic) => ({
    line: lineAt(tree.text, diagnostic.start),
    message: ts.flattenDiagnosticMessageText(diagnostic.messageText, " "),
  }));
}

/** One file and nothing it refers to. */
function alone(ts: TypeScript): ts.CompilerOptions {
  return {
    allowJs: true,
    noLib: true,
    noResolve: true,
    jsx: ts.JsxEmit.Preserve,
    target: ts.ScriptTarget.Latest,
    types: [],
    experimentalDecorators: true,
  };
}

function hostOf(tree: ts.SourceFile): ts.CompilerHost {
  return {
    getSourceFile: (name) => (name === tree.fileName ? tree : undefined),
    fileExists: (name) => name === tree.fileName,
    readFile: () => undefined,
    writeFile: () => undefined,
    getDefaultLibFileName: () => "lib.d.ts",
    getCurrentDirectory: () => "",
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => "\n",
  };
}

/** The line, from 1, in which an offset lies. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) line += 1;
  return line;
}

/** Every node of the tree, parents before children. */
export function* walk(node: ts.Node): Generator<ts.Node> {
  yield node;
  const children: ts.Node[] = [];
  typescript().forEachChild(node, (child) => {
    children.push(child);
  });
  for (const child of children) yield* walk(child);
}
