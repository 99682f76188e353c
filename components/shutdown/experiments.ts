/** What shows that a stop loses nothing: a deploy under load, and a death without warning. */
import { killReplica, rollingRestart } from "../../verify/designs.ts";
import type { Experiment, Subject } from "../../verify/experiment.ts";
import { reachesSink } from "../../verify/scenarios/select.ts";

const restart = {
  id: "shutdown/rolling-restart",
  component: "shutdown",
  title: "Every replica is restarted in turn under load",
  hypothesis: "A deploy in the middle of the day loses no request.",
};

export const experiments: readonly Experiment[] = [
  {
    ...rollingRestart(restart),
    design(subject) {
      const role = writingRole(subject);
      return rollingRestart(role === null ? restart : { ...restart, role }).design(subject);
    },
  },
  killReplica({
    id: "shutdown/kill-replica",
    component: "shutdown",
    title: "One replica dies without warning under load",
    hypothesis: "The other replica carries on; only what the dead one had in hand is lost.",
  }),
];

/** Load balancers repeat lost reads; what a restart loses is writes, best those that wait for somebody else, a payment first. */
function writingRole({ scenarios, before }: Subject): string | null {
  const writing = scenarios.filter(({ measured }) => measured.some(({ method }) => method.toUpperCase() !== "GET"));
  const waiting = (["payment", "model", "http", "mail"] as const).flatMap((kind) =>
    writing.filter((scenario) => reachesSink(before, scenario, [kind])),
  );
  return (waiting[0] ?? writing[0])?.role ?? null;
}
