/** A short notation for values, so that expectations in tests read like code. */
import type { Call, Summary, Value } from "../../summary.ts";

/**
 * `x` a module's or global name, `x@2` a name of function 2, `$1.0` the first parameter of function 1, `<pkg>.a` an import,
 * `fn:name` or `fn#3`, `class:A`, `this@1`, `f(x)` a call, `(a | b)` either, `(a + b)` an operation,
 * `...a` a spread, `?` unknown.
 */
export function notation(summary: Summary, value: Value): string {
  const of = (inner: Value): string => notation(summary, inner);
  switch (value.kind) {
    case "name":
      return value.fn === 0 ? value.name : `${value.name}@${value.fn}`;
    case "param":
      return `$${value.fn}.${value.index}`;
    case "member":
      return `${of(value.object)}.${value.property}`;
    case "call": {
      const call = summary.calls[value.call];
      return call === undefined ? "no such call" : callNotation(summary, call);
    }
    case "fn":
      return named("fn", summary.functions[value.fn]?.name, value.fn);
    case "class":
      return named("class", summary.classes[value.class]?.name, value.class);
    case "imported":
      return `<${value.specifier}>.${value.name}`;
    case "object": {
      const entries = value.entries.map(({ key, value }) => `${key}: ${of(value)}`);
      return `{${[...entries, ...value.spreads.map((spread) => `...${of(spread)}`)].join(", ")}}`;
    }
    case "array":
      return `[${value.items.map(of).join(", ")}]`;
    case "literal":
      return JSON.stringify(value.value);
    case "template":
      return `\`${value.parts.map((part) => (typeof part === "string" ? part : `\${${of(part)}}`)).join("")}\``;
    case "either":
      return `(${value.of.map(of).join(" | ")})`;
    case "operation":
      return value.operator === "..." ? `...${value.of.map(of).join("")}` : operation(value.operator, value.of.map(of));
    case "this":
      return `this@${value.fn}`;
    case "unknown":
      return "?";
  }
}

function operation(operator: string, operands: readonly string[]): string {
  return operands.length === 1 ? `(${operator} ${operands.join("")})` : `(${operands.join(` ${operator} `)})`;
}

export function callNotation(summary: Summary, call: Call): string {
  const args = call.args.map((arg) => notation(summary, arg)).join(", ");
  return `${call.isNew ? "new " : ""}${notation(summary, call.callee)}(${args})`;
}

function named(kind: string, name: string | null | undefined, id: number): string {
  return name === null || name === undefined ? `${kind}#${id}` : `${kind}:${name}`;
}
