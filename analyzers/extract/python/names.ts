/** What a name stands for where it is used. */
import type { Value } from "../../summary.ts";
import { member, unknown, type Scope, type Walk } from "./walk.ts";

/** Builtins worth following: what they give, or what they do to the world. */
const builtins = new Set(
  (
    "open print input exec eval int float str list tuple set dict sorted reversed iter next map filter zip enumerate len sum min max " +
    "any all isinstance getattr setattr super staticmethod classmethod property type object Exception"
  ).split(" "),
);

export function nameValue(walk: Walk, name: string): Value {
  for (let scope: Scope | null = walk.scope; scope !== null; scope = scope.parent) {
    // The names of a class body are seen in that body alone, not in its methods.
    if (scope.kind === "class" && scope !== walk.scope) continue;
    const found = inScopeOf(scope, name);
    if (found !== null) return found;
  }
  const { stars } = walk;
  if (builtins.has(name)) return { kind: "imported", specifier: "builtins", name };
  if (stars.length === 0) return unknown;
  const ofStars = stars.map((specifier): Value => ({ kind: "imported", specifier, name }));
  const [only] = ofStars;
  return only !== undefined && ofStars.length === 1 ? only : { kind: "either", of: ofStars };
}

function inScopeOf(scope: Scope, name: string): Value | null {
  const declared = scope.declared.get(name);
  if (scope.kind === "class") {
    return declared === undefined || scope.class === null ? null : member({ kind: "class", class: scope.class }, name);
  }
  if (declared === undefined) {
    if (name === scope.self) return { kind: "this", fn: scope.fn };
    return scope.params.get(name) ?? null;
  }
  if (declared.imported !== null && declared.times === 1) return declared.imported;
  return { kind: "name", name, fn: scope.fn };
}

/** `os.environ.get` for a value that is that member of an imported module; null for any other. */
export function apiOf(value: Value): string | null {
  if (value.kind === "imported") return value.name === "*" ? value.specifier : `${value.specifier}.${value.name}`;
  if (value.kind !== "member") return null;
  const object = apiOf(value.object);
  return object === null ? null : `${object}.${value.property}`;
}
