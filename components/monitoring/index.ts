/** Monitoring: somebody or something notices when the app is not well, before the users do. */
import { isServerless } from "../../analyzers/deployment/hosting.ts";
import type { Model } from "../../analyzers/model.ts";
import { servesByCommand } from "../../analyzers/services/conventions.ts";
import { unreadReason, unreadServer } from "../../analyzers/serving/serving.ts";
import { defineComponent, type Verdict } from "../component.ts";
import { detect, presence } from "./detect.ts";
import { isSeenRunning, servingServices } from "./health.ts";
import { recipe } from "./recipe.ts";
import { rules } from "./rules.ts";

export const monitoring = defineComponent({
  id: "monitoring",
  title: "Monitoring",
  folder: import.meta.dirname,
  judgesPython: "whole",
  rules,
  services: [],
  presence,
  detect,
  whenQuiet,
  recipe,
  experiments: [],
});

const byCommand: Verdict = {
  verdict: "not_yet",
  reason: "The framework's own server answers here, and any page of it tells a probe that the app is alive.",
  tripWire:
    "The first host that replaces copies by a health check (containers, a load balancer): then an address that also asks the database.",
};

const byRoot: Verdict = {
  verdict: "not_yet",
  reason: "The app's first address says that it runs, which is all that one process needs that nothing probes.",
  tripWire:
    "The first host that replaces copies by a health check, or a second copy: then an address that also asks the database.",
};

const unreadAddresses: Verdict = {
  verdict: "unknown",
  reason: "Requests are answered here, but not all addresses could be read: one for health may be among them.",
  tripWire: null,
};

function whenQuiet(model: Model): Verdict {
  const unread = unreadServer(model);
  if (unread !== null) return { verdict: "unknown", reason: unreadReason(unread), tripWire: null };
  const answering = model.services.filter(({ name }) => model.routes.some(({ service }) => service === name));
  if (answering.length > 0 && answering.every(({ language }) => language === "python"))
    return {
      verdict: "unknown",
      reason: "Whether a Python service answers health checks is not judged yet.",
      tripWire: null,
    };
  if (answering.length === 0)
    return { verdict: "not_applicable", reason: "Nothing here answers requests.", tripWire: null };
  if (answering.every((service) => isServerless(model, service)))
    return {
      verdict: "not_applicable",
      reason: "The host runs functions and watches over them itself; no probe asks a process for its health.",
      tripWire: null,
    };
  const serving = servingServices(model);
  if (serving.length > 0 && serving.every((service) => isSeenRunning(model, service))) return byRoot;
  if (serving.length === 0) return answering.every(servesByCommand) ? byCommand : unreadAddresses;
  return {
    verdict: "unknown",
    reason: "The app answers requests, but where it is put together could not be followed.",
    tripWire: null,
  };
}
