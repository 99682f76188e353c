/** Where another service is asked and its answer read: the statements that belong together. */
import { callNodeAt } from "../../patches/editors/calls.ts";
import type { Range, Source } from "../../patches/editors/source.ts";
import { typescript, walk, type ts } from "../../patches/editors/typescript.ts";
import { namesIn } from "./handler-body.ts";

export interface AskedParts {
  call: ts.CallExpression;
  /** `data`: the call is replaced, its answer has `data`. `body`: the statements up to the reading of the body. */
  kind: "data" | "body";
  /** What the cache's call takes the place of. */
  range: Range;
  /** Statements that go inside before the body is read, as source. */
  inside: string;
  /** `response.json()`. */
  read: string;
  /** The name of the response, where nobody has looked yet whether it is good. */
  unchecked: string | null;
  /** What goes away beside the range: the statements that went inside. */
  gone: Range | null;
}

export function askedParts(source: Source, span: Range): AskedParts | { cannot: string } {
  const ts = typescript();
  const call = callNodeAt(source, span);
  if (call === null || !ts.isCallExpression(call)) return { cannot: "the call could not be found" };
  const declaration =
    ts.isAwaitExpression(call.parent) && ts.isVariableDeclaration(call.parent.parent) ? call.parent.parent : null;
  const list = declaration?.parent;
  const statement = list?.parent;
  const block = statement?.parent;
  const isAlone = list !== undefined && ts.isVariableDeclarationList(list) && list.declarations.length === 1;
  if (declaration === null || !isAlone || statement === undefined || !ts.isVariableStatement(statement))
    return { cannot: "its answer is not waited for in a statement of its own" };
  if (block === undefined || !(ts.isBlock(block) || ts.isSourceFile(block)))
    return { cannot: "its answer is not waited for in a statement of its own" };
  const callee = call.expression.getText(source.tree);
  if (/^axios\b|\baxios\.|\.get$/.test(callee) && !/fetch/.test(callee))
    return dataParts(source, call, declaration, block);
  if (!ts.isIdentifier(declaration.name)) return { cannot: "its answer is taken apart at once" };
  return bodyParts(source, call, declaration.name.text, statement, block);
}

/** Of axios only `data` can be kept; a refusal is thrown. */
function dataParts(
  source: Source,
  call: ts.CallExpression,
  { name }: ts.VariableDeclaration,
  block: ts.Block | ts.SourceFile,
): AskedParts | { cannot: string } {
  const ts = typescript();
  const isTaken =
    ts.isObjectBindingPattern(name) &&
    name.elements.every(
      (each) => (each.propertyName ?? each.name).getText(source.tree) === "data" && each.dotDotDotToken === undefined,
    );
  const isAsked =
    ts.isIdentifier(name) &&
    namesIn(block)
      .filter((node) => node.text === name.text && node !== name)
      .every(({ parent }) => ts.isPropertyAccessExpression(parent) && parent.name.text === "data");
  if (!isTaken && !isAsked) return { cannot: "more of its answer is used than its data" };
  return { call, kind: "data", range: rangeOf(source, call), inside: "", read: "", unchecked: null, gone: null };
}

/** `const r = await fetch(...); if (!r.ok) throw ...; const rates = await r.json();` */
function bodyParts(
  source: Source,
  call: ts.CallExpression,
  name: string,
  statement: ts.Statement,
  block: ts.Block | ts.SourceFile,
): AskedParts | { cannot: string } {
  const ts = typescript();
  const list = [...block.statements];
  const rest = list.slice(list.indexOf(statement) + 1);
  const check = rest[0] !== undefined && isThrowingCheck(rest[0], name) ? rest[0] : null;
  const reading = rest[check === null ? 0 : 1];
  const reads =
    reading === undefined
      ? []
      : [...walk(reading)].filter(
          (node): node is ts.CallExpression =>
            ts.isCallExpression(node) &&
            new RegExp(`^${name}\\.(json|text)$`).test(node.expression.getText(source.tree)),
        );
  const [read, ...more] = reads;
  const uses = namesIn(block)
    .filter((node) => node.text === name && node.pos > statement.end)
    .filter((node) => check === null || node.end < check.pos || node.pos > check.end);
  if (reading === undefined || read === undefined || more.length > 0 || uses.length !== 1)
    return { cannot: "what happens between the call and the reading of its answer is more than a cache can take over" };
  if (!ts.isVariableStatement(reading) && !ts.isReturnStatement(reading))
    return { cannot: "its answer is not read in a statement of its own" };
  const isAwaited = ts.isAwaitExpression(read.parent);
  if (!isAwaited && !(ts.isReturnStatement(reading) && reading.expression === read))
    return { cannot: "nobody waits for the reading of its answer" };
  const first = statement.getStart(source.tree);
  return {
    call,
    kind: "body",
    range: rangeOf(source, read),
    inside: source.text.slice(first, (check ?? statement).end),
    read: read.getText(source.tree),
    unchecked: check === null ? name : null,
    gone: { start: first, end: reading.getStart(source.tree) },
  };
}

/** `if (!response.ok) throw new Error(...)` */
function isThrowingCheck(statement: ts.Statement, name: string): boolean {
  const ts = typescript();
  if (!ts.isIfStatement(statement) || statement.elseStatement !== undefined) return false;
  const { thenStatement: then, expression } = statement;
  const last = ts.isBlock(then) ? then.statements.at(-1) : then;
  const returns = [...walk(then)].some((node) => ts.isReturnStatement(node));
  return (
    new RegExp(`!\\s*${name}\\.ok\\b`).test(expression.getText()) &&
    last !== undefined &&
    ts.isThrowStatement(last) &&
    !returns
  );
}

function rangeOf(source: Source, node: ts.Node): Range {
  return { start: node.getStart(source.tree), end: node.end };
}
