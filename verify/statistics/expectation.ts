/** What the rounds say about one expectation. */
import type { Expectation, Run } from "../experiment.ts";
import { measureKind } from "../measures.ts";
import { chanceOfSplit } from "./chance.ts";
import { ratio } from "./ratio.ts";
import { median, total } from "./summary.ts";

/**
 * `improved` and `regressed` are only said of a difference that chance does not explain; `held` and `unmet` mean no
 * difference with the hypothesis true or false on both sides; `unclear` carries its reason, and whether more rounds
 * of the same kind could make it clear.
 */
export type Outcome =
  | { word: "improved" | "regressed" | "held" | "unmet" }
  | { word: "unclear"; because: string; moreRoundsMayTell: boolean };

/** A split this unlikely between equal sides is taken for a difference. */
const significance = 0.01;
/** Every round of one side this many times every round of the other: no drift of a shared machine does that to a time twice. */
const clearFactor = 3;

/** `fewestRounds`: so many have to agree before a goal is said to be won or lost. */
export function outcomeOf(
  expectation: Expectation,
  before: readonly Run[],
  after: readonly Run[],
  fewestRounds = 1,
): Outcome {
  const [first, second] = [valuesOf(expectation.measure, before), valuesOf(expectation.measure, after)];
  if (first.length < before.length || second.length < after.length || first.length === 0 || second.length === 0) {
    return unclear("it was not measured in every round");
  }
  if (expectation.kind === "goal") return goalOutcome(expectation, before, after, fewestRounds);
  return expectation.kind === "better"
    ? betterOutcome(expectation, first, second)
    : guardOutcome(expectation, first, second);
}

export function valuesOf(measure: string, runs: readonly Run[]): number[] {
  return runs.map(({ measures }) => measures[measure]).filter((value) => value !== undefined);
}

function goalOutcome(
  goal: Extract<Expectation, { kind: "goal" }>,
  before: readonly Run[],
  after: readonly Run[],
  fewestRounds: number,
): Outcome {
  const met = (value: number): boolean => (goal.is === "at-most" ? value <= goal.value : value >= goal.value);
  const once = valuesOf(goal.measure, before).map(met);
  const now = valuesOf(goal.measure, after).map(met);
  if (all(once) && all(now)) return { word: "held" };
  if (none(once) && none(now)) return { word: "unmet" };
  const isChanged = (none(once) && all(now)) || (all(once) && none(now));
  if (!isChanged) return unclear("the rounds disagree");
  if (Math.min(before.length, after.length) < fewestRounds) return unclear("one moment can be chance", true);
  if (!differs(goal.measure, before, after)) return unclear("a difference this small can be chance", true);
  return { word: all(now) ? "improved" : "regressed" };
}

/** Whether the sides differ by more than chance explains, by the kind of noise the measure has. */
function differs(measure: string, before: readonly Run[], after: readonly Run[]): boolean {
  const noise = measureKind(measure)?.noise ?? "scale";
  const [first, second] = [valuesOf(measure, before), valuesOf(measure, after)];
  if (noise === "none") return true;
  if (noise === "count") {
    return chanceOfSplit(total(first), total(second), [first.length, second.length]) < significance;
  }
  if (noise === "share") {
    const missed = (runs: readonly Run[]): number =>
      total(runs.map((run) => (1 - (run.measures[measure] ?? 0)) * passes(measure, run)));
    const tried = (runs: readonly Run[]): number => total(runs.map((run) => passes(measure, run)));
    return chanceOfSplit(missed(before), missed(after), [tried(before), tried(after)]) < significance;
  }
  if (first.length < 2 || second.length < 2) return false;
  const interval = ratio(first, second, "99%");
  const isApart =
    Math.min(...first) >= clearFactor * Math.max(...second) || Math.min(...second) >= clearFactor * Math.max(...first);
  return isApart || (interval !== null && (interval.high < 1 || interval.low > 1));
}

function passes(measure: string, run: Run): number {
  return run.measures[`${measure.slice(0, measure.lastIndexOf("."))}.passes`] ?? 0;
}

function betterOutcome(
  { direction, smallestEffect }: Extract<Expectation, { kind: "better" }>,
  before: number[],
  after: number[],
): Outcome {
  const interval = ratio(before, after, "99%");
  if (interval === null) return unclear("a ratio needs two rounds of positive numbers");
  const factor = 1 + smallestEffect;
  const [lower, higher] = [interval.high < 1 / factor, interval.low > factor];
  if (lower || higher) return { word: lower === (direction === "lower") ? "improved" : "regressed" };
  const isNarrow = interval.low > 1 / factor && interval.high < factor;
  return isNarrow ? { word: "unmet" } : unclear("the noise is wider than the effect", true);
}

/** A guard is broken only by a difference that is shown, and held only when the machine was quiet enough to have seen one. */
function guardOutcome(
  { direction, tolerance }: Extract<Expectation, { kind: "not-worse" }>,
  before: number[],
  after: number[],
): Outcome {
  const [strict, usual] = [ratio(before, after, "99%"), ratio(before, after, "80%")];
  if (strict === null || usual === null) return unclear("a ratio needs two rounds of positive numbers");
  const factor = 1 + tolerance;
  const isWorse = direction === "lower" ? strict.low > factor : strict.high < 1 / factor;
  if (isWorse) return { word: "regressed" };
  const worst = direction === "lower" ? usual.estimate : 1 / usual.estimate;
  const isQuiet = usual.high / usual.estimate <= factor;
  return worst <= factor && isQuiet ? { word: "held" } : unclear("the noise is wider than the effect");
}

/** The middle ratio after / before, for sentences; null when a side is zero or absent. */
export function middleRatio(before: readonly number[], after: readonly number[]): number | null {
  const [from, to] = [median(before), median(after)];
  return from === null || to === null || from <= 0 ? null : to / from;
}

function unclear(because: string, moreRoundsMayTell = false): Outcome {
  return { word: "unclear", because, moreRoundsMayTell };
}

function all(values: readonly boolean[]): boolean {
  return values.every(Boolean);
}

function none(values: readonly boolean[]): boolean {
  return !values.some(Boolean);
}
