/** The encoded form of values, the most frequent part of a summary, written out by hand. */
import type { Operator, Value } from "../summary.ts";
import { list, word, type Codec, type Reader, type Writer } from "./codec.ts";
import { unknown } from "./walk.ts";

const kinds = [
  "name",
  "param",
  "member",
  "call",
  "fn",
  "class",
  "imported",
  "object",
  "array",
  "literal",
  "template",
  "either",
  "operation",
  "this",
  "unknown",
] as const satisfies Value["kind"][];
const operator = word<Operator>(["+", "-", "*", "/", "%", "**", "|", "...", "==", "!=", "<", "other"]);
const kindIndex = new Map<Value["kind"], number>(kinds.map((kind, index) => [kind, index]));

export const value: Codec<Value> = { write: writeValue, read: readValue };
export const values = list(value);

function writeValue(out: Writer, of: Value): void {
  out.int(kindIndex.get(of.kind) ?? kinds.length);
  switch (of.kind) {
    case "name":
      out.string(of.name);
      return out.int(of.fn);
    case "param":
      out.int(of.fn);
      return out.int(of.index);
    case "member":
      out.string(of.property);
      return writeValue(out, of.object);
    case "call":
      return out.int(of.call);
    case "fn":
    case "this":
      return out.int(of.fn);
    case "class":
      return out.int(of.class);
    case "imported":
      out.string(of.specifier);
      return out.string(of.name);
    case "object":
      entries.write(out, of.entries);
      return values.write(out, of.spreads);
    case "array":
      return values.write(out, of.items);
    case "literal":
      return literal.write(out, of.value);
    case "template":
      return parts.write(out, of.parts);
    case "either":
      return values.write(out, of.of);
    case "operation":
      operator.write(out, of.operator);
      return values.write(out, of.of);
    case "unknown":
  }
}

function readValue(from: Reader): Value {
  const kind = kinds[from.int()];
  switch (kind) {
    case "name":
      return { kind, name: from.string(), fn: from.int() };
    case "param":
      return { kind, fn: from.int(), index: from.int() };
    case "member": {
      const property = from.string();
      return { kind, object: readValue(from), property };
    }
    case "call":
      return { kind, call: from.int() };
    case "fn":
    case "this":
      return { kind, fn: from.int() };
    case "class":
      return { kind, class: from.int() };
    case "imported":
      return { kind, specifier: from.string(), name: from.string() };
    case "object":
      return { kind, entries: entries.read(from), spreads: values.read(from) };
    case "array":
      return { kind, items: values.read(from) };
    case "literal":
      return { kind, value: literal.read(from) };
    case "template":
      return { kind, parts: parts.read(from) };
    case "either":
      return { kind, of: values.read(from) };
    case "operation":
      return { kind, operator: operator.read(from), of: values.read(from) };
    default:
      return unknown;
  }
}

const entries = list<{ key: string; value: Value }>({
  write(out, entry) {
    out.string(entry.key);
    writeValue(out, entry.value);
  },
  read: (from) => ({ key: from.string(), value: readValue(from) }),
});

const parts = list<string | Value>({
  write(out, part) {
    out.int(typeof part === "string" ? 1 : 0);
    if (typeof part === "string") out.string(part);
    else writeValue(out, part);
  },
  read: (from) => (from.int() === 1 ? from.string() : readValue(from)),
});

type Scalar = string | number | boolean | null;
const constants: readonly Scalar[] = [null, true, false];

/** 0 to 2 a constant, 3 a string, 4 an integer, 5 any other number in its decimal form. */
export const literal: Codec<Scalar> = {
  write(out, of) {
    if (typeof of === "string") {
      out.int(3);
      return out.string(of);
    }
    if (typeof of !== "number") return out.int(constants.indexOf(of));
    const isInteger = (of | 0) === of;
    out.int(isInteger ? 4 : 5);
    if (isInteger) out.int(of);
    else out.string(String(of));
  },
  read(from) {
    const form = from.int();
    if (form === 3) return from.string();
    if (form === 4) return from.int();
    return form === 5 ? Number(from.string()) : (constants[form] ?? null);
  },
};
