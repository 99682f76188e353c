/** Makes a smallest value that fits a JSON Schema: what a model asked for structured output is made to say. */
import { field } from "./host.ts";

const deepest = 8;

/** A value of the schema's type; an object with its required (or all) properties; null where the schema says nothing known. */
export function sample(schema: unknown, depth = 0): unknown {
  if (depth > deepest) return null;
  const options = field(schema, "enum") ?? field(schema, "anyOf") ?? field(schema, "oneOf");
  const isEnum = Array.isArray(field(schema, "enum"));
  if (Array.isArray(options) && options.length > 0) return isEnum ? options[0] : sample(options[0], depth + 1);
  const named = field(schema, "type");
  switch (Array.isArray(named) ? named[0] : named) {
    case "object": {
      const properties = field(schema, "properties");
      if (typeof properties !== "object" || properties === null) return {};
      return Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, sample(part, depth + 1)]));
    }
    case "array":
      return [sample(field(schema, "items"), depth + 1)];
    case "string":
      return "lab";
    case "integer":
    case "number":
      return 1;
    case "boolean":
      return true;
    default:
      return null;
  }
}
