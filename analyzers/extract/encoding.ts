/** The encoded form of a summary: what the cache stores and extraction threads hand over. */
import type {
  Call,
  ClassFact,
  FunctionFact,
  ImportFact,
  Param,
  Span,
  Summary,
  TryFact,
  Value,
  Write,
} from "../summary.ts";
import {
  boolean,
  integer,
  list,
  nullable,
  optional,
  Reader,
  string,
  struct,
  table,
  word,
  Writer,
  type Codec,
  type Encoded,
} from "./codec.ts";
import { unknown } from "./walk.ts";

// Spans, values and calls are by far the most frequent, so they are written out; the rest is put together.
const span: Codec<Span> = {
  write(out, { start, end, line, endLine, column }) {
    out.int(start);
    out.int(end - start);
    out.int(line);
    out.int(endLine - line);
    out.int(column);
  },
  read(from) {
    const start = from.int();
    const end = start + from.int();
    const line = from.int();
    return { start, end, line, endLine: line + from.int(), column: from.int() };
  },
};

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
  "this",
  "unknown",
] as const satisfies Value["kind"][];
const kindIndex = new Map<Value["kind"], number>(kinds.map((kind, index) => [kind, index]));

const value: Codec<Value> = { write: writeValue, read: readValue };
const values = list(value);

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
const literal: Codec<Scalar> = {
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

const kept = ["awaited", "returned", "assigned", "argument"] as const;
const uses = word<Call["use"]>([...kept, "chained", "discarded", "other", "decorator"]);

const call: Codec<Call> = {
  write(out, of) {
    out.int(of.fn);
    writeValue(out, of.callee);
    values.write(out, of.args);
    uses.write(out, of.use);
    out.int((of.isNew ? 1 : 0) | (of.awaited ? 2 : 0) | (of.inLoop ? 4 : 0) | (of.guarded ? 8 : 0));
    span.write(out, of.span);
    span.write(out, of.statement);
  },
  read(from) {
    const fn = from.int();
    const callee = readValue(from);
    const args = values.read(from);
    const use = uses.read(from);
    const flags = from.int();
    return {
      fn,
      callee,
      args,
      isNew: (flags & 1) !== 0,
      use,
      awaited: (flags & 2) !== 0,
      inLoop: (flags & 4) !== 0,
      guarded: (flags & 8) !== 0,
      span: span.read(from),
      statement: span.read(from),
    };
  },
};

const calls = list(integer);

const summary = struct<Summary>({
  language: word(["typescript", "javascript", "python"]),
  modules: word(["esm", "commonjs", "none"]),
  directives: list(string),
  imports: list(
    struct<ImportFact>({
      specifier: string,
      names: list(struct({ imported: string, local: string })),
      typeOnly: boolean,
      form: word(["import", "require", "dynamic", "reexport"]),
      span,
    }),
  ),
  exports: table(value),
  reexports: list(struct({ specifier: string, name: string, as: string })),
  functions: list(
    struct<FunctionFact>({
      parent: nullable(integer),
      name: nullable(string),
      kind: word(["module", "declaration", "expression", "arrow", "method", "constructor", "accessor"]),
      async: boolean,
      generator: boolean,
      class: nullable(integer),
      params: list(
        struct<Param>({
          name: nullable(string),
          type: nullable(string),
          rest: boolean,
          optional: boolean,
          decorators: optional(calls),
        }),
      ),
      bindings: table(values),
      returns: values,
      directives: list(string),
      span,
    }),
  ),
  classes: list(
    struct<ClassFact>({
      name: nullable(string),
      extends: nullable(value),
      members: list(struct({ name: string, fn: integer, static: boolean, decorators: calls })),
      fields: table(values),
      fieldTypes: table(string),
      fieldDecorators: optional(table(calls)),
      decorators: calls,
      span,
    }),
  ),
  calls: list(call),
  writes: list(
    struct<Write>({
      fn: integer,
      target: value,
      how: word(["assign", "update", "delete", "method"]),
      method: nullable(string),
      value: optional(value),
      span,
    }),
  ),
  tries: list(
    struct<TryFact>({ fn: integer, block: span, handler: nullable(span), rethrows: boolean, empty: boolean }),
  ),
  env: list(struct({ name: string, default: literal as Codec<string | number | null>, span })),
  jsx: boolean,
  dom: boolean,
  problem: nullable(string),
});

const writer = new Writer();

export function encode(of: Summary): Encoded {
  summary.write(writer, of);
  return writer.finish();
}

export function decode(of: Encoded): Summary {
  return summary.read(new Reader(of));
}
