/** The whole plan on every fixture: the patches compose, a second run has nothing to add, and no type error comes with them. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { components } from "../components/registry.ts";
import { composed } from "../components/testing/composition.ts";
import { fixturesOf } from "../components/testing/fixture.ts";
import { complaintsAbout } from "../components/testing/type-checking.ts";

const all = components.map(({ id }) => id);
const home = mkdtempSync(join(tmpdir(), "shoreup-composed-"));
const before = new Map<string, Record<string, string>>();
const after = new Map<string, Record<string, string>>();
const faults: string[] = [];

beforeAll(async () => {
  for (const component of components) {
    for (const fixture of fixturesOf(component)) {
      const name = `${component.id}/${fixture.name}`;
      const outcome = await composed(fixture.before, all);
      faults.push(...outcome.faults.map((fault) => `${name}: ${fault}`));
      before.set(name, fixture.before);
      after.set(name, outcome.after);
    }
  }
}, 600_000);

afterAll(() => rmSync(home, { recursive: true, force: true }));

it("composes on every fixture", () => {
  expect(after.size).toBeGreaterThan(300);
  expect(faults).toEqual([]);
});

it("brings no type error", () => {
  // Packages are largely `any` here, and so is what functions are given of theirs: each component's own test is strict there.
  const options = { noImplicitAny: false };
  const known = new Set(complaintsAbout(join(home, "before"), before, options));
  const brought = complaintsAbout(join(home, "after"), after, options)
    .filter((complaint) => !known.has(complaint))
    // A Map made of rows that are `any` holds `{}`; of real rows it holds rows.
    .filter((complaint) => !complaint.endsWith("does not exist on type '{}'."));
  expect(brought).toEqual([]);
});
