import { describe, expect, it } from "vitest";
import { denseLine } from "./density.ts";
import { extract } from "./extract.ts";

describe("a line too dense to be parsed", () => {
  const table: [string, string, number | null][] = [
    ["short lines, many of them", "a,\n".repeat(400_000), null],
    ["a line of ordinary length", `const a = [${"1,".repeat(9_000)}];`, null],
    ["a long text without marks", `const picture = "${"iVBORw0KGgo".repeat(90_000)}";`, null],
    ["minified code", `x\n${"a,".repeat(500_000)}`, 1_000_000],
    ["an empty text", "", null],
  ];
  it.each(table)("%s", (_, text, length) => {
    expect(denseLine(text)).toBe(length);
  });

  it("is said, not parsed: so many errors in one line would end the process", () => {
    const summary = extract("a.js", `const ${"a,".repeat(300_000)}b = 1;\n`);
    expect(summary).toMatchObject({
      problem: "a line of 600012 characters: minified or generated code is not read",
      calls: [],
    });
  });
});
