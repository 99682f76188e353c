/** Statements: declarations, loops, `try` and returns, each walked in order. */
import type { Value } from "../summary.ts";
import { assignTo } from "./assignments.ts";
import { member } from "./members.ts";
import { exportDeclared, readModuleItem } from "./modules.ts";
import { bind, bindConstant } from "./names.ts";
import { namedValue } from "./naming.ts";
import { destructure } from "./patterns.ts";
import type { ClassNode, Expression, FunctionNode, List, Ranged } from "./tree.ts";
import type {
  EnumNode,
  ForEachNode,
  ForNode,
  Statement,
  SwitchNode,
  TryNode,
  VariableNode,
} from "./tree-statements.ts";
import { inArm } from "./arms.ts";
import { collect, unknown, type Walk } from "./walk.ts";

export function readStatements(walk: Walk, list: List<Statement>): void {
  for (const statement of list) readStatement(walk, statement, statement);
}

/** `range` is the whole statement, with the `export` that may stand before it. */
function readStatement(walk: Walk, node: Statement, range: Ranged): void {
  stand(walk, range);
  switch (node.type) {
    case "ExpressionStatement":
      walk.expression(node.expression, "discarded");
      break;
    case "VariableDeclaration":
      if (!node.declare) readVariables(walk, node);
      break;
    case "ReturnStatement":
      if (node.argument !== null) {
        returns(walk, walk.expression(node.argument, "returned"));
      }
      break;
    case "ThrowStatement":
      readOptional(walk, node.argument);
      walk.frame.throws += 1;
      break;
    case "FunctionDeclaration":
    case "ClassDeclaration":
      readDeclared(walk, node, range);
      break;
    case "TSEnumDeclaration":
      bind(walk, node.id.name, enumValue(walk, node));
      break;
    case "TSNamespaceDeclaration":
      if (node.body !== null && !node.declare) readStatement(walk, node.body, node.body);
      break;
    case "ExportDeclaration":
      readStatement(walk, node.declaration, node);
      exportDeclared(walk, node.declaration);
      break;
    default:
      if (!readControl(walk, node)) readModuleItem(walk, node);
  }
}

/** Blocks, branches, loops and `try`; false for anything else. */
function readControl(walk: Walk, node: Statement): boolean {
  switch (node.type) {
    case "BlockStatement":
    case "TSModuleBlock":
      readStatements(walk, node.body);
      return true;
    case "IfStatement":
      walk.expression(node.test, "other");
      inArm(walk, node, node.consequent, () => readStatement(walk, node.consequent, node.consequent));
      if (node.alternate !== null) {
        const { alternate } = node;
        inArm(walk, node, alternate, () => readStatement(walk, alternate, alternate));
      }
      return true;
    case "ForStatement":
      readFor(walk, node);
      return true;
    case "ForOfStatement":
    case "ForInStatement":
      readForEach(walk, node);
      return true;
    case "WhileStatement":
    case "DoWhileStatement":
      inLoop(walk, () => {
        walk.expression(node.test, "other");
        readStatement(walk, node.body, node.body);
      });
      return true;
    case "SwitchStatement":
      readSwitch(walk, node);
      return true;
    case "TryStatement":
      readTry(walk, node);
      return true;
    case "WithStatement":
      walk.expression(node.object, "other");
      readStatement(walk, node.body, node.body);
      return true;
    case "LabeledStatement":
      readStatement(walk, node.body, node.body);
      return true;
    default:
      return false;
  }
}

function stand(walk: Walk, range: Ranged): void {
  walk.frame.statement = range;
  walk.frame.statementSpan = null;
}

function readOptional(walk: Walk, node: Expression | null): void {
  if (node !== null) walk.expression(node, "other");
}

function returns(walk: Walk, value: Value): void {
  const fact = walk.summary.functions[walk.frame.id];
  if (fact !== undefined) fact.returns = [...fact.returns, value];
}

function readVariables(walk: Walk, { declarations, kind }: VariableNode): void {
  const { imports } = walk.summary;
  for (const { id, init } of declarations) {
    if (init === null) continue;
    const before = imports.length;
    const value = namedValue(walk, init, "name" in id ? id.name : null, "assigned");
    const made = imports.length > before ? imports.at(-1) : undefined;
    destructure(walk, id, value, (target, part) => {
      if (typeof target !== "string") return;
      if (part.kind === "imported" && part.specifier === made?.specifier) {
        made.names.push({ imported: part.name, local: target });
      }
      if (kind === "let") bind(walk, target, part);
      else bindConstant(walk, target, part);
    });
  }
}

function readDeclared(walk: Walk, node: FunctionNode | ClassNode, range: Ranged): void {
  if ("declare" in node && node.declare) return;
  const value = namedValue(walk, node, null, "other", { range });
  if (node.id) bind(walk, node.id.name, value);
}

function enumValue(walk: Walk, node: EnumNode): Value {
  const entries = collect(node.body.members, ({ id, initializer }) => ({
    key: "name" in id ? id.name : "value" in id ? String(id.value) : "*",
    value: initializer === null ? unknown : walk.expression(initializer, "other"),
  }));
  return { kind: "object", entries, spreads: [] };
}

function inLoop(walk: Walk, body: () => void): void {
  const { frame } = walk;
  const outer = frame.loop;
  frame.loop = true;
  body();
  frame.loop = outer;
}

function readFor(walk: Walk, node: ForNode): void {
  if (node.init?.type === "VariableDeclaration") readVariables(walk, node.init);
  else readOptional(walk, node.init);
  inLoop(walk, () => {
    readOptional(walk, node.test);
    readOptional(walk, node.update);
    readStatement(walk, node.body, node.body);
  });
}

function readForEach(walk: Walk, node: ForEachNode): void {
  const { left } = node;
  const iterated = walk.expression(node.right, "other");
  const item = node.type === "ForOfStatement" ? member(walk, iterated, "*", node.right) : unknown;
  if (left.type !== "VariableDeclaration") assignTo(walk, left, item, node.right);
  else {
    for (const { id } of left.declarations) {
      destructure(walk, id, item, (target, part) => {
        if (typeof target === "string") bind(walk, target, part);
      });
    }
  }
  inLoop(walk, () => readStatement(walk, node.body, node.body));
}

function readSwitch(walk: Walk, node: SwitchNode): void {
  walk.expression(node.discriminant, "other");
  for (const { test, consequent } of node.cases) {
    if (test !== null) {
      stand(walk, node);
      walk.expression(test, "other");
    }
    const statements = [...consequent];
    const [first, last] = [statements[0], statements.at(-1)];
    if (first === undefined || last === undefined) continue;
    inArm(walk, node, { start: first.start, end: last.end, last }, () => readStatements(walk, consequent));
  }
}

function readTry(walk: Walk, { block, handler, finalizer }: TryNode): void {
  const { frame, source, summary } = walk;
  const fact = {
    fn: frame.id,
    block: source.span(block),
    handler: handler === null ? null : source.span(handler.body),
    rethrows: false,
    empty: handler !== null && handler.body.body.length === 0,
  };
  summary.tries.push(fact);
  const outer = frame.guarded;
  frame.guarded = outer || handler !== null;
  readStatements(walk, block.body);
  frame.guarded = outer;
  if (handler !== null) {
    const throws = frame.throws;
    if (handler.param !== null) {
      destructure(walk, handler.param.pattern, unknown, (target, part) => {
        if (typeof target === "string") bind(walk, target, part);
      });
    }
    readStatements(walk, handler.body.body);
    fact.rethrows = frame.throws > throws;
  }
  if (finalizer !== null) readStatements(walk, finalizer.body);
}
