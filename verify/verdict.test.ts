import { describe, expect, it } from "vitest";
import type { Design, Expectation, Fault, Run, Scenario } from "./experiment.ts";
import { verdictOf, wantsMoreRounds, type Evidence } from "./verdict.ts";

const scenario: Scenario = { name: "buy", role: "checkout", before: [], measured: [] };
const p95: Expectation = { kind: "goal", measure: "checkout.p95", is: "at-most", value: 2000 };
const good: Expectation = { kind: "goal", measure: "checkout.okShare", is: "at-least", value: 0.99 };
const cpu: Expectation = {
  kind: "not-worse",
  measure: "cpuMillisecondsPerRequest",
  direction: "lower",
  tolerance: 0.5,
};

function design(expectations: Expectation[], faults: Fault[] = []): Design {
  const workloads = [{ scenario, load: { kind: "open", perSecond: 10, seconds: 4 } as const, as: "checkout" }];
  return { topology: { replicas: 2, processes: true }, workloads, faults, expectations, settleSeconds: 0 };
}

function run(side: Run["side"], round: number, measures: Run["measures"], trouble?: string): Run {
  const all = { "checkout.passes": 40, ...measures };
  const base = { id: `e/${side}/${round}`, experiment: "c/e", side, round, measures: all, responses: {}, notes: [] };
  return trouble === undefined ? base : { ...base, trouble };
}

function rounds(side: Run["side"], ...measures: Run["measures"][]): Run[] {
  return measures.map((one, index) => run(side, index + 1, one));
}

const hung = { "checkout.p95": 10_000, "checkout.okShare": 0 };
const fine = { "checkout.p95": 41, "checkout.okShare": 1 };
const failing = { "checkout.p95": 45, "checkout.okShare": 0 };
const killed: Fault = { kind: "kill-replica", signal: "SIGKILL", afterSeconds: 2 };
const mailHangs: Fault[] = [{ kind: "mail", dial: "hang" }];

describe("verdict", () => {
  const table: [string, Partial<Evidence>, string, RegExp][] = [
    [
      "goals reached",
      { before: rounds("before", hung, hung), after: rounds("after", fine, fine) },
      "improved",
      /^While mail hangs: p95 of checkout 10,000 ms \(no answer\) before, 41 ms after; share of good checkout passes 0 % before, 100 % after, 2 rounds each\.$/,
    ],
    [
      "goals lost",
      { before: rounds("before", fine, fine), after: rounds("after", hung, hung) },
      "regressed",
      /41 ms before, 10,000 ms \(no answer\) after/,
    ],
    [
      "goals held",
      { before: rounds("before", fine, fine), after: rounds("after", fine, fine) },
      "unchanged",
      /41 ms before, 41 ms after/,
    ],
    [
      "goals missed on both sides",
      { before: rounds("before", hung, hung), after: rounds("after", hung, hung) },
      "unchanged",
      /the aim is missed on both sides/,
    ],
    [
      "fast, but failing",
      { before: rounds("before", hung, hung), after: rounds("after", failing, failing) },
      "unchanged",
      /share of good checkout passes 0 % before, 0 % after, although p95 of checkout/,
    ],
    [
      "rounds that disagree",
      { before: rounds("before", hung, fine), after: rounds("after", fine, fine) },
      "inconclusive",
      /the rounds disagree/,
    ],
    [
      "too few requests",
      { before: rounds("before", { ...hung, "checkout.passes": 3 }), after: rounds("after", fine) },
      "inconclusive",
      /Too few requests: 3 passes of checkout/,
    ],
    [
      "trouble before",
      { before: [run("before", 1, {}, "no user could sign up")], after: rounds("after", fine) },
      "inconclusive",
      /original app could not be measured: no user could sign up/,
    ],
    [
      "trouble after",
      { before: rounds("before", fine), after: [run("after", 1, {}, "no user could sign up")] },
      "broken",
      /patched app could not be measured: no user/,
    ],
    [
      "other answers",
      {
        before: rounds("before", hung, hung),
        after: rounds("after", fine, fine),
        differences: ["buy/pay: /id is gone", "x"],
      },
      "regressed",
      /answers differently: buy\/pay: \/id is gone \(and 1 more\)/,
    ],
    [
      "a miss on a machine without a free moment",
      { before: rounds("before", fine, fine), after: rounds("after", hung, { ...hung, "machine.busy": 0.99 }) },
      "inconclusive",
      /The machine was 99 % busy/,
    ],
    [
      "cut connections on a machine without a free moment",
      {
        design: design([{ kind: "goal", measure: "checkout.lost", is: "at-most", value: 0 }]),
        before: rounds("before", { "checkout.lost": 0 }),
        after: rounds("after", { "checkout.lost": 12, "checkout.timeouts": 0, "machine.busy": 0.99 }),
      },
      "regressed",
      /lost checkout passes 0 before, 12 after/,
    ],
    [
      "an aim met on a machine without a free moment",
      { before: rounds("before", hung, hung), after: rounds("after", fine, { ...fine, "machine.busy": 0.99 }) },
      "improved",
      /41 ms after/,
    ],
    [
      "one dead replica that took many passes with it",
      { design: design([good], [killed]), before: rounds("before", fine), after: rounds("after", failing) },
      "inconclusive",
      /one moment can be chance/,
    ],
    [
      "two dead replicas that agree",
      {
        design: design([good], [killed]),
        before: rounds("before", failing, failing),
        after: rounds("after", fine, fine),
      },
      "improved",
      /0 % before, 100 % after, 2 rounds each/,
    ],
    ["nothing measured", { before: [], after: [] }, "inconclusive", /No round/],
  ];
  it.each(table)("of %s", (_, evidence, word, reason) => {
    const experiment = { id: "c/e", component: "c", title: "t" };
    const said = verdictOf({
      experiment,
      design: design([p95, good], mailHangs),
      before: [],
      after: [],
      differences: [],
      ...evidence,
    });
    expect(said.verdict).toBe(word);
    expect(said.reason).toMatch(reason);
  });

  it("lets a broken guard overrule a reached goal", () => {
    const before = rounds(
      "before",
      { ...hung, cpuMillisecondsPerRequest: 2 },
      { ...hung, cpuMillisecondsPerRequest: 2.1 },
    );
    const after = rounds(
      "after",
      { ...fine, cpuMillisecondsPerRequest: 9 },
      { ...fine, cpuMillisecondsPerRequest: 9.2 },
    );
    const experiment = { id: "c/e", component: "c", title: "t" };
    const said = verdictOf({ experiment, design: design([p95, cpu]), before, after, differences: [] });
    expect(said).toMatchObject({
      verdict: "regressed",
      reason: "CPU time per request 2 to 2.1 ms before, 9 to 9.2 ms after (ratio 4.44), 2 rounds each.",
    });
  });

  it("does not let an unclear guard hide a reached goal", () => {
    const before = rounds(
      "before",
      { ...hung, cpuMillisecondsPerRequest: 1 },
      { ...hung, cpuMillisecondsPerRequest: 6 },
    );
    const after = rounds("after", { ...fine, cpuMillisecondsPerRequest: 5 }, { ...fine, cpuMillisecondsPerRequest: 2 });
    const experiment = { id: "c/e", component: "c", title: "t" };
    expect(verdictOf({ experiment, design: design([p95, cpu]), before, after, differences: [] }).verdict).toBe(
      "improved",
    );
  });

  it("carries the figures of every expectation and the names of the runs", () => {
    const experiment = { id: "c/e", component: "c", title: "t" };
    const evidence = {
      experiment,
      design: design([p95]),
      before: rounds("before", hung, hung),
      after: rounds("after", fine, fine),
    };
    expect(verdictOf({ ...evidence, differences: [] })).toMatchObject({
      figures: [{ measure: "checkout.p95", unit: "ms", before: [10_000, 10_000], after: [41, 41] }],
      runs: ["e/before/1", "e/before/2", "e/after/1", "e/after/2"],
    });
  });
});

describe("another round", () => {
  const lost: Expectation = { kind: "goal", measure: "checkout.lost", is: "at-most", value: 0 };
  const losing = (side: Run["side"], ...counts: number[]): Run[] =>
    rounds(side, ...counts.map((count) => ({ "checkout.lost": count })));
  const table: [string, Run[], Run[], boolean][] = [
    ["a difference that can be chance", losing("before", 2, 3), losing("after", 0, 0), true],
    ["a difference that is shown", losing("before", 9, 9), losing("after", 0, 0), false],
    ["no difference", losing("before", 0, 0), losing("after", 0, 0), false],
    ["rounds that disagree", losing("before", 0, 3), losing("after", 0, 0), false],
    ["a side in trouble", [run("before", 1, {}, "gone")], losing("after", 0), false],
  ];
  it.each(table)("is asked of %s: %#", (_, before, after, wanted) => {
    expect(wantsMoreRounds({ design: design([lost]), before, after })).toBe(wanted);
  });
});
