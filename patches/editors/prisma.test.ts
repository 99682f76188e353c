/** Attributes put into models of a Prisma schema. */
import { expect, it } from "vitest";
import { splice } from "../splice.ts";
import { addAttributes, modelBody } from "./prisma.ts";

function added(text: string, ...attributes: string[]): string | null {
  const edit = addAttributes(text, "Post", attributes);
  if (edit === null) return null;
  const outcome = splice(text, [edit]);
  return typeof outcome === "string" ? outcome : null;
}

it.each<[string, string, string]>([
  [
    "as last lines, behind a blank one",
    "model Post {\n  id Int @id\n  by Int\n}\n",
    "model Post {\n  id Int @id\n  by Int\n\n  @@index([by])\n}\n",
  ],
  [
    "into the blank line that is there",
    "model Post {\n\tid Int @id\n\n}\n",
    "model Post {\n\tid Int @id\n\n\t@@index([by])\n}\n",
  ],
  [
    "behind the last index",
    'model Post {\n  id Int @id\n\n  @@index([a]) // list\n  @@map("posts")\n}',
    'model Post {\n  id Int @id\n\n  @@index([a]) // list\n  @@index([by])\n  @@map("posts")\n}',
  ],
  [
    "behind an index of several lines",
    "model Post {\n  id Int\n  @@index([\n    a, // (first\n    b\n  ])\n}",
    "model Post {\n  id Int\n  @@index([\n    a, // (first\n    b\n  ])\n  @@index([by])\n}",
  ],
  [
    "behind a key, before the name of the table",
    'model Post {\n  id Int\n\n  @@id([id])\n  @@map("posts")\n}',
    'model Post {\n  id Int\n\n  @@id([id])\n  @@index([by])\n  @@map("posts")\n}',
  ],
  [
    "before the name of the table",
    'model Post {\n  id Int\n\n  @@map("posts")\n}',
    'model Post {\n  id Int\n\n  @@index([by])\n  @@map("posts")\n}',
  ],
  [
    "between lines that Windows ended",
    "model Post {\r\n  id Int\r\n}\r\n",
    "model Post {\r\n  id Int\n\n  @@index([by])\r\n}\r\n",
  ],
  [
    "beside texts with signs in them",
    'model Post {\n  url String @default("http://x}") // }\n}\n',
    'model Post {\n  url String @default("http://x}") // }\n\n  @@index([by])\n}\n',
  ],
])("%s", (_, before, after) => {
  expect(added(before, "@@index([by])")).toBe(after);
});

it("adds several at once", () => {
  expect(added("model Post {\n  id Int\n}\n", "@@index([a])", "@@index([b])")).toBe(
    "model Post {\n  id Int\n\n  @@index([a])\n  @@index([b])\n}\n",
  );
});

it.each([
  ["another model", "model Page {\n  id Int\n}\n"],
  ["a model in a comment", "// model Post {\n// }\n"],
  ["a model that is there twice", "model Post {\n  id Int\n}\nmodel Post {\n  id Int\n}\n"],
  ["a model of one line", "model Post { id Int @id }\n"],
  ["a model that does not end", "model Post {\n  id Int\n"],
])("leaves %s alone", (_, text) => {
  expect(added(text, "@@index([by])")).toBeNull();
});

it("tells the body", () => {
  expect(modelBody('model Post { // all\r\n  id Int\r\n  @@map("posts")\r\n}', "Post")).toBe(
    '  id Int\n  @@map("posts")',
  );
});
