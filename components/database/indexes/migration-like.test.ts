/** Migrations made after the form of another one. */
import { expect, it } from "vitest";
import { memoryRepo } from "../../../analyzers/repo/memory.ts";
import { isPlainMigration, likeTheLast } from "./migration-like.ts";

const steps = {
  name: "Next",
  up: (tool: string, isOne: boolean): string[] =>
    isOne ? [`${tool}.all(["a", "b"])`] : [`${tool}.add("a")`, `${tool}.add("b")`],
  down: (tool: string): string[] => [`${tool}.drop("a")`],
};

function made(text: string, name = "1_first.js"): string | null {
  const repo = memoryRepo({ [name]: text });
  return likeTheLast([name], steps, { repo });
}

it.each<[string, string, string]>([
  [
    "async methods, types in a comment",
    "'use strict'\n\n/** @type {import('cli').Migration} */\nmodule.exports = {\n  // adds the dogs\n  async up (q, S) {\n    await q.createTable('dogs')\n  },\n  async down (q) {\n    await q.dropTable('dogs')\n  }\n}\n",
    "'use strict'\n\n/** @type {import('cli').Migration} */\nmodule.exports = {\n  async up (q, S) {\n    await q.add('a')\n    await q.add('b')\n  },\n  async down (q) {\n    await q.drop('a')\n  }\n}\n",
  ],
  [
    "functions that return",
    'exports.up = function (knex) {\n  return knex.x();\n};\n\nexports.down = (knex) => knex.y("t");\n',
    'exports.up = function (knex) {\n  return knex.all(["a", "b"]);\n};\n\nexports.down = (knex) => knex.drop("a");\n',
  ],
])("%s", (_, last, next) => {
  expect(isPlainMigration(last)).toBe(true);
  expect(made(last)).toBe(next);
});

it("gives a class and its text the new name", () => {
  const last =
    'import type { M, Q } from "typeorm";\n\nexport class First1 implements M {\n  name = "First1";\n\n  public async up(q: Q): Promise<void> {}\n\n  public async down(q: Q): Promise<void> {}\n}\n';

  expect(made(last, "1-First.ts")).toBe(
    'import type { M, Q } from "typeorm";\n\nexport class Next implements M {\n  name = "Next";\n\n  public async up(q: Q): Promise<void> {\n    await q.add("a");\n    await q.add("b");\n  }\n\n  public async down(q: Q): Promise<void> {\n    await q.drop("a");\n  }\n}\n',
  );
});

it.each<[string, string]>([
  [
    "a helper of its own",
    "const table = 'dogs';\nexports.up = (knex) => knex.x(table);\nexports.down = (knex) => knex.y(table);\n",
  ],
  [
    "a setting of its own",
    "exports.up = (k) => k.x();\nexports.down = (k) => k.y();\nexports.config = { transaction: false };\n",
  ],
  ["no way back", "exports.up = (knex) => knex.x();\n"],
])("is not made after one with %s", (_, last) => {
  expect(made(last)).toBeNull();
});
