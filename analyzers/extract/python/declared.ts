/** Which names a body declares, before it is walked: a name may be used above the line that assigns it. */
import { importsIn } from "./imports.ts";
import { child, isToken, type Node } from "./tree.ts";
import type { Declared, Imported } from "./walk.ts";

/** Names declared by the statements of a module, function or class body, those of inner functions and classes left out. */
export function declaredIn(body: readonly Node[], text: string): Map<string, Declared> {
  const found = new Map<string, Declared>();
  const outer = new Set<string>();
  const note = (name: string, imported: Imported | null = null): void => {
    const known = found.get(name);
    found.set(name, { times: (known?.times ?? 0) + 1, imported });
  };
  const nameOf = ({ from, to }: Node): string => text.slice(from, to);
  const targets = (node: Node): void => {
    if (node.name === "VariableName") note(nameOf(node));
    else if (/^(Tuple|Array|Parenthesized)Expression$|^(Sequence|As|Capture|Or|Star)Pattern$/.test(node.name))
      for (const each of node.children) targets(each);
  };
  const visit = (node: Node): void => {
    switch (node.name) {
      case "ImportStatement":
        for (const each of importsIn(node, text)) for (const name of each.names) note(name.local, name.value);
        return;
      case "FunctionDefinition":
      case "ClassDefinition": {
        const name = child(node, "VariableName");
        if (name !== null) note(nameOf(name));
        return;
      }
      case "LambdaExpression":
        return;
      case "ScopeStatement":
        for (const each of node.children) if (each.name === "VariableName") outer.add(nameOf(each));
        return;
      default:
        for (const each of assignedBy(node)) targets(each);
        for (const each of node.children) if (each.children.length > 0) visit(each);
    }
  };
  for (const node of body) visit(node);
  for (const name of outer) found.delete(name);
  return found;
}

/** The nodes that a statement or expression assigns to. */
function assignedBy({ name, children }: Node): readonly Node[] {
  switch (name) {
    case "AssignStatement": {
      const last = children.findLastIndex((each) => each.name === "AssignOp");
      return last < 0 ? children.slice(0, 1) : children.slice(0, last).filter((each) => each.name !== "TypeDef");
    }
    case "UpdateStatement":
    case "NamedExpression":
      return children.slice(0, 1);
    case "WithStatement":
    case "TryStatement":
    case "ImportStatement":
      return children.filter((_, index) => children[index - 1]?.name === "as");
    default:
      return children.some((each) => each.name === "for") ? loopTargets(children) : [];
  }
}

/** What stands between `for` and `in`, of every `for` there is. */
export function loopTargets(children: readonly Node[]): Node[] {
  const found: Node[] = [];
  let between = false;
  for (const node of children) {
    if (node.name === "for") between = true;
    else if (node.name === "in") between = false;
    else if (between && !isToken(node)) found.push(node);
  }
  return found;
}
