/** What shows that a second process breaks nothing: logins hold at both, through a restart, and a death costs little. */
import { killReplica, sessionAcrossReplicas } from "../../verify/designs/index.ts";
import type { Experiment } from "../../verify/experiment.ts";

const rules = ["load-balancer/in-memory-session"];

export const experiments: readonly Experiment[] = [
  {
    ...sessionAcrossReplicas({
      id: "load-balancer/session-across-replicas",
      component: "load-balancer",
      title: "Users log in at one replica and go on at the other",
      hypothesis: "Whoever is logged in at one replica is known to the other.",
    }),
    rules,
  },
  {
    ...sessionAcrossReplicas({
      id: "load-balancer/session-through-restart",
      component: "load-balancer",
      title: "Every replica is restarted while users are logged in",
      hypothesis: "A deploy logs nobody out.",
      restarted: true,
    }),
    rules,
  },
  killReplica({
    id: "load-balancer/kill-replica",
    component: "load-balancer",
    title: "One replica dies without warning under load",
    hypothesis: "The other replica carries on; only what the dead one had in hand is lost.",
  }),
];
