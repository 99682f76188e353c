/** Loads, faults and verdicts on toy stacks with chosen faults: every ready-made experiment sees its effect, and no effect where there is none. */
import { describe, expect, it } from "vitest";
import type { ToyTraits } from "../verify/testing/toy-app.ts";
import { experiments, saidBy, verifyToys } from "../verify/testing/toy-lab.ts";

const fragile: Partial<ToyTraits> = { checkoutTime: 300 };
const sturdy: Partial<ToyTraits> = { checkoutTime: 300, mail: "queue", isGraceful: true, loginLimit: 10 };
const all = Object.values(experiments);

describe("the lab on toys", () => {
  it("shows what queue, limit and graceful shutdown bring", async () => {
    expect(saidBy(await verifyToys(fragile, sturdy, { experiments: all }))).toMatchObject({
      "toy/hung-mail": expect.stringMatching(/^improved: /),
      "toy/worker-killed": expect.stringMatching(/^improved: .*mails missing \d+ before, 0 after/),
      "toy/rolling-restart": expect.stringMatching(/^improved: .*lost passes/),
      "toy/rate-limit": expect.stringMatching(/^improved: /),
      "toy/kill": expect.stringMatching(/^unchanged: /),
      "toy/steady": expect.stringMatching(/^(unchanged|inconclusive): /),
    });
  });

  it("sees what a patch makes worse", async () => {
    const { rolling, worker } = experiments;
    const wishes = { experiments: [rolling, worker] };
    expect(saidBy(await verifyToys({ ...sturdy, loginLimit: null }, fragile, wishes))).toEqual({
      "toy/rolling-restart": expect.stringMatching(/^regressed: /),
      "toy/worker-killed": expect.stringMatching(/^regressed: .*mails missing 0 before/),
    });
  });

  it.each([
    ["fragile", fragile],
    ["sturdy", sturdy],
  ])("improves, regresses and breaks nothing when both sides are %s", async (_, traits) => {
    const verification = await verifyToys(traits, traits, { experiments: all });
    for (const said of Object.values(saidBy(verification))) expect(said).toMatch(/^(unchanged|inconclusive): /);
  });
});
