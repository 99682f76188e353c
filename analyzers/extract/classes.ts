/** Classes: members, fields and their initialisers, decorators, and the implicit constructor that runs the initialisers. */
import type { ClassFact, ClassId, FnId, Value } from "../summary.ts";
import { typeHead } from "./annotations.ts";
import { decorate } from "./calls.ts";
import { openFunction } from "./functions.ts";
import { propertyName } from "./members.ts";
import { isFunction, namedValue } from "./naming.ts";
import type { ClassElement, ClassNode, FieldNode, MethodNode, Ranged } from "./tree.ts";
import { append, inFrame, record, type Frame, type Walk } from "./walk.ts";

/** Walks a class and returns its id. Field initialisers belong to the constructor, static ones to the code around the class. */
export function classLike(walk: Walk, node: ClassNode, name: string | null, range: Ranged): ClassId {
  const fact: ClassFact = {
    name: node.id?.name ?? name,
    extends: superclassOf(walk, node),
    members: [],
    fields: record(),
    fieldTypes: record(),
    decorators: [],
    span: walk.source.span(range),
  };
  const id = walk.summary.classes.push(fact) - 1;
  fact.decorators = decorate(walk, node.decorators);
  const elements = [...node.body.body];
  for (const element of elements)
    if (isMethod(element) && element.kind === "constructor") readMethod(walk, fact, id, element);
  const fields = elements.filter(isField);
  const constructor = constructorOf(walk, fact, id, fields, node);
  for (const field of fields) readField(walk, fact, id, field, constructor);
  for (const element of elements) {
    if (isMethod(element) && element.kind !== "constructor") readMethod(walk, fact, id, element);
    if (element.type === "StaticBlock") walk.statements(element.body);
  }
  return id;
}

function superclassOf(walk: Walk, node: ClassNode): Value | null {
  const from = node.typeParameters?.end ?? node.id?.end ?? node.start;
  const range = walk.source.heritage(from, node.body.start);
  return range === null ? null : walk.fragment(range);
}

function readMethod(walk: Walk, fact: ClassFact, id: ClassId, node: MethodNode): void {
  const decorators = decorate(walk, node.decorators);
  // An overload's signature or an abstract method has no body.
  if (node.value.type !== "FunctionExpression") return;
  const name = propertyName(walk, node.key, node.computed);
  const kind = node.kind === "get" || node.kind === "set" ? "accessor" : node.kind;
  const fn = walk.functionLike(node.value, { name, kind, class: id, range: node });
  fact.members.push({ name, fn, static: node.static, decorators });
  if (kind === "constructor") readParameterProperties(walk, fact, fn, node);
}

/** `constructor(private mailer: Mailer)` is a field, too. */
function readParameterProperties(walk: Walk, fact: ClassFact, fn: FnId, node: MethodNode): void {
  let index = 0;
  for (const parameter of node.value.params.items) {
    if (walk.source.isParameterProperty(parameter) && "name" in parameter.pattern) {
      const { name } = parameter.pattern;
      const values = walk.summary.functions[fn]?.bindings[name] ?? [{ kind: "param", fn, index } as const];
      for (const value of values) append(fact.fields, name, value);
      const type = typeHead(parameter.typeAnnotation);
      if (type !== null) fact.fieldTypes[name] = type;
    }
    index += 1;
  }
}

/** The explicit constructor, or an implicit one (spanning the class) when there are initialisers to run. */
function constructorOf(
  walk: Walk,
  fact: ClassFact,
  id: ClassId,
  fields: readonly FieldNode[],
  node: ClassNode,
): FnId | null {
  const explicit = fact.members.find((member) => member.name === "constructor");
  if (explicit !== undefined) return explicit.fn;
  if (!fields.some((field) => !field.static && field.value !== null)) return null;
  const fn = openFunction(walk, { kind: "constructor", name: "constructor", class: id, range: node });
  fact.members.push({ name: "constructor", fn, static: false, decorators: [] });
  return fn;
}

function readField(walk: Walk, fact: ClassFact, id: ClassId, node: FieldNode, constructor: FnId | null): void {
  const decorators = decorate(walk, node.decorators);
  const name = propertyName(walk, node.key, node.computed);
  const type = typeHead(node.typeAnnotation);
  if (type !== null) fact.fieldTypes[name] = type;
  if (decorators.length > 0) (fact.fieldDecorators ??= record())[name] = decorators;
  const { value: initializer } = node;
  if (initializer === null) return;
  const read = (): Value => namedValue(walk, initializer, name, "assigned", { class: id });
  const runs = node.static ? null : constructor;
  const value = runs === null ? read() : inFrame(walk, initialiserFrame(walk, runs, node), read);
  append(fact.fields, name, value);
  if (value.kind === "fn" && isFunction(initializer)) {
    fact.members.push({ name, fn: value.fn, static: node.static, decorators });
  }
}

/** Initialisers run in the constructor but see the names around the class, not the constructor's parameters. */
function initialiserFrame(walk: Walk, constructor: FnId, statement: Ranged): Frame {
  return {
    id: constructor,
    parent: walk.frame,
    names: new Map(),
    thisFn: constructor,
    loop: false,
    guarded: false,
    throws: 0,
    statement,
    statementSpan: null,
  };
}

function isField(element: ClassElement): element is FieldNode {
  return element.type === "PropertyDefinition" || element.type === "AccessorProperty";
}

function isMethod(element: ClassElement): element is MethodNode {
  return element.type === "MethodDefinition" || element.type === "TSAbstractMethodDefinition";
}
