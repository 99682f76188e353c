/** Functions: parameters with their defaults and dependencies, decorators applied to them, bodies walked in a scope of their own. */
import type { ClassId, FnId, FunctionFact, Param, Value } from "../../summary.ts";
import { readAnnotation, type Annotation } from "./annotations.ts";
import { readArguments } from "./calls.ts";
import { declaredIn } from "./declared.ts";
import { apiOf, nameValue } from "./names.ts";
import { child, isToken, type Node } from "./tree.ts";
import { bind, rebind, inScope, member, noteCall, textOf, unknown, type Scope, type Walk } from "./walk.ts";

interface Written {
  name: string;
  type: Node | null;
  fallback: Node | null;
  isRest: boolean;
}

/** How a function stands in its class: `method` and `class` ones take their holder as their first parameter. */
export interface Role {
  class: ClassId | null;
  kind: FunctionFact["kind"];
  self: "none" | "first";
  name: string;
}

export function readFunction(walk: Walk, node: Node, role: Role): FnId {
  const list = child(node, "ParamList");
  const body = child(node, "Body");
  const written = list === null ? [] : parametersOf(walk, list);
  const self = role.self === "first" ? written.shift() : undefined;
  const isAsync = node.children.some((each) => each.name === "async");
  return openFunction(walk, node, { role, written, self: self?.name ?? null, isAsync, body: body?.children ?? [] });
}

export function lambda(walk: Walk, node: Node): Value {
  const list = child(node, "ParamList");
  const written = list === null ? [] : parametersOf(walk, list);
  const role: Role = { class: null, kind: "arrow", self: "none", name: "" };
  const result = node.children.findLast((each) => !isToken(each) && each.name !== "ParamList");
  const body = result === undefined ? [] : [result];
  return { kind: "fn", fn: openFunction(walk, node, { role, written, self: null, isAsync: false, body }) };
}

interface Opening {
  role: Role;
  written: readonly Written[];
  self: string | null;
  isAsync: boolean;
  body: readonly Node[];
}

function openFunction(walk: Walk, node: Node, { role, written, self, isAsync, body }: Opening): FnId {
  const { summary, source } = walk;
  const fact: FunctionFact = {
    parent: walk.scope.fn,
    name: role.name === "" ? null : role.name,
    kind: role.kind,
    async: isAsync,
    generator: false,
    class: role.class,
    params: [],
    bindings: Object.create(null),
    returns: [],
    directives: [],
    span: source.span({ start: node.from, end: node.to }),
  };
  const id = summary.functions.push(fact) - 1;
  const declared = declaredIn(body, source.text);
  const given = written.map((each) => readParameter(walk, each));
  const plain = new Map<string, Value>();
  for (const [index, { param, values }] of given.entries()) {
    fact.params.push(param);
    const value: Value = { kind: "param", fn: id, index };
    if (param.name === null) continue;
    if (values.length === 0 && !declared.has(param.name)) plain.set(param.name, value);
    else {
      declared.set(param.name, { times: 2, imported: null });
      fact.bindings[param.name] = [value, ...values];
    }
  }
  const scope: Scope = {
    kind: "function",
    fn: id,
    class: null,
    parent: walk.scope,
    declared,
    params: plain,
    self,
    loop: false,
    guarded: false,
    statement: node,
    depth: 0,
  };
  inScope(walk, scope, () => {
    if (role.kind !== "arrow") walk.statements(body);
    else for (const each of body) fact.returns.push(walk.expression(each, "returned"));
  });
  return id;
}

/** A parameter, and what it is when no caller says: its default, and what the framework puts there by its annotation. */
function readParameter(walk: Walk, { name, type, fallback, isRest }: Written): { param: Param; values: Value[] } {
  const annotation: Annotation = type === null ? { head: null, extras: [] } : readAnnotation(walk, type);
  const value = fallback === null ? unknown : walk.expression(fallback, "argument");
  const values = [...annotation.extras, value].filter(({ kind }) => kind !== "unknown");
  const decorators = annotation.extras.flatMap((each) => (each.kind === "call" ? [each.call] : []));
  const param: Param = {
    name,
    type: values.some((each) => isGiven(walk, each)) ? null : annotation.head,
    rest: isRest,
    optional: fallback !== null,
    ...(decorators.length > 0 ? { decorators } : {}),
  };
  return { param, values };
}

/** `Depends(f)` says what the parameter will be, better than its type does; `Depends()` leaves it to the type. */
function isGiven({ summary }: Walk, value: Value): boolean {
  const call = value.kind === "call" ? summary.calls[value.call] : undefined;
  return call !== undefined && call.args.length > 0 && /^fastapi\..*(Depends|Security)$/.test(apiOf(call.callee) ?? "");
}

function parametersOf(walk: Walk, { children }: Node): Written[] {
  const found: Written[] = [];
  let current: Written | null = null;
  let isRest = false;
  let isDefault = false;
  for (const node of children) {
    if (node.name === ",") [current, isRest, isDefault] = [null, false, false];
    else if (node.name === "*" || node.name === "**") isRest = true;
    else if (node.name === "AssignOp") isDefault = true;
    else if (node.name === "TypeDef" && current !== null) current.type = node;
    else if (!isToken(node) && current !== null && isDefault) current.fallback = node;
    else if (node.name === "VariableName") {
      current = { name: textOf(walk, node), type: null, fallback: null, isRest };
      found.push(current);
    }
  }
  return found;
}

/** A function with the decorators around it: each a call of the decorator with what stands below it, the lowest first. */
export function readDecorated(walk: Walk, decorators: readonly Node[], target: Value): Value {
  return decorators.toReversed().reduce((inner, node) => applied(walk, node, inner), target);
}

function applied(walk: Walk, node: Node, inner: Value): Value {
  return noteCall(walk, { callee: decoratorValue(walk, node), args: [inner], use: "decorator" }, node);
}

/** `@a.b` or `@a.b(...)`. */
function decoratorValue(walk: Walk, node: Node): Value {
  const list = child(node, "ArgList");
  const names = node.children.filter((each) => /^(Variable|Property)Name$/.test(each.name));
  const [first, ...others] = names;
  if (first === undefined) {
    const expression = node.children.find((each) => !isToken(each));
    return expression === undefined ? unknown : walk.expression(expression);
  }
  const start = nameValue(walk, textOf(walk, first));
  const callee = others.reduce((value, each) => member(value, textOf(walk, each)), start);
  if (list === null) return callee;
  const args = readArguments(walk, list);
  return noteCall(walk, { callee, args, use: "other" }, { from: first.from, to: list.to });
}

/** `def` outside a class: a name of the scope that stands for the function and for what its decorators make of it. */
export function defineFunction(walk: Walk, node: Node, decorators: readonly Node[]): void {
  const written = child(node, "VariableName");
  const name = written === null ? "" : textOf(walk, written);
  const fn = readFunction(walk, node, { class: null, kind: "declaration", self: "none", name });
  const target: Value = { kind: "fn", fn };
  const made = readDecorated(walk, decorators, target);
  if (name === "") return;
  rebind(walk, name, target);
  if (made !== target) bind(walk, name, made);
}
