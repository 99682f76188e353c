/** The encoded form of a summary: what the cache stores and extraction threads hand over. */
import type {
  Arm,
  Call,
  ClassFact,
  FunctionFact,
  ImportFact,
  Param,
  Span,
  Summary,
  TryFact,
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
import { literal, value, values } from "./value-codec.ts";

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

const uses = word<Call["use"]>([
  "awaited",
  "returned",
  "assigned",
  "argument",
  "chained",
  "discarded",
  "rendered",
  "other",
  "decorator",
]);

const call: Codec<Call> = {
  write(out, of) {
    out.int(of.fn);
    value.write(out, of.callee);
    values.write(out, of.args);
    uses.write(out, of.use);
    out.int((of.isNew ? 1 : 0) | (of.awaited ? 2 : 0) | (of.inLoop ? 4 : 0) | (of.guarded ? 8 : 0));
    span.write(out, of.span);
    span.write(out, of.statement);
  },
  read(from) {
    const fn = from.int();
    const callee = value.read(from);
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

const writes = list(
  struct<Write>({
    fn: integer,
    target: value,
    how: word(["assign", "update", "delete", "method"]),
    method: nullable(string),
    value: optional(value),
    span,
  }),
);

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
  writes,
  changes: writes,
  arms: list(
    struct<Arm>({ fn: integer, whole: span, span, ends: nullable(word(["return", "throw", "continue", "break"])) }),
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
