/** What proves a queue: the buyer does not wait for the mail server, and no mail is lost or sent twice when a worker dies. */
import { hungMail, workerKilledMidJob } from "../../verify/designs/index.ts";
import type { Experiment, Scenario, Subject } from "../../verify/experiment.ts";
import { routesOf } from "../../verify/scenarios/select.ts";
import { workOf } from "./work.ts";

const mailServerHangs = hungMail({
  id: "queue/mail-server-hangs",
  component: "queue",
  title: "The mail server hangs",
  hypothesis: "Requests that send mail answer in normal time while the mail server says nothing.",
  withinMilliseconds: 2000,
});

const workerKilled = workerKilledMidJob({
  id: "queue/worker-killed-in-mid-job",
  component: "queue",
  title: "The worker is killed in mid-job",
  hypothesis: "Every mail that was promised is sent exactly once, although the process that sends it dies half-way.",
  settleSeconds: 45,
});

export const experiments: readonly Experiment[] = [mailServerHangs, workerKilled].map((experiment) => ({
  ...experiment,
  rules: ["queue/mail-in-request", "queue/detached-background-work"],
  design: (subject) => experiment.design(waitingFirst(subject)),
}));

/** The subject with those scenarios first whose users wait for mail today, checkouts before the rest. */
function waitingFirst(subject: Subject): Subject {
  const waiting = new Set(
    workOf(subject.before)
      .filter(({ kind }) => kind === "mail")
      .flatMap((work) => work.waiting.map(({ entry }) => entry.routeId)),
  );
  const rank = (scenario: Scenario): number => {
    const waits = routesOf(subject.before, scenario).some(({ id }) => waiting.has(id));
    return (waits ? 0 : 2) + (scenario.role === "checkout" ? 0 : 1);
  };
  return { ...subject, scenarios: subject.scenarios.toSorted((a, b) => rank(a) - rank(b)) };
}
