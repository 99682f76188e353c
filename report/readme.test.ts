/** The README's tables are what the registry says. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { components } from "../components/registry.ts";
import { withTables } from "./readme.ts";

const readme = readFileSync(join(import.meta.dirname, "..", "README.md"), "utf8");

it("is up to date; `node report/write-generated.ts` brings it there", () => {
  expect(withTables(readme, components)).toBe(readme);
});

it("names every component", () => {
  for (const { title } of components) expect(readme).toContain(`| ${title} |`);
});
