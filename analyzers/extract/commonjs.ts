/** CommonJS exports: `module.exports`, `exports.x` and `module.exports.x`, as exports and as variables of the module. */
import type { Value } from "../summary.ts";
import { bind, bindingsOf, isGlobal, resolve } from "./names.ts";
import type { Expression, Member } from "./tree.ts";
import type { Walk } from "./walk.ts";

const whole = "module.exports";

/** Notes an assignment to an export slot; false when the target is none. */
export function exportAssignment(walk: Walk, target: Member, value: Value): boolean {
  const slot = slotOf(walk, target);
  if (slot === null) return false;
  const { exports } = walk.summary;
  const known = exports[slot];
  exports[slot] = known === undefined ? value : { kind: "either", of: [known, value] };
  bind(walk, variable(slot), value);
  return true;
}

/** An export slot that is read in its own module stands for a variable of that name (`exports.x`, `module.exports`). */
export function exportRead(walk: Walk, node: Member): Value | null {
  const slot = slotOf(walk, node);
  if (slot === null) return null;
  const name = variable(slot);
  const ofWhole = slot !== whole && node.object.type === "StaticMemberExpression";
  if (ofWhole && bindingsOf(walk, 0)[name] === undefined) {
    return { kind: "member", object: resolve(walk, whole), property: slot };
  }
  return resolve(walk, name);
}

function variable(slot: string): string {
  return slot === whole ? whole : `exports.${slot}`;
}

function slotOf(walk: Walk, { type, object, property }: Member): string | null {
  if (type !== "StaticMemberExpression" || !("name" in property)) return null;
  if (object.type === "StaticMemberExpression") return isModuleExports(walk, object) ? property.name : null;
  if (object.type !== "IdentifierReference") return null;
  if (object.name === "exports" && isFree(walk, object)) return property.name;
  return object.name === "module" && property.name === "exports" && isFree(walk, object) ? whole : null;
}

function isModuleExports(walk: Walk, { object, property }: Member): boolean {
  if (!("name" in property) || property.name !== "exports" || object.type !== "IdentifierReference") return false;
  return object.name === "module" && isFree(walk, object);
}

function isFree(walk: Walk, node: Expression & { readonly name: string }): boolean {
  return isGlobal(walk, resolve(walk, node.name), node.name);
}
