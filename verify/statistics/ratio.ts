/** How many times larger one side is than the other, with the interval that its noise leaves open. */
import { mean, total } from "./summary.ts";

/** `estimate` is after / before by geometric means; the true ratio lies between `low` and `high` at the asked level. */
export interface Ratio {
  estimate: number;
  low: number;
  high: number;
}

/**
 * Two-sided Student t quantiles by level and degrees of freedom 1, 2, 3, ... (any table of the t distribution);
 * past the end of a row its last value is used, which is the cautious side.
 */
const quantiles = {
  "80%": [3.078, 1.886, 1.638, 1.533, 1.476, 1.44, 1.415, 1.397, 1.383, 1.372],
  "99%": [63.657, 9.925, 5.841, 4.604, 4.032, 3.707, 3.499, 3.355, 3.25, 3.169],
} as const;
export type Level = keyof typeof quantiles;

/** Two or three rounds that agree by luck must not pass for a quiet machine: the noise of one run is never taken as less than 5 %. */
const leastNoise = 0.05;

/** Pooled t interval on logarithms. Null when a side has no value, both have only one, or a value is not positive. */
export function ratio(before: readonly number[], after: readonly number[], level: Level): Ratio | null {
  if ([...before, ...after].some((value) => !(value > 0))) return null;
  const [first, second] = [before.map(Math.log), after.map(Math.log)];
  const [from, to] = [mean(first), mean(second)];
  const freedom = first.length + second.length - 2;
  if (from === null || to === null || freedom < 1) return null;
  const squares = total(first.map((value) => (value - from) ** 2)) + total(second.map((value) => (value - to) ** 2));
  const noise = Math.max(leastNoise, Math.sqrt(squares / freedom));
  const margin = quantile(level, freedom) * noise * Math.sqrt(1 / first.length + 1 / second.length);
  const middle = to - from;
  return { estimate: Math.exp(middle), low: Math.exp(middle - margin), high: Math.exp(middle + margin) };
}

function quantile(level: Level, freedom: number): number {
  const row = quantiles[level];
  return row[Math.min(freedom, row.length) - 1] ?? row[0];
}
