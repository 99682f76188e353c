/** What shows that a stop loses nothing: a deploy under load, and a death without warning. */
import { killReplica, rollingRestart } from "../../verify/designs/index.ts";
import type { Experiment } from "../../verify/experiment.ts";

export const experiments: readonly Experiment[] = [
  rollingRestart({
    id: "shutdown/rolling-restart",
    component: "shutdown",
    title: "Every replica is restarted in turn under load",
    hypothesis: "A deploy in the middle of the day loses no request.",
  }),
  killReplica({
    id: "shutdown/kill-replica",
    component: "shutdown",
    title: "One replica dies without warning under load",
    hypothesis: "The other replica carries on; only what the dead one had in hand is lost.",
  }),
];
