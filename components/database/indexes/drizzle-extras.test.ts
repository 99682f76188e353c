/** Indexes put into the third argument of Drizzle tables. */
import { expect, it } from "vitest";
import { sourceOf } from "../../../patches/editors/source.ts";
import { splice } from "../../../patches/splice.ts";
import { addTableItems } from "./drizzle-extras.ts";

const item = (field: string) => ({
  key: `${field}Idx`,
  value: (row: string) => `index("t_${field}").on(${row}.${field})`,
});

function added(before: string, arrays: boolean, ...fields: string[]): string | null {
  const edits = addTableItems(sourceOf("schema.ts", before), 1, fields.map(item), arrays);
  const outcome =
    edits === null
      ? null
      : splice(
          before,
          edits.filter((edit) => edit.kind === "replace"),
        );
  return typeof outcome === "string" ? outcome : null;
}

it.each<[string, string, boolean, string[], string]>([
  [
    "a new array",
    'const t = pgTable("t", {\n  a: text(),\n});\n',
    true,
    ["a"],
    'const t = pgTable("t", {\n  a: text(),\n}, (table) => [index("t_a").on(table.a)]);\n',
  ],
  [
    "a new object, for older versions",
    'const t = pgTable("t", {\n  a: text(),\n});\n',
    false,
    ["a"],
    'const t = pgTable("t", {\n  a: text(),\n}, (table) => ({ aIdx: index("t_a").on(table.a) }));\n',
  ],
  [
    "several, a line each",
    'const t = pgTable("t", {\n  a: text(),\n});\n',
    true,
    ["a", "b"],
    'const t = pgTable("t", {\n  a: text(),\n}, (table) => [\n  index("t_a").on(table.a),\n  index("t_b").on(table.b),\n]);\n',
  ],
  [
    "behind arguments on lines of their own",
    'const t = pgTable(\n  "t",\n  {\n    a: text(),\n  },\n);\n',
    true,
    ["a"],
    'const t = pgTable(\n  "t",\n  {\n    a: text(),\n  },\n  (table) => [index("t_a").on(table.a)],\n);\n',
  ],
  [
    "into an array",
    'const t = pgTable("t", { a: text() }, (x) => [unique().on(x.b)]);\n',
    false,
    ["a"],
    'const t = pgTable("t", { a: text() }, (x) => [unique().on(x.b), index("t_a").on(x.a)]);\n',
  ],
  [
    "into the object that a function returns",
    'const t = pgTable("t", { a: text() }, (x) => {\n  return {\n    pk: unique().on(x.b),\n  };\n});\n',
    true,
    ["a"],
    'const t = pgTable("t", { a: text() }, (x) => {\n  return {\n    pk: unique().on(x.b),\n    aIdx: index("t_a").on(x.a),\n  };\n});\n',
  ],
  [
    "in the form of the file's other tables",
    'const t = pgTable("t", { a: text() });\nconst u = pgTable("u", { b: text() }, (x) => ({ bIdx: index("u_b").on(x.b) }));\n',
    true,
    ["a"],
    'const t = pgTable("t", { a: text() }, (x) => ({ aIdx: index("t_a").on(x.a) }));\nconst u = pgTable("u", { b: text() }, (x) => ({ bIdx: index("u_b").on(x.b) }));\n',
  ],
])("%s", (_, before, arrays, fields, after) => {
  expect(added(before, arrays, ...fields)).toBe(after);
});

it.each([
  ["a list made elsewhere", 'const t = pgTable("t", { a: text() }, extras);\n'],
  ["columns taken apart", 'const t = pgTable("t", { a: text() }, ({ a }) => [index().on(a)]);\n'],
  ["a key that is taken", 'const t = pgTable("t", { a: text() }, (x) => ({ aIdx: unique().on(x.a) }));\n'],
])("leaves %s alone", (_, before) => {
  expect(added(before, true, "a")).toBeNull();
});
