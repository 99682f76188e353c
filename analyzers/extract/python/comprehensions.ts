/** Comprehensions and generators: one item stands for all, made in a loop. */
import type { CallUse, Value } from "../../summary.ts";
import { loopTargets } from "./declared.ts";
import { assign } from "./targets.ts";
import { isToken, type Node } from "./tree.ts";
import { member, unknown, within, type Walk } from "./walk.ts";

export function isComprehension({ children }: Pick<Node, "children">): boolean {
  return children.some((each) => each.name === "for");
}

/** One item of what is iterated stands for all: `[f(x) for x in xs]` is a list of `f(x)`. */
export function comprehension(walk: Walk, children: readonly Node[], use: CallUse): Value {
  const at = children.findIndex((each) => each.name === "for" || each.name === "async");
  const targets = new Set(loopTargets(children));
  const sources = children.filter((each) => !isToken(each) && !targets.has(each) && children.indexOf(each) > at);
  const [first, ...others] = sources;
  const iterated = first === undefined ? unknown : walk.expression(first);
  for (const target of targets) assign(walk, target, member(iterated, "*"));
  return within(walk, { loop: true }, () => {
    for (const each of others) walk.expression(each);
    const items = children.slice(0, at).filter((each) => !isToken(each));
    return { kind: "array", items: items.slice(-1).map((each) => walk.expression(each, use)) };
  });
}
