/** CommonJS exports: `module.exports`, `exports.x` and `module.exports.x`, as exports and as variables of the module. */
import type { Value } from "../summary.ts";
import { bind, bindingsOf, isGlobal, resolve } from "./names.ts";
import type { Expression, Member } from "./tree.ts";
import type { Walk } from "./walk.ts";

const whole = "module.exports";

/** Notes an assignment to an export slot; false when the target is none. */
export function exportAssignment(walk: Walk, target: Member, value: Value): boolean {
  const slot = target.type === "StaticMemberExpression" ? slotOf(walk, target.object, target.property) : null;
  if (slot === null) return false;
  const { exports } = walk.summary;
  const known = exports[slot];
  exports[slot] = known === undefined ? value : { kind: "either", of: [known, value] };
  bind(walk, variable(slot), value);
  return true;
}

/** An export slot that is read in its own module stands for a variable of that name (`exports.x`, `module.exports`). */
export function exportRead(walk: Walk, object: Expression, property: Expression): Value | null {
  const slot = slotOf(walk, object, property);
  if (slot === null) return null;
  const name = variable(slot);
  const ofWhole = slot !== whole && object.type === "StaticMemberExpression";
  if (ofWhole && bindingsOf(walk, 0)[name] === undefined) {
    return { kind: "member", object: resolve(walk, whole), property: slot };
  }
  return resolve(walk, name);
}

function variable(slot: string): string {
  return slot === whole ? whole : `exports.${slot}`;
}

function slotOf(walk: Walk, object: Expression, property: Expression): string | null {
  if (object.type === "StaticMemberExpression") {
    return slotOf(walk, object.object, object.property) === whole && "name" in property ? property.name : null;
  }
  if (object.type !== "IdentifierReference" || !("name" in property)) return null;
  if (object.name === "exports") return isFree(walk, object) ? property.name : null;
  return object.name === "module" && property.name === "exports" && isFree(walk, object) ? whole : null;
}

function isFree(walk: Walk, node: Expression & { readonly name: string }): boolean {
  return isGlobal(walk, resolve(walk, node.name), node.name);
}
