/** Properties: member values, property names, and reads of the environment through them. */
import type { Summary, Value } from "../summary.ts";
import { isGlobal } from "./names.ts";
import type { Expression, Ranged } from "./tree.ts";
import { unknown, type Walk } from "./walk.ts";

/** Of what `import("x")` gives these are the promise's, not exports of the module. */
const promiseSteps = new Set(["then", "catch", "finally"]);

/** The property of a value. Reads of `process.env.X` are noted, members of a whole module become its exports. */
export function member(walk: Walk, object: Value, property: string, node: Ranged): Value {
  if (object.kind === "unknown") return unknown;
  if (object.kind === "imported" && object.name === "*" && property !== "*" && !promiseSteps.has(property)) {
    return { kind: "imported", specifier: object.specifier, name: property };
  }
  if (property !== "*" && isEnvironment(walk, object)) {
    walk.summary.env.push({ name: property, default: null, span: walk.source.span(node) });
  }
  return { kind: "member", object, property };
}

/** The name of a property key; `*` for a computed key that is no literal. `[Op.in]` of Sequelize is `$in`, as it was once written. */
export function propertyName(walk: Walk, key: Expression, computed: boolean): string {
  if (!computed && "name" in key) return key.type === "PrivateIdentifier" ? `#${key.name}` : key.name;
  if (key.type === "NumericLiteral" || key.type === "StringLiteral") return String(key.value);
  const value = walk.expression(key, "other");
  if (value.kind === "template" && value.parts.length === 1 && typeof value.parts[0] === "string")
    return value.parts[0];
  return value.kind === "member" && value.property !== "*" && isOperators(value.object) ? `$${value.property}` : "*";
}

/** `Op`, `Sequelize.Op`, `db.Sequelize.Op`. */
function isOperators(value: Value): boolean {
  return value.kind === "member" ? value.property === "Op" : "name" in value && value.name === "Op";
}

/** True for `process.env`, `import.meta.env` and SvelteKit's `$env/dynamic`, also under a name of their own. */
export function isEnvironment(walk: Walk, value: Value): boolean {
  switch (value.kind) {
    case "member":
      return value.property === "env" && isProcess(walk, value.object);
    case "imported":
      return value.name === "env" && (isProcessModule(value.specifier) || value.specifier.startsWith("$env/dynamic/"));
    case "name": {
      const values = value.fn === 0 ? walk.summary.functions[0]?.bindings[value.name] : undefined;
      const only = values?.length === 1 ? values[0] : undefined;
      return only !== undefined && only !== value && only.kind === "member" && isEnvironment(walk, only);
    }
    default:
      return false;
  }
}

function isProcess(walk: Walk, value: Value): boolean {
  if (value.kind === "imported") return isProcessModule(value.specifier) && value.name === "default";
  return isGlobal(walk, value, "process") || isGlobal(walk, value, "import.meta");
}

function isProcessModule(specifier: string): boolean {
  return specifier === "process" || specifier === "node:process";
}

/** Gives the environment reads `from` up to `until` the literal that stands beside them, unless they have one. */
export function setDefaults(env: Summary["env"], from: number, until: number, fallback: Value): void {
  if (fallback.kind !== "literal" || typeof fallback.value === "boolean" || fallback.value === null) return;
  for (let index = from; index < until; index += 1) {
    const read = env[index];
    if (read !== undefined) read.default ??= fallback.value;
  }
}
