/** Generated TypeScript is type-checked in the apps it was generated for: a patch brings no type error that was not there. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { components } from "./registry.ts";
import { fixturesOf } from "./testing/fixture.ts";
import { complaintsAbout, isTypeScript } from "./testing/type-checking.ts";

const home = mkdtempSync(join(tmpdir(), "shoreup-types-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const cases = components.flatMap((component) =>
  fixturesOf(component)
    .filter(({ after }) => Object.keys(after ?? {}).some(isTypeScript))
    .map((fixture) => ({ component: component.id, fixture })),
);

function complaints(side: "before" | "after"): string[] {
  const trees = cases.map(({ component, fixture: { name, before, after } }): [string, Record<string, string>] => [
    `${component}/${name}`,
    side === "before" ? before : { ...before, ...after },
  ]);
  return complaintsAbout(join(home, side), new Map(trees));
}

describe("generated TypeScript", () => {
  const known = new Set(complaints("before"));
  const brought = complaints("after").filter((complaint) => !known.has(complaint));

  it.each(cases)("brings no type error: $component on $fixture.name", ({ component, fixture }) => {
    expect(brought.filter((complaint) => complaint.startsWith(`${component}/${fixture.name}/`))).toEqual([]);
  });

  it("is there to be checked, with declarations that hold", () => {
    expect(cases.length).toBeGreaterThan(0);
    expect([...known].filter((complaint) => complaint.startsWith("packages.d.ts"))).toEqual([]);
  });
});
