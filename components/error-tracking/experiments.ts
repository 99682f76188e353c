/** What proves that a failing call ends one request and not the process: others are answered all the while. */
import { failingOutside } from "../../verify/designs/index.ts";
import type { Experiment } from "../../verify/experiment.ts";

export const experiments: readonly Experiment[] = [
  {
    ...failingOutside({
      id: "error-tracking/one-request-fails-alone",
      component: "error-tracking",
      title: "Calls to services outside fail",
      hypothesis: "Whoever needs nothing from outside is answered while the requests of others fail.",
    }),
    rules: ["error-tracking/async-handler-unguarded"],
  },
];
