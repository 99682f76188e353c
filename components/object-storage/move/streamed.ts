/** Rewrites a stream that is piped into a file, so that it is kept in the bucket. */
import { callNodeAt } from "../../../patches/editors/calls.ts";
import { linesRemoved } from "../../../patches/editors/lines-removed.ts";
import { replace, type Range, type Source } from "../../../patches/editors/source.ts";
import { typescript, walk } from "../../../patches/editors/typescript.ts";
import type { ts } from "../../../patches/editors/typescript.ts";
import type { Change } from "./change.ts";

/** What waits until a stream has ended, by the names it goes by: `pump = promisify(pipeline)`. */
const waiting = /^(pump|pipeline|streamPipeline|pipelineAsync|asyncPipeline|pipe|pipeStream)$/;

/** `await pipeline(part.file, createWriteStream(path))`, with the file's stream in a name of its own or not; null for other forms. */
export function fromStream(source: Source, call: Range): Change | null {
  const ts = typescript();
  const opened = callNodeAt(source, call);
  const [path, ...options] = opened?.arguments ?? [];
  if (opened === null || path === undefined || options.length > 0) return null;
  const held = ts.isVariableDeclaration(opened.parent) ? holderOf(source, opened.parent) : null;
  const target = held?.use ?? opened;
  const piping = target.parent;
  if (!ts.isCallExpression(piping) || piping.arguments.length !== 2 || piping.arguments[1] !== target) return null;
  const name = piping.expression.getText(source.tree);
  const isAwaited = ts.isAwaitExpression(piping.parent) && ts.isExpressionStatement(piping.parent.parent);
  const [from] = piping.arguments;
  if (!waiting.test(name) || !isAwaited || from === undefined) return null;
  const part = partOf(source, from);
  const args = [path.getText(source.tree), from.getText(source.tree), ...(part === null ? [] : [`${part}.mimetype`])];
  const made = maker(source, name);
  const gone = [...(held === null ? [] : [held.statement]), ...(made === null ? [] : [made])];
  const range = rangeOf(source, piping);
  return {
    source,
    name: "putFile",
    removed: [rangeOf(source, piping.expression), rangeOf(source, opened.expression), ...(made === null ? [] : [made])],
    edit: (local) => [
      ...linesRemoved(source.text, gone).map(({ start, end, text }) => replace(source, { start, end }, text)),
      replace(source, range, `${local}(${args.join(", ")})`),
    ],
  };
}

interface Holder {
  statement: Range;
  use: ts.Identifier;
}

/** `const stream = createWriteStream(path);`, named once more and nowhere else. */
function holderOf(source: Source, declaration: ts.VariableDeclaration): Holder | null {
  const ts = typescript();
  const { name, parent } = declaration;
  if (!ts.isIdentifier(name) || !ts.isVariableDeclarationList(parent) || parent.declarations.length !== 1) return null;
  const [use, ...others] = namesOf(source.tree, name.text).filter((each) => each !== name);
  if (use === undefined || others.length > 0 || !ts.isVariableStatement(parent.parent)) return null;
  return { statement: rangeOf(source, parent.parent), use };
}

/** `const pump = promisify(pipeline);` that nothing needs any more. */
function maker(source: Source, name: string): Range | null {
  const ts = typescript();
  const [declared, , ...others] = namesOf(source.tree, name);
  const list = declared?.parent.parent;
  const isOwn = list !== undefined && ts.isVariableDeclarationList(list) && list.declarations.length === 1;
  const isExported = isOwn && list.parent.getText(source.tree).startsWith("export");
  return isOwn && others.length === 0 && !isExported ? rangeOf(source, list.parent) : null;
}

function namesOf(tree: ts.SourceFile, text: string): ts.Identifier[] {
  const ts = typescript();
  return [...walk(tree)].filter((node): node is ts.Identifier => ts.isIdentifier(node) && node.text === text);
}

/** Of `@fastify/multipart`'s parts it is known what they say of themselves: `part` of `part.file`. */
function partOf(source: Source, stream: ts.Expression): string | null {
  const ts = typescript();
  const isPart = ts.isPropertyAccessExpression(stream) && stream.name.text === "file";
  return isPart ? stream.expression.getText(source.tree) : null;
}

function rangeOf(source: Source, node: ts.Node): Range {
  return { start: node.getStart(source.tree), end: node.end };
}
