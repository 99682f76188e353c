/** Ready-made experiments about work that is spared: less of it, what is written shows at once, and the store may go away. */
import { alone, atLeast, atMost, experiment, pace, production, type Claim, type Subjects } from "./parts.ts";
import type { Design, Experiment, Scenario } from "../experiment.ts";

/** Passes of a design that asks how much work elsewhere they cost. */
const manyReads = { perSecond: 40, seconds: 4 };

/**
 * The same answers for less work elsewhere: a pass costs half a query at most, or all passes together a tenth as many calls
 * of other hosts as there are passes. Both are goals and no ratios: a warm cache costs nothing at all.
 */
export function lessWork(claim: Claim & Subjects & { measure: "queriesPerRequest" | "http.requests" }): Experiment {
  const { role = "read", measure } = claim;
  const most = measure === "http.requests" ? (manyReads.perSecond * manyReads.seconds) / 10 : 0.5;
  return experiment(claim, { role }, (scenario) => ({
    ...alone(scenario, { kind: "open", ...manyReads }),
    expectations: [
      atMost(measure, most),
      atLeast(`${role}.okShare`, 0.99),
      { kind: "not-worse", measure: `${role}.p95`, direction: "lower", tolerance: 0.5 },
    ],
  }));
}

/**
 * Whoever reads after a write sees it. `reading` and `writing` are scenarios; the read has to change by the write on the
 * original as well, or nothing is proven.
 */
export function writeIsSeen(
  claim: Claim,
  chosen: { reading: Scenario; writing: Scenario; replicas?: number },
): Design | { cannot: string } {
  const { reading, writing, replicas = production.replicas } = chosen;
  const [read] = reading.measured;
  if (read === undefined) return { cannot: `${claim.title}: no step reads.` };
  const [first, again] = [`${read.name} before`, `${read.name} after`];
  const scenario: Scenario = {
    name: `${reading.name}, ${writing.name}, ${reading.name}`,
    role: "read-write-read",
    before: [...reading.before, ...writing.before],
    measured: [{ ...read, name: first }, ...writing.measured, { ...read, name: again, differsFrom: first }],
  };
  return {
    ...alone(scenario, { kind: "once", users: 10 }),
    topology: { ...production, replicas },
    expectations: [atLeast(`${scenario.role}.okShare`, 1)],
  };
}

/** Redis stops under load and stays down: the answers go on, and none waits long for it. */
export function cacheStopped(claim: Claim & Subjects): Experiment {
  const { role = "read" } = claim;
  return experiment(claim, { role }, (scenario) => ({
    ...alone(scenario, { kind: "open", ...pace, seconds: 5 }),
    faults: [{ kind: "stop-backing", backing: "redis", afterSeconds: 1 }],
    expectations: [atLeast(`${role}.okShare`, 0.99), atMost(`${role}.max`, 3000)],
  }));
}
