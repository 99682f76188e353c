/** From runs to a word: pure, and shy of saying more than the numbers do. */
import type { Design, Expectation, Experiment, ExperimentVerdict, Run, VerdictWord } from "./experiment.ts";
import { measureKind } from "./measures.ts";
import { faultPhrase, measurePhrase } from "./sentences.ts";
import { outcomeOf, valuesOf, type Outcome } from "./statistics/expectation.ts";

export interface Evidence {
  experiment: Pick<Experiment, "id" | "component" | "title">;
  design: Design;
  before: readonly Run[];
  after: readonly Run[];
  /** How the patched side answers the same requests differently, a sentence each; empty when it does not. */
  differences: readonly string[];
}

/** Fewer passes than this make no percentile. */
const fewest = 20;
/** Above this share of all CPU time in use, requests wait for the machine. */
const fullyBusy = 0.97;

/** The word, the sentence with the numbers, and the figures behind it. */
export function verdictOf(evidence: Evidence): ExperimentVerdict {
  const { experiment, design, before, after } = evidence;
  const { word, reason } = judge(evidence);
  return {
    experiment: experiment.id,
    component: experiment.component,
    title: experiment.title,
    verdict: word,
    reason,
    figures: design.expectations.map(({ measure }) => ({
      measure,
      unit: measureKind(measure)?.unit ?? "",
      before: valuesOf(measure, before),
      after: valuesOf(measure, after),
    })),
    runs: [...before, ...after].map(({ id }) => id),
  };
}

/**
 * True while a difference is seen that could still be chance. Each further round asks more of a goal (every round must
 * agree), so looking again does not make a false word likelier.
 */
export function wantsMoreRounds({ design, before, after }: Pick<Evidence, "design" | "before" | "after">): boolean {
  if ([...before, ...after].some(({ trouble }) => trouble !== undefined)) return false;
  const outcomes = design.expectations
    .filter(({ kind }) => kind !== "not-worse")
    .map((expectation) => outcomeOf(expectation, before, after, fewestRounds(design)));
  const doubts = outcomes.filter((outcome) => outcome.word === "unclear");
  return doubts.length > 0 && doubts.every(({ moreRoundsMayTell }) => moreRoundsMayTell);
}

/**
 * All that one dead replica takes with it is one event, however much it is, and hangs on the moment: a second one has to
 * agree. The kill of a worker waits for its moment.
 */
function fewestRounds({ faults }: Design): number {
  return faults.some(({ kind }) => kind === "kill-replica") ? 2 : 1;
}

interface Judgement {
  word: VerdictWord;
  reason: string;
  /** Measures whose aims the patched side missed, where the word rests on that. */
  missed?: readonly string[];
}

function judge({ design, before, after, differences }: Evidence): Judgement {
  const unsound = before.find(({ trouble }) => trouble !== undefined);
  if (unsound) return { word: "inconclusive", reason: `The original app could not be measured: ${unsound.trouble}.` };
  const broken = after.find(({ trouble }) => trouble !== undefined);
  if (broken) return { word: "broken", reason: `The patched app could not be measured: ${broken.trouble}.` };
  if (before.length === 0 || after.length === 0)
    return { word: "inconclusive", reason: "No round was run on both sides." };
  const [difference] = differences;
  if (difference !== undefined) {
    const more = differences.length > 1 ? ` (and ${differences.length - 1} more)` : "";
    return { word: "regressed", reason: `The patched app answers differently: ${difference}${more}.` };
  }
  const thin = tooThin(design, [...before, ...after]);
  if (thin) return { word: "inconclusive", reason: thin };
  return soberly(combine(design, before, after), [...before, ...after]);
}

/** On a machine without a free moment slow or late answers say nothing of the app; cut connections and lost mails still do. */
function soberly(judgement: Judgement, runs: readonly Run[]): Judgement {
  const busy = Math.max(0, ...runs.map(({ measures }) => measures["machine.busy"] ?? 0));
  const isLate = (measure: string): boolean => {
    const timeouts = `${measure.slice(0, measure.lastIndexOf("."))}.timeouts`;
    return measureKind(measure)?.noise === "scale" || runs.some(({ measures }) => (measures[timeouts] ?? 0) > 0);
  };
  if (busy < fullyBusy || judgement.missed?.some(isLate) !== true) return judgement;
  const share = `${Math.floor(busy * 100)} %`;
  return {
    word: "inconclusive",
    reason: `${judgement.reason} The machine was ${share} busy, so a miss may be its own.`,
  };
}

function combine(design: Design, before: readonly Run[], after: readonly Run[]): Judgement {
  const judged = design.expectations.map((expectation) => ({
    expectation,
    outcome: outcomeOf(expectation, before, after, fewestRounds(design)),
  }));
  const say = (wanted: readonly { expectation: Expectation; outcome: Outcome }[]): string =>
    wanted.map(({ expectation }) => measurePhrase(expectation, design, before, after)).join("; ");
  const tell = (word: VerdictWord, deciding: typeof judged, why = ""): Judgement => ({
    word,
    reason: `${capital(faultPhrase(design.faults))}${say(deciding)}${why}, ${rounds(before, after)}.`,
  });
  const of = (word: Outcome["word"]): typeof judged => judged.filter(({ outcome }) => outcome.word === word);
  if (of("regressed").length > 0) return { ...tell("regressed", of("regressed")), missed: measuresOf(of("regressed")) };
  // A guard that is unclear takes nothing away from a goal that is shown.
  const aims = judged.filter(({ expectation }) => expectation.kind !== "not-worse");
  const deciding = aims.length > 0 ? aims : judged;
  const doubtful = deciding.filter(({ outcome }) => outcome.word === "unclear");
  const isImproved = of("improved").length > 0;
  if (doubtful.length > 0) return tell("inconclusive", doubtful, ` (${becauseOf(doubtful)})`);
  if (of("unmet").length > 0) {
    const why = isImproved ? `, although ${say(of("improved"))}` : " (the aim is missed on both sides)";
    return { ...tell("unchanged", of("unmet"), why), missed: measuresOf(of("unmet")) };
  }
  return isImproved ? tell("improved", of("improved")) : unchanged(tell("unchanged", judged), judged);
}

function unchanged(plain: Judgement, judged: readonly { outcome: Outcome }[]): Judgement {
  const isUnclear = judged.some(({ outcome }) => outcome.word === "unclear");
  return isUnclear ? { ...plain, reason: `${plain.reason} The noise hides smaller differences.` } : plain;
}

function measuresOf(judged: readonly { expectation: Expectation }[]): string[] {
  return judged.map(({ expectation }) => expectation.measure);
}

function becauseOf(doubtful: readonly { outcome: Outcome }[]): string {
  const reasons = doubtful.map(({ outcome }) => (outcome.word === "unclear" ? outcome.because : ""));
  return [...new Set(reasons)].join("; ");
}

/** Percentiles and shares of a handful of passes are no evidence; loads that run once are counted, not timed. */
function tooThin(design: Design, runs: readonly Run[]): string | null {
  for (const { as, load } of design.workloads) {
    if (load.kind === "once") continue;
    const passes = Math.min(...runs.map(({ measures }) => measures[`${as}.passes`] ?? 0));
    if (passes < fewest) return `Too few requests: ${passes} passes of ${as} in a round, ${fewest} are needed.`;
  }
  return null;
}

function rounds(before: readonly Run[], after: readonly Run[]): string {
  const count = Math.min(before.length, after.length);
  return count === 1 ? "1 round each" : `${count} rounds each`;
}

function capital(phrase: string): string {
  return phrase === "" ? "" : `${phrase.charAt(0).toUpperCase()}${phrase.slice(1)}: `;
}
