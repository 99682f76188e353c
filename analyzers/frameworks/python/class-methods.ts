/** Classes that answer requests by methods named like HTTP's: Flask's MethodView, Django's View and what is built on them. */
import type { LinkedApp } from "../framework.ts";
import type { ClassNode, FnNode } from "../../link/program.ts";

const verbs = ["get", "post", "put", "patch", "delete", "head", "options"];
const mostBases = 12;

/** The class and the app's own classes that it extends, the nearest first. */
export function lineage({ linked: { solver } }: LinkedApp, node: ClassNode): ClassNode[] {
  const found = new Set([node]);
  for (const each of found) {
    if (found.size > mostBases) break;
    const parents = each.fact.extends === null ? [] : solver.evaluate(each.file, each.fact.extends, null);
    for (const parent of parents) if (parent.kind === "class") found.add(parent.class);
  }
  return [...found];
}

/** Apis of the packages' classes that the class extends, directly or not. */
export function foreignBases({ linked: { solver } }: LinkedApp, classes: readonly ClassNode[]): string[] {
  return classes.flatMap((each) => {
    const parents = each.fact.extends === null ? [] : solver.evaluate(each.file, each.fact.extends, null);
    return parents.flatMap((parent) => (parent.kind === "external" ? [parent.api] : []));
  });
}

/** A method of the class by name, inherited ones included; null when it has none of its own code. */
export function methodNamed(classes: readonly ClassNode[], name: string): FnNode | null {
  for (const { fact, file } of classes) {
    const member = fact.members.find((each) => each.name === name);
    const fn = member === undefined ? undefined : file.fns[member.fn];
    if (fn !== undefined) return fn;
  }
  return null;
}

/** HTTP methods that the class answers, each with its function. */
export function verbMethods(classes: readonly ClassNode[]): { method: string; fn: FnNode }[] {
  return verbs.flatMap((verb) => {
    const fn = methodNamed(classes, verb);
    return fn === null ? [] : [{ method: verb.toUpperCase(), fn }];
  });
}
