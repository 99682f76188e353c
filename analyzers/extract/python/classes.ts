/** Classes: bases, methods, attributes of the class and of its objects. */
import type { ClassFact, ClassId, Value } from "../../summary.ts";
import { argumentsOf } from "./calls.ts";
import { declaredIn } from "./declared.ts";
import { readDecorated, readFunction, type Role } from "./functions.ts";
import { child, type Node } from "./tree.ts";
import { bind, either, inScope, textOf, type Scope, type Walk } from "./walk.ts";

export function defineClass(walk: Walk, node: Node, decorators: readonly Node[]): void {
  const { summary, source } = walk;
  const written = child(node, "VariableName");
  const name = written === null ? null : textOf(walk, written);
  const list = child(node, "ArgList");
  const bases = list === null ? [] : argumentsOf(list).filter((each) => each.name === null && each.sign === null);
  const parents = bases.map(({ value }) => walk.expression(value)).filter(({ kind }) => kind !== "unknown");
  const fact: ClassFact = {
    name,
    extends: parents.length === 0 ? null : either(parents),
    members: [],
    fields: Object.create(null),
    fieldTypes: Object.create(null),
    decorators: [],
    span: source.span({ start: node.from, end: node.to }),
  };
  const id = summary.classes.push(fact) - 1;
  const body = child(node, "Body")?.children ?? [];
  inScope(walk, bodyScope(walk, id, body, node), () => walk.statements(body));
  const self: Value = { kind: "class", class: id };
  if (name !== null) bind(walk, name, self);
  const made = readDecorated(walk, decorators, self);
  fact.decorators = made.kind === "call" ? appliedTo(walk, made.call) : [];
}

function bodyScope(walk: Walk, id: ClassId, body: readonly Node[], statement: Node): Scope {
  const { scope, source } = walk;
  return {
    kind: "class",
    fn: scope.fn,
    class: id,
    parent: scope,
    declared: declaredIn(body, source.text),
    params: new Map(),
    self: null,
    loop: scope.loop,
    guarded: scope.guarded,
    statement,
    depth: 0,
  };
}

/** The calls by which decorators were applied, the outermost first. */
function appliedTo({ summary }: Walk, call: number): number[] {
  const found: number[] = [];
  for (let next: number | null = call; next !== null && found.length < 50;) {
    found.push(next);
    const inner: Value | undefined = summary.calls[next]?.args[0];
    next = inner?.kind === "call" ? inner.call : null;
  }
  return found;
}

/** `def` in a class body. */
export function defineMethod(walk: Walk, node: Node, decorators: readonly Node[], id: ClassId): void {
  const fact = walk.summary.classes[id];
  const written = child(node, "VariableName");
  if (fact === undefined || written === null) return;
  const name = textOf(walk, written);
  const texts = decorators.map((each) => textOf(walk, each).trim());
  if (texts.some((text) => /^@\w+\.(setter|deleter)$/.test(text))) return;
  const isStatic = texts.includes("@staticmethod");
  const ofClass = texts.includes("@classmethod") || name === "__init_subclass__";
  const isProperty = texts.some((text) => /^@(\w+\.)?(property|cached_property)$/.test(text));
  const role: Role = {
    class: id,
    name: name === "__init__" ? "constructor" : name,
    kind: name === "__init__" ? "constructor" : isProperty ? "accessor" : "method",
    self: isStatic ? "none" : "first",
  };
  const fn = readFunction(walk, node, role);
  const made = readDecorated(
    walk,
    decorators.filter((_, index) => !isBuiltin(texts[index] ?? "")),
    { kind: "fn", fn },
  );
  const applied = made.kind === "call" ? appliedTo(walk, made.call) : [];
  // A method written twice is the last one.
  fact.members = fact.members.filter((each) => each.name !== role.name);
  fact.members.push({ name: role.name, fn, static: ofClass, decorators: applied });
}

function isBuiltin(text: string): boolean {
  return /^@((\w+\.)?(property|cached_property|abstractmethod)|staticmethod|classmethod)$/.test(text);
}
