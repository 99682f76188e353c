import { describe, expect, it } from "vitest";
import type { Expectation, Run } from "../experiment.ts";
import { chanceOfSplit } from "./chance.ts";
import { outcomeOf } from "./expectation.ts";
import { ratio } from "./ratio.ts";
import { mean, median, percentile } from "./summary.ts";

describe("summary", () => {
  it.each([
    [[5], 95, 5],
    [[1, 2, 3, 4], 50, 2],
    [[4, 1, 3, 2], 75, 3],
    [Array.from({ length: 100 }, (_, index) => index + 1), 95, 95],
    [Array.from({ length: 20 }, (_, index) => index + 1), 99, 20],
    [[3, 9], 0, 3],
    [[], 95, null],
  ])("percentile of %j at %d is %s", (values, percent, expected) => {
    expect(percentile(values, percent)).toBe(expected);
  });

  it.each([
    [[1, 3, 2], 2],
    [[1, 2, 3, 4], 2.5],
    [[], null],
  ])("median of %j is %s", (values, expected) => expect(median(values)).toBe(expected));

  it("has no mean of nothing", () => expect([mean([]), mean([2, 4])]).toEqual([null, 3]));
});

describe("ratio", () => {
  it("is after over before, with an interval that holds it", () => {
    const interval = ratio([100, 110, 105], [50, 55, 52], "99%");
    expect(interval?.estimate).toBeCloseTo(0.5, 1);
    expect(interval?.low).toBeLessThan(0.5);
    expect(interval?.high).toBeLessThan(1);
  });

  it("does not take two equal rounds for a quiet machine", () => {
    const interval = ratio([100, 100], [110, 110], "99%");
    expect(interval?.low).toBeLessThan(1);
    expect(interval?.high).toBeGreaterThan(1.2);
  });

  it.each([
    ["one round", [100], [50]],
    ["no round", [], [50, 60]],
    ["a zero", [0, 100], [50, 50]],
  ])("is unknown for %s", (_, before, after) => expect(ratio(before, after, "99%")).toBeNull());
});

describe("chance", () => {
  it.each([
    [7, 0, 1 / 128],
    [0, 7, 1 / 128],
    [3, 3, 0.65625],
    [0, 0, 1],
    [10, 0, 1 / 1024],
  ])("of %d against %d is %d", (first, second, expected) => {
    expect(chanceOfSplit(first, second)).toBeCloseTo(expected, 5);
  });

  it("weighs the opportunities each side had", () => {
    expect(chanceOfSplit(90, 10, [900, 100])).toBeGreaterThan(0.4);
    expect(chanceOfSplit(50, 50, [900, 100])).toBeLessThan(1e-6);
  });
});

const goal: Expectation = { kind: "goal", measure: "checkout.p95", is: "at-most", value: 2000 };
const lost: Expectation = { kind: "goal", measure: "all.lost", is: "at-most", value: 0 };
const share: Expectation = { kind: "goal", measure: "read.okShare", is: "at-least", value: 0.95 };
const better: Expectation = { kind: "better", measure: "read.perSecond", direction: "higher", smallestEffect: 0.2 };
const guard: Expectation = {
  kind: "not-worse",
  measure: "cpuMillisecondsPerRequest",
  direction: "lower",
  tolerance: 0.5,
};

function runs(side: Run["side"], expectation: Expectation, values: readonly (number | undefined)[]): Run[] {
  return values.map((value, index) => {
    const measures = value === undefined ? {} : { [expectation.measure]: value };
    const as = expectation.measure.split(".")[0] ?? "";
    const run = { id: `e/${side}/${index + 1}`, experiment: "e", side, round: index + 1, responses: {}, notes: [] };
    return { ...run, measures: { ...measures, [`${as}.passes`]: 100 } };
  });
}

describe("outcome", () => {
  const table: [string, Expectation, (number | undefined)[], (number | undefined)[], string][] = [
    ["goal missed before, met after", goal, [10_000, 10_000], [40, 45], "improved"],
    ["goal met before, missed after", goal, [40, 45], [10_000, 10_000], "regressed"],
    ["goal met on both sides", goal, [40, 45], [60, 50], "held"],
    ["goal missed on both sides", goal, [10_000, 10_000], [8000, 9000], "unmet"],
    ["goal missed in one round before", goal, [10_000, 45], [40, 45], "unclear"],
    ["goal crossed by a hair", goal, [2010, 2020], [1990, 1980], "unclear"],
    ["goal crossed far, on a noisy machine", goal, [10_000, 5000], [40, 900], "improved"],
    ["goal on a time tried only once", goal, [10_000], [40], "unclear"],
    ["not measured in a round", goal, [10_000, undefined], [40, 45], "unclear"],
    ["many lost before, none after", lost, [6, 5], [0, 0], "improved"],
    ["a few lost before, none after", lost, [1, 2], [0, 0], "unclear"],
    ["many lost in one round", lost, [12], [0], "improved"],
    ["a share that falls", share, [1, 1], [0.8, 0.7], "regressed"],
    ["a share that falls by a hair", share, [0.95, 0.95], [0.94, 0.94], "unclear"],
    ["twice as fast, three rounds", better, [100, 104, 98], [205, 198, 210], "improved"],
    ["half as fast, three rounds", better, [205, 198, 210], [100, 104, 98], "regressed"],
    ["faster, but noisy", better, [100, 60, 140], [150, 100, 230], "unclear"],
    ["as fast as before, quiet", better, [100, 101, 100, 99], [101, 100, 100, 100], "unmet"],
    ["guard kept", guard, [2, 2.1], [2.1, 2], "held"],
    ["guard broken", guard, [2, 2.1], [9, 9.3], "regressed"],
    ["guard in the noise", guard, [1, 6], [5, 2], "unclear"],
    ["guard on a zero", guard, [0, 0], [1, 1], "unclear"],
  ];
  it.each(table)("%s", (_, expectation, before, after, word) => {
    expect(outcomeOf(expectation, runs("before", expectation, before), runs("after", expectation, after)).word).toBe(
      word,
    );
  });
});

/** Deterministic noise: mulberry32. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

describe("the same app on both sides", () => {
  const normal = (roll: () => number): number => Math.sqrt(-2 * Math.log(1 - roll())) * Math.cos(2 * Math.PI * roll());
  const scale = (roll: () => number, middle: number, noise: number): number => middle * Math.exp(noise * normal(roll));
  const rare = (roll: () => number, rate: number): number => {
    let [count, product] = [0, roll()];
    for (; product > Math.exp(-rate); product *= roll()) count += 1;
    return count;
  };
  const wrongWords = (
    expectation: Expectation,
    rounds: number,
    draw: (roll: () => number) => number,
    trials: number,
  ): number => {
    const roll = dice(20_261_121);
    const side = (name: Run["side"]): Run[] =>
      runs(
        name,
        expectation,
        Array.from({ length: rounds }, () => draw(roll)),
      );
    const words = Array.from({ length: trials }, () => outcomeOf(expectation, side("before"), side("after")).word);
    return words.filter((word) => word === "improved" || word === "regressed").length;
  };
  type Draw = (roll: () => number) => number;

  it.each<[string, Expectation, number, Draw]>([
    ["a time well within its goal", goal, 2, (roll) => scale(roll, 300, 0.3)],
    ["a time far beyond its goal", goal, 2, (roll) => scale(roll, 9000, 0.2)],
    ["a loss now and then", lost, 2, (roll) => rare(roll, 0.5)],
    ["many losses", lost, 1, (roll) => rare(roll, 12)],
    ["a share within its goal", share, 2, (roll) => 1 - rare(roll, 1) / 100],
    ["a rate, two rounds", better, 2, (roll) => scale(roll, 300, 0.15)],
    ["a rate, three rounds", better, 3, (roll) => scale(roll, 300, 0.15)],
    ["a guarded cost", guard, 2, (roll) => scale(roll, 3, 0.3)],
  ])("%s never improves nor regresses in 200 tries", (_, expectation, rounds, draw) => {
    expect(wrongWords(expectation, rounds, draw, 200)).toBe(0);
  });

  it.each<[string, Expectation, number, Draw]>([
    ["a time just at its goal", goal, 2, (roll) => scale(roll, 2000, 0.3)],
    ["losses as often as not", lost, 2, (roll) => rare(roll, 1.5)],
    ["a share just at its goal", share, 2, (roll) => 1 - rare(roll, 5) / 100],
    ["a very noisy rate", better, 3, (roll) => scale(roll, 300, 0.5)],
  ])("%s is mistaken in less than 1 of 100 of 2000 tries", (_, expectation, rounds, draw) => {
    expect(wrongWords(expectation, rounds, draw, 2000)).toBeLessThan(20);
  });
});
