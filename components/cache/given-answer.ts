/** The statement with which a handler answers, and whether what it gives is nothing but written out as JSON. */
import { typescript, type ts } from "../../patches/editors/typescript.ts";
import { mentions, namesIn } from "./handler-body.ts";

export interface GivenAnswer {
  statement: ts.Statement;
  /** What is written out; null where a function of the app's own takes it together with the response. */
  value: ts.Expression | null;
}

/** `res.status(200).json(x)`, `reply.send(x)`, `c.json(x)`, `ctx.body = x`, `return x`, `sendResponse(res, { data: x })`. */
export function givenAnswer(
  statement: ts.Statement | undefined,
  framework: string,
  params: readonly string[],
): GivenAnswer | { cannot: string } {
  const ts = typescript();
  const cannot = "its last statement is no answer in JSON";
  if (statement === undefined || !(ts.isExpressionStatement(statement) || ts.isReturnStatement(statement)))
    return { cannot };
  const { expression } = statement;
  if (expression === undefined) return { cannot };
  const [request = "", response = ""] = params;
  const object = framework === "hono" || framework === "koa" ? request : response;
  if (framework === "koa") {
    const isBody = ts.isBinaryExpression(expression) && expression.left.getText() === `${object}.body`;
    return isBody ? { statement, value: expression.right } : { cannot };
  }
  if (ts.isCallExpression(expression) && object !== "") {
    const [first, ...more] = expression.arguments;
    const callee = expression.expression.getText().replace(/\s+/g, "");
    const direct = new RegExp(`^${object}(?:\\.(?:status|code|type|set|header)\\([^()]*\\))*\\.(?:json|send)$`);
    if (direct.test(callee)) return first !== undefined && more.length === 0 ? { statement, value: first } : { cannot };
    if (framework === "express" && first !== undefined && isHanded(first, object, more.length))
      return { statement, value: null };
  }
  const isReturned = /^(fastify|nest\w*)$/.test(framework) && ts.isReturnStatement(statement);
  return isReturned && !mentions(expression, new Set([response])) ? { statement, value: expression } : { cannot };
}

/** `sendResponse(res, data)`, `sendResponse({ res, data })`. */
function isHanded(first: ts.Expression, response: string, more: number): boolean {
  if (first.getText() === response) return more > 0;
  const ts = typescript();
  return (
    ts.isObjectLiteralExpression(first) &&
    first.properties.some((each) => ts.isShorthandPropertyAssignment(each) && each.name.text === response)
  );
}

/** How the answer uses a name: `plain` as it is, members that it reads, or something that needs more than JSON. */
export type Usage = { kind: "plain" } | { kind: "members"; names: string[] } | { kind: "more" };

export function usageOf(answer: ts.Statement, name: string): Usage {
  const members = new Set<string>();
  let isPlain = false;
  for (const node of namesIn(answer)) {
    if (node.text !== name) continue;
    const member = memberAsked(node);
    if (member === null) isPlain = true;
    else members.add(member);
    if (member === null ? !isWritten(node, answer) : isCalled(node)) return { kind: "more" };
  }
  if (members.size === 0) return { kind: "plain" };
  return isPlain ? { kind: "more" } : { kind: "members", names: [...members] };
}

/** `rows` of `answer.rows`; the length of a list is there whatever became of the list. */
function memberAsked(node: ts.Identifier): string | null {
  const { parent } = node;
  const isAsked = typescript().isPropertyAccessExpression(parent) && parent.expression === node;
  return isAsked && parent.name.text !== "length" ? parent.name.text : null;
}

function isCalled({ parent }: ts.Identifier): boolean {
  const ts = typescript();
  return ts.isCallExpression(parent.parent) && parent.parent.expression === parent;
}

/** Part of what is written out, as it is or counted with. */
function isWritten(node: ts.Identifier, answer: ts.Statement): boolean {
  const ts = typescript();
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return !isCalled(node);
  if (ts.isCallExpression(parent)) return parent.parent === answer && parent.arguments.includes(node);
  return (
    ts.isShorthandPropertyAssignment(parent) ||
    (ts.isPropertyAssignment(parent) && parent.initializer === node) ||
    ts.isArrayLiteralExpression(parent) ||
    ts.isSpreadAssignment(parent) ||
    ts.isReturnStatement(parent) ||
    ts.isBinaryExpression(parent)
  );
}
