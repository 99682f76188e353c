/** Functions: their parameters, the names they declare, and the walk through their bodies. */
import type { FnId, FunctionFact, Param, Value } from "../summary.ts";
import { typeHead } from "./annotations.ts";
import { decorate } from "./calls.ts";
import { hoist } from "./hoist.ts";
import { bind, declare } from "./names.ts";
import { namedValue } from "./naming.ts";
import { declaredNames, destructure } from "./patterns.ts";
import type { FunctionNode, List, Parameter, Ranged } from "./tree.ts";
import type { Statement } from "./tree-statements.ts";
import { inFrame, nothing, type Frame, type FunctionRole, type Walk } from "./walk.ts";

/** Adds a function without parameters or body to the summary. */
export function openFunction(
  walk: Walk,
  fact: Pick<FunctionFact, "kind" | "name" | "class"> & { async?: boolean; generator?: boolean; range: Ranged },
): FnId {
  const { summary } = walk;
  return (
    summary.functions.push({
      parent: summary.functions.length === 0 ? null : walk.frame.id,
      name: fact.name,
      kind: fact.kind,
      async: fact.async ?? false,
      generator: fact.generator ?? false,
      class: fact.class,
      params: [],
      bindings: nothing,
      returns: [],
      directives: [],
      span: walk.source.span(fact.range),
    }) - 1
  );
}

/** Walks a function with its parameters and body, and returns its id. */
export function functionLike(walk: Walk, node: FunctionNode, role: FunctionRole): FnId {
  const id = openFunction(walk, {
    kind: role.kind ?? kindOf(node),
    name: node.id?.name ?? role.name ?? null,
    class: role.class ?? null,
    async: node.async,
    generator: node.generator ?? false,
    range: role.range ?? node,
  });
  const frame = frameOf(walk, id, node);
  walk.iterating = false;
  // A function expression knows itself by its own name; a declaration's name belongs to the holder.
  if (node.type === "FunctionExpression" && node.id) frame.names.set(node.id.name, { kind: "fn", fn: id });
  inFrame(walk, frame, () => {
    const fact = walk.summary.functions[id];
    if (fact !== undefined) readFunction(walk, fact, node);
  });
  return id;
}

function kindOf(node: FunctionNode): FunctionFact["kind"] {
  if (node.type === "ArrowFunctionExpression") return "arrow";
  return node.type === "FunctionExpression" ? "expression" : "declaration";
}

function frameOf(walk: Walk, id: FnId, node: FunctionNode): Frame {
  const { frame: parent } = walk;
  return {
    id,
    parent,
    names: new Map(),
    thisFn: node.type === "ArrowFunctionExpression" ? parent.thisFn : id,
    loop: walk.iterating,
    guarded: false,
    throws: 0,
    statement: parent.statement,
    statementSpan: parent.statementSpan,
  };
}

function readFunction(walk: Walk, fact: FunctionFact, node: FunctionNode): void {
  const { body } = node;
  const parameters = [...node.params.items];
  parameters.forEach((parameter, index) => declareParameter(walk, fact, parameter, index));
  declareRest(walk, fact, node, parameters);
  if (body?.type === "FunctionBody") hoist(walk, body.body);
  parameters.forEach((parameter, index) => bindParameter(walk, parameter, index));
  if (body === null) return;
  if (body.type !== "FunctionBody") {
    fact.returns = [walk.expression(body, "returned")];
    return;
  }
  fact.directives = directivesOf(walk, body);
  walk.statements(body.body);
}

function declareParameter(walk: Walk, fact: FunctionFact, node: Parameter, index: number): void {
  const { pattern, initializer } = node;
  const name = "name" in pattern ? pattern.name : null;
  const param: Param = {
    name,
    type: typeHead(node.typeAnnotation),
    rest: false,
    optional: node.optional || initializer !== null,
  };
  if (node.decorators.length > 0) param.decorators = decorate(walk, node.decorators);
  fact.params = [...fact.params, param];
  if (name !== null) walk.frame.names.set(name, { kind: "param", fn: walk.frame.id, index });
  else for (const inner of declaredNames(walk, pattern)) declare(walk, inner);
}

/** The lazy tree has no node for `...rest`. */
function declareRest(walk: Walk, fact: FunctionFact, node: FunctionNode, before: readonly Parameter[]): void {
  const until = node.body?.start ?? node.end;
  const last = before.at(-1);
  const from = last?.end ?? node.typeParameters?.end ?? node.id?.end ?? node.start;
  const name = last === undefined ? walk.source.onlyRest(from, until) : walk.source.rest(from, until);
  const items = name === null ? walk.source.restItems(from, until, last === undefined) : [];
  if (name === null && items.length === 0) return;
  const rest: Value = { kind: "param", fn: walk.frame.id, index: before.length };
  if (name !== null) walk.frame.names.set(name, rest);
  fact.params = [...fact.params, { name, type: null, rest: true, optional: true }];
  for (const [index, item] of items.entries()) {
    if (item === null) continue;
    declare(walk, item);
    bind(walk, item, { kind: "member", object: rest, property: String(index) });
  }
}

/** Default values, and the parts of destructured parameters. */
function bindParameter(walk: Walk, { pattern, initializer }: Parameter, index: number): void {
  const parameter: Value = { kind: "param", fn: walk.frame.id, index };
  const receive = (value: Value): void =>
    destructure(walk, pattern, value, (target, part) => {
      if (typeof target === "string") bind(walk, target, part);
    });
  const isPlain = "name" in pattern;
  if (!isPlain) receive(parameter);
  if (initializer === null) return;
  if (isPlain) declare(walk, pattern.name);
  const value = namedValue(walk, initializer, isPlain ? pattern.name : null, "assigned");
  const isEmpty = value.kind === "object" && value.entries.length === 0 && value.spreads.length === 0;
  if (isPlain || !isEmpty) receive(value);
}

function directivesOf(walk: Walk, body: Ranged & { readonly body: List<Statement> }): string[] {
  const [first] = body.body;
  return walk.source.directives(body.start + 1, first?.start ?? body.end);
}
