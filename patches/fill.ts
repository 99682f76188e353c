/** Filling a template: names for its placeholders, and the parts that an app does not need left out. */

/**
 * Replaces `__NAME__` by `values.NAME`, and keeps the lines between a comment line `@if name` and `@end` only when
 * `values.name` is true (`@if !name`: when it is false); the marker lines themselves always go. Comments may be `//` or `#`.
 *
 * Throws on a placeholder or condition without a value: a bug of the component.
 */
export function fill(template: string, values: Readonly<Record<string, string | boolean>>): string {
  const open: boolean[] = [];
  const lines: string[] = [];
  for (const line of template.split("\n")) {
    const marker = /^\s*(?:\/\/|#)\s*@(if|end)\b\s*(!?)\s*(\w*)\s*$/.exec(line);
    if (marker === null) {
      if (open.every(Boolean)) lines.push(filled(line, values));
      continue;
    }
    if (marker[1] === "if") open.push(condition(marker[3] ?? "", values) !== (marker[2] === "!"));
    else if (open.pop() === undefined) throw new Error("The template has an @end without an @if");
  }
  if (open.length > 0) throw new Error("The template has an @if without an @end");
  return lines.join("\n");
}

function condition(name: string, values: Readonly<Record<string, string | boolean>>): boolean {
  const value = values[name];
  if (typeof value === "boolean") return value;
  throw new Error(`The template asks for the condition ${name}, which has no value`);
}

function filled(line: string, values: Readonly<Record<string, string | boolean>>): string {
  return line.replace(/__([A-Z][A-Z0-9_]*?)__/g, (_, name: string) => {
    const value = values[name];
    if (typeof value === "string") return value;
    throw new Error(`The template asks for ${name}, which has no value`);
  });
}
