/**
 * Any components together on any app: the patches compose, and a second run has nothing to add. A sample here;
 * `SHOREUP_COMPOSITIONS=2000 npx vitest run components/composition` tries more, and e2e/ whole plans on every fixture.
 */
import { describe, expect, it } from "vitest";
import { components } from "./registry.ts";
import { composed } from "./testing/composition.ts";
import { fixturesOf } from "./testing/fixture.ts";
import { chanceOf } from "./testing/mutations.ts";

const rounds = Number(process.env["SHOREUP_COMPOSITIONS"] ?? 60);
const fixtures = components.flatMap((component) =>
  fixturesOf(component).map(({ name, before }) => ({ name: `${component.id}/${name}`, before })),
);

describe("a plan for some of the components", () => {
  const perTest = 20;
  const starts = Array.from({ length: Math.ceil(rounds / perTest) }, (_, index) => index * perTest);
  it.each(starts)("composes, from seed %i on", { timeout: 60_000 }, async (start) => {
    const faults: string[] = [];
    for (let seed = start; seed < start + perTest; seed += 1) faults.push(...(await faultsOf(seed)));
    expect(faults).toEqual([]);
  });
});

async function faultsOf(seed: number): Promise<string[]> {
  const chance = chanceOf(seed);
  const fixture = fixtures[Math.floor(chance() * fixtures.length)];
  const chosen = components.filter(() => chance() < 0.5).map(({ id }) => id);
  const { faults } = await composed(fixture?.before ?? {}, chosen);
  return faults.map((fault) => `seed ${seed} (${fixture?.name}: ${chosen.join(", ")}): ${fault}`);
}
