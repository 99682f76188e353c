/** What proves a queue: the buyer does not wait for the mail server, and no mail is lost or sent twice when a worker dies. */
import { hungMail, workerKilledMidJob } from "../../verify/designs.ts";
import type { Experiment } from "../../verify/experiment.ts";

export const experiments: readonly Experiment[] = [
  hungMail({
    id: "queue/mail-server-hangs",
    component: "queue",
    title: "The mail server hangs",
    hypothesis: "Requests that send mail answer in normal time while the mail server says nothing.",
    withinMilliseconds: 2000,
  }),
  workerKilledMidJob({
    id: "queue/worker-killed-in-mid-job",
    component: "queue",
    title: "The worker is killed in mid-job",
    hypothesis: "Every mail that was promised is sent exactly once, although the process that sends it dies half-way.",
    settleSeconds: 30,
  }),
];
