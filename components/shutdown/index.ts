/** Graceful shutdown: a deploy, a scale-down or a restart loses no request. */
import { isServerless } from "../../analyzers/hosting.ts";
import type { Model } from "../../analyzers/model.ts";
import { killReplica, rollingRestart } from "../../verify/designs.ts";
import { defineComponent, type Verdict } from "../component.ts";
import { detect, presence } from "./detect.ts";
import { recipe } from "./recipe.ts";

export const shutdown = defineComponent({
  id: "shutdown",
  title: "Graceful shutdown",
  folder: import.meta.dirname,
  rules: [
    {
      id: "shutdown/no-graceful-shutdown",
      title: "Every deploy cuts off the requests in flight",
      severity: "warning",
      advice:
        "On SIGTERM report not ready, finish the requests under way, close what is open, and exit before the platform kills.",
    },
  ],
  services: [],
  presence,
  detect,
  whenQuiet,
  recipe,
  experiments: [
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
  ],
});

function whenQuiet(model: Model): Verdict {
  const hosted = model.services.length > 0 && model.services.every((service) => isServerless(model, service));
  return {
    verdict: "not_applicable",
    reason: hosted
      ? "The host runs functions and ends them between requests; no process is told to stop."
      : "No process here listens for requests.",
    tripWire: null,
  };
}
