/** Statements, walked in order: what they assign, call, return and guard. */
import type { Arm } from "../../summary.ts";
import { readAnnotation } from "./annotations.ts";
import { defineClass, defineMethod } from "./classes.ts";
import { loopTargets } from "./declared.ts";
import { defineFunction } from "./functions.ts";
import { readImport } from "./imports.ts";
import { assign, assignAll } from "./targets.ts";
import { child, isToken, parts, type Node } from "./tree.ts";
import { read } from "./values.ts";
import { bind, member, spanOf, textOf, unknown, within, type Walk } from "./walk.ts";

export function readStatements(walk: Walk, nodes: readonly Node[]): void {
  const { scope } = walk;
  const outer = scope.statement;
  scope.depth += 1;
  for (const node of nodes) {
    if (isToken(node)) continue;
    scope.statement = node;
    readStatement(walk, node);
  }
  scope.depth -= 1;
  scope.statement = outer;
}

function readStatement(walk: Walk, node: Node): void {
  switch (node.name) {
    case "ImportStatement":
      for (const { names } of readImport(walk, node)) {
        for (const { local, value } of names) {
          const declared = walk.scope.declared.get(local);
          if (value !== null && declared?.times !== 1) bind(walk, local, value);
        }
      }
      return;
    case "DecoratedStatement": {
      const decorators = node.children.filter((each) => each.name === "Decorator");
      const target = node.children.find((each) => /^(Function|Class)Definition$/.test(each.name));
      if (target !== undefined) define(walk, target, decorators);
      return;
    }
    case "FunctionDefinition":
    case "ClassDefinition":
      define(walk, node, []);
      return;
    case "AssignStatement":
      readAssignment(walk, node);
      return;
    case "UpdateStatement":
      readUpdate(walk, node);
      return;
    case "ExpressionStatement":
      for (const each of node.children) if (!isToken(each)) read(walk, each, "discarded");
      return;
    case "ReturnStatement":
    case "YieldStatement":
      readReturn(walk, node);
      return;
    case "IfStatement":
      readIf(walk, node);
      return;
    case "ForStatement":
    case "WhileStatement":
      readLoop(walk, node);
      return;
    case "WithStatement":
      readWith(walk, node);
      return;
    case "TryStatement":
      readTry(walk, node);
      return;
    case "StatementGroup":
    case "Body":
      readStatements(walk, node.children);
      return;
    case "ScopeStatement":
      return;
    default:
      readMixed(walk, node.children);
  }
}

/** Each block is an arm where calls stand in it. */
function readIf(walk: Walk, node: Node): void {
  const { arms, calls } = walk.summary;
  for (const each of node.children) {
    const before = calls.length;
    readMixed(walk, [each]);
    if (each.name !== "Body" || calls.length === before) continue;
    arms.push({ fn: walk.scope.fn, whole: spanOf(walk, node), span: spanOf(walk, each), ends: endOf(each) });
  }
}

const endings: Readonly<Record<string, Arm["ends"]>> = {
  ReturnStatement: "return",
  RaiseStatement: "throw",
  ContinueStatement: "continue",
  BreakStatement: "break",
};

/** By what a block keeps those behind it from running; null when it does not always. */
function endOf(body: Node): Arm["ends"] {
  const last = body.children.findLast((each) => !isToken(each));
  const simple = last?.name === "StatementGroup" ? last.children.findLast((each) => !isToken(each)) : last;
  return endings[simple?.name ?? ""] ?? null;
}

/** Conditions and blocks of `match`, `assert` and the like. */
function readMixed(walk: Walk, children: readonly Node[]): void {
  for (const each of children) {
    if (each.name === "Body") readStatements(walk, each.children);
    else if (each.name === "MatchBody" || each.name === "MatchClause") readMixed(walk, each.children);
    else if (!isToken(each) && !each.name.endsWith("Pattern")) read(walk, each);
  }
}

function define(walk: Walk, node: Node, decorators: readonly Node[]): void {
  const { kind, class: id } = walk.scope;
  if (node.name === "ClassDefinition") defineClass(walk, node, decorators);
  else if (kind === "class" && id !== null) defineMethod(walk, node, decorators, id);
  else defineFunction(walk, node, decorators);
}

/** `a = b, c = value`; an annotation of a class's attribute is the type of a field. */
function readAssignment(walk: Walk, { children }: Node): void {
  const type = children.find((each) => each.name === "TypeDef");
  const [first] = children;
  if (type !== undefined && first?.name === "VariableName") noteType(walk, textOf(walk, first), type);
  const groups = parts(
    children.filter((each) => each.name !== "TypeDef"),
    "AssignOp",
  );
  const right = groups.length < 2 ? undefined : groups.pop();
  if (right === undefined) return;
  const values = right.map((each) => read(walk, each, "assigned"));
  const value = values.length === 1 ? (values[0] ?? unknown) : { kind: "array" as const, items: values };
  for (const targets of groups) assignAll(walk, targets, value);
}

function noteType(walk: Walk, name: string, type: Node): void {
  const { kind, class: id } = walk.scope;
  const fact = kind === "class" && id !== null ? walk.summary.classes[id] : undefined;
  if (fact === undefined) return;
  const { head } = readAnnotation(walk, type);
  fact.fieldTypes[name] = head ?? "str";
}

/** `urlpatterns += more` adds to a list; `total += 1` tells nothing of the name. */
function readUpdate(walk: Walk, { children }: Node): void {
  const [target, , ...right] = children.filter((each) => each.name !== "Comment");
  for (const each of right) {
    const value = read(walk, each, "assigned");
    const isList = value.kind === "array" || value.kind === "call" || value.kind === "member" || value.kind === "name";
    if (target !== undefined && isList) assign(walk, target, value);
  }
}

/** What a generator yields counts as what the function gives: `with` and dependencies take it as such. */
function readReturn(walk: Walk, { children }: Node): void {
  const values = children.filter((each) => !isToken(each)).map((each) => read(walk, each, "returned"));
  const [only] = values;
  if (only === undefined) return;
  const value = values.length === 1 ? only : { kind: "array" as const, items: values };
  walk.summary.functions[walk.scope.fn]?.returns.push(value);
}

function readLoop(walk: Walk, node: Node): void {
  const { children } = node;
  const targets = loopTargets(children);
  const heads = children.filter((each) => !isToken(each) && each.name !== "Body" && !targets.includes(each));
  const values = heads.map((each) =>
    node.name === "WhileStatement" ? within(walk, { loop: true }, () => read(walk, each)) : read(walk, each),
  );
  if (targets.length > 0) assignAll(walk, targets, member(values[0] ?? unknown, "*"));
  within(walk, { loop: true }, () => {
    for (const each of children) if (each.name === "Body") readStatements(walk, each.children);
  });
}

/** `with a() as x, b() as y`: each name is what stands before it. */
function readWith(walk: Walk, { children }: Node): void {
  let value = unknown;
  let isName = false;
  const visit = (nodes: readonly Node[]): void => {
    for (const each of nodes) {
      if (each.name === "as") isName = true;
      else if (each.name === "Body") readStatements(walk, each.children);
      else if (each.name === "TupleExpression" || each.name === "ParenthesizedExpression") visit(each.children);
      else if (!isToken(each)) {
        if (isName) assign(walk, each, value);
        else value = read(walk, each, "assigned");
        isName = false;
      }
    }
  };
  visit(children);
}

function readTry(walk: Walk, { children }: Node): void {
  const { block, handlers, others, caught } = blocksOf(children);
  const last = handlers.at(-1);
  if (block !== null) {
    walk.summary.tries.push({
      fn: walk.scope.fn,
      block: spanOf(walk, block),
      handler: caught === null || last === undefined ? null : spanOf(walk, { from: caught.from, to: last.to }),
      rethrows: handlers.some(raises),
      empty: handlers.length > 0 && handlers.every(isEmpty),
    });
    const guarded = walk.scope.guarded || caught !== null;
    within(walk, { guarded }, () => readStatements(walk, block.children));
  }
  for (const each of [...handlers, ...others]) readStatements(walk, each.children);
}

/** The blocks of a `try` by the word before each: `caught` is the first `except`, `others` are `else` and `finally`. */
function blocksOf(children: readonly Node[]): {
  block: Node | null;
  caught: Node | null;
  handlers: Node[];
  others: Node[];
} {
  const found: ReturnType<typeof blocksOf> = { block: null, caught: null, handlers: [], others: [] };
  let word = "try";
  for (const each of children) {
    if (/^(except|else|finally)$/.test(each.name)) word = each.name;
    if (each.name === "except") found.caught ??= each;
    if (each.name !== "Body") continue;
    if (word === "try") found.block = each;
    else (word === "except" ? found.handlers : found.others).push(each);
  }
  return found;
}

function raises({ name, children }: Node): boolean {
  if (name === "RaiseStatement") return true;
  return !/^(Function|Class)Definition$/.test(name) && children.some(raises);
}

function isEmpty(body: Node): boolean {
  return body.children.every(
    (each) => isToken(each) || each.name === "PassStatement" || child(each, "Ellipsis") !== null,
  );
}
