import { describe, expect, it } from "vitest";
import { arrivalTimes } from "./arrivals.ts";

function first(count: number, perSecond: number, seed: string): number[] {
  const next = arrivalTimes(perSecond, seed);
  return Array.from({ length: count }, () => next());
}

describe("arrival times", () => {
  it("have one arrival in every slot", () => {
    const times = first(500, 40, "buy");
    expect(times.map((time) => Math.floor(time / 25))).toEqual(Array.from({ length: 500 }, (_, slot) => slot));
  });

  it("keep no beat", () => {
    const places = first(500, 40, "buy").map((time) => (time % 25) / 25);
    const mean = places.reduce((sum, place) => sum + place, 0) / places.length;
    expect(mean).toBeCloseTo(0.5, 1);
    expect(new Set(places.map((place) => Math.floor(place * 10))).size).toBe(10);
  });

  it("are the same for the same load and others for another", () => {
    expect(first(20, 40, "buy")).toEqual(first(20, 40, "buy"));
    expect(first(20, 40, "buy")).not.toEqual(first(20, 40, "look"));
  });
});
