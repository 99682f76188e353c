/** Destructuring: the names a pattern declares, and the part of a value that each of its leaves receives. */
import type { Value } from "../summary.ts";
import { isEnvironment, member, propertyName, setDefaults } from "./members.ts";
import type { Expression, Identifier, Member, Pattern, PatternProperty } from "./tree.ts";
import { unknown, type Walk } from "./walk.ts";

/** Called per leaf: a name or a property, and a value it receives; twice for a leaf with a default. */
type Leaf = (target: string | Member, value: Value) => void;

/** Every name that a declaration's pattern introduces; no expression in it is looked at. */
export function declaredNames(walk: Walk, pattern: Pattern, found: string[] = []): string[] {
  switch (pattern.type) {
    case "BindingIdentifier":
    case "IdentifierReference":
      found.push(pattern.name);
      break;
    case "AssignmentPattern":
      declaredNames(walk, pattern.left, found);
      break;
    case "ObjectPattern":
      for (const property of pattern.properties) {
        if (property.type === "BindingProperty") declaredNames(walk, property.value, found);
      }
      break;
    case "ArrayPattern":
      for (const element of pattern.elements) if (element !== null) declaredNames(walk, element, found);
      break;
    default:
      return found;
  }
  const rest = restName(walk, pattern);
  if (rest !== null) found.push(rest);
  return found;
}

/** Hands each leaf of a pattern its part of `value`; defaults and computed keys are walked on the way. */
export function destructure(walk: Walk, pattern: Pattern, value: Value, leaf: Leaf): void {
  switch (pattern.type) {
    case "BindingIdentifier":
    case "IdentifierReference":
      leaf(pattern.name, value);
      break;
    case "StaticMemberExpression":
    case "ComputedMemberExpression":
    case "PrivateFieldExpression":
      leaf(pattern, value);
      break;
    case "AssignmentPattern":
    case "AssignmentTargetWithDefault":
      destructure(walk, pattern.left, value, leaf);
      destructure(walk, pattern.left, fallback(walk, pattern.right, value), leaf);
      break;
    case "ObjectPattern":
    case "ObjectAssignmentTarget":
      for (const property of pattern.properties) destructureProperty(walk, property, value, leaf);
      destructureRest(walk, pattern, value, leaf);
      break;
    case "ArrayPattern":
    case "ArrayAssignmentTarget":
      destructureItems(walk, pattern.elements, value, leaf);
      destructureRest(walk, pattern, unknown, leaf);
      break;
    default:
      if ("expression" in pattern && isTarget(pattern.expression)) destructure(walk, pattern.expression, value, leaf);
  }
}

function destructureProperty(walk: Walk, property: PatternProperty, value: Value, leaf: Leaf): void {
  if (property.type !== "AssignmentTargetPropertyIdentifier") {
    const key = propertyName(walk, property.key, property.computed);
    destructure(walk, property.value, member(walk, value, key, property), leaf);
    return;
  }
  const { name } = property.key;
  const part = member(walk, value, name, property);
  leaf(name, part);
  if (property.value !== null) leaf(name, fallback(walk, property.value, part));
}

function destructureItems(walk: Walk, elements: Iterable<Pattern | null>, value: Value, leaf: Leaf): void {
  let index = 0;
  for (const element of elements) {
    if (element !== null) destructure(walk, element, member(walk, value, String(index), element), leaf);
    index += 1;
  }
}

/** What is left of an object is followed like the object itself. */
function destructureRest(walk: Walk, pattern: Pattern, value: Value, leaf: Leaf): void {
  const name = restName(walk, pattern);
  if (name !== null) leaf(name, value);
}

function restName(walk: Walk, pattern: Pattern): string | null {
  if (!walk.source.text.slice(pattern.start, pattern.end).includes("...")) return null;
  let last = pattern.start + 1;
  if ("properties" in pattern) for (const property of pattern.properties) last = property.end;
  if ("elements" in pattern) for (const element of pattern.elements) last = element?.end ?? last;
  return walk.source.rest(last, pattern.end);
}

/** The default of a leaf; beside an environment read it is that read's default too. */
function fallback(walk: Walk, node: Expression, received: Value): Value {
  const { env } = walk.summary;
  const read = env.length - 1;
  const value = walk.expression(node, "other");
  if (received.kind === "member" && isEnvironment(walk, received.object)) setDefaults(env, read, read + 1, value);
  return value;
}

function isTarget(node: Expression): node is Identifier | Member {
  return (
    node.type === "IdentifierReference" ||
    node.type.endsWith("MemberExpression") ||
    node.type === "PrivateFieldExpression"
  );
}
