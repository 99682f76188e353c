/** Type annotations: the head of the type, and what `Annotated` hangs on it. */
import type { Value } from "../../summary.ts";
import { stringValue } from "./literals.ts";
import { child, isToken, parts, type Node } from "./tree.ts";
import { textOf, type Walk } from "./walk.ts";

/** `head`: name of the class, null when there is none to follow. `extras`: the values beside the type in `Annotated[T, ...]`. */
export interface Annotation {
  head: string | null;
  extras: Value[];
}

/** Types that say nothing about what a value does. */
const plain = new Set(
  "str int float bool bytes dict list tuple set None Any object Dict List Tuple Set Callable Union Literal".split(" "),
);

export function readAnnotation(walk: Walk, node: Node): Annotation {
  const type = node.children.find((each) => !isToken(each));
  if (type === undefined) return { head: null, extras: [] };
  const indexed = type.name === "MemberExpression" && child(type, "[") !== null;
  const [target] = type.children;
  if (!indexed || target === undefined || !/^(typing(_extensions)?\.|t\.)?Annotated$/.test(textOf(walk, target))) {
    return { head: headOf(walk, type), extras: [] };
  }
  const [inner, ...extras] = parts(type.children.slice(1), ",").flat();
  return {
    head: inner === undefined ? null : headOf(walk, inner),
    extras: extras.map((each) => walk.expression(each, "argument")),
  };
}

/** `User` of `User`, `"User"`, `Optional[User]`, `User | None`. */
function headOf(walk: Walk, node: Node): string | null {
  switch (node.name) {
    case "VariableName": {
      const name = textOf(walk, node);
      return plain.has(name) ? null : name;
    }
    case "String": {
      const name = stringValue(textOf(walk, node));
      return /^[A-Za-z_]\w*$/.test(name) && !plain.has(name) ? name : null;
    }
    case "BinaryExpression": {
      const sides = node.children.filter((each) => !isToken(each));
      return sides.map((each) => headOf(walk, each)).find((each) => each !== null) ?? null;
    }
    case "MemberExpression": {
      const [target, inner] = node.children.filter((each) => !isToken(each) && each.name !== "PropertyName");
      const isOptional = target !== undefined && /(^|\.)(Optional|Final|ClassVar)$/.test(textOf(walk, target));
      return isOptional && inner !== undefined ? headOf(walk, inner) : null;
    }
    default:
      return null;
  }
}
