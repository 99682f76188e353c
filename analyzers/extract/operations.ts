/** Operators: what is made of two values, as far as it can be said without running the code. */
import type { Operator, Value } from "../summary.ts";
import { unknown } from "./walk.ts";

const operators: Readonly<Record<string, Operator>> = {
  "+": "+",
  "-": "-",
  "*": "*",
  "/": "/",
  "%": "%",
  "**": "**",
  "|": "|",
  "&": "other",
  "^": "other",
  "<<": "other",
  ">>": "other",
  ">>>": "other",
};

/** `15 * 60 * 1000` is a number, `"a" + b` a template, `a - b` an operation, a comparison nothing that can be followed. */
export function combined(operator: string, left: Value, right: Value): Value {
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a !== null && b !== null) return arithmetic(operator, a, b);
  const parts = operator === "+" ? [...textParts(left), ...textParts(right)] : [];
  if (parts.some((part) => typeof part === "string")) return { kind: "template", parts };
  const known = Object.hasOwn(operators, operator) ? operators[operator] : undefined;
  return known === undefined ? unknown : operation(known, [left, right]);
}

/** An operation on operands of which one can be followed; unknown where none can. */
export function operation(operator: Operator, of: Value[]): Value {
  const isOpen = of.every(({ kind }) => kind === "literal" || kind === "unknown");
  return isOpen ? unknown : { kind: "operation", operator, of };
}

function arithmetic(operator: string, a: number, b: number): Value {
  const results: Record<string, number> = { "+": a + b, "-": a - b, "*": a * b, "/": a / b };
  const value = results[operator];
  return value === undefined || !Number.isFinite(value) ? unknown : { kind: "literal", value };
}

function numberOf(value: Value): number | null {
  return value.kind === "literal" && typeof value.value === "number" ? value.value : null;
}

function textParts(value: Value): (string | Value)[] {
  if (value.kind === "template") return value.parts;
  return value.kind === "literal" && typeof value.value === "string" ? [value.value] : [value];
}
