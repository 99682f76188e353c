/** Monitoring: somebody or something notices when the app is not well, before the users do. */
import { isServerless } from "../../analyzers/hosting.ts";
import type { Model } from "../../analyzers/model.ts";
import { unreadReason, unreadServer } from "../../analyzers/serving.ts";
import { defineComponent, type Verdict } from "../component.ts";
import { detect, presence, servingServices } from "./detect.ts";
import { recipe } from "./recipe.ts";

export const monitoring = defineComponent({
  id: "monitoring",
  title: "Monitoring",
  folder: import.meta.dirname,
  rules: [
    {
      id: "monitoring/no-health-endpoint",
      title: "Nothing can ask the app whether it is alive",
      severity: "warning",
      advice:
        "Add an address that says whether the process is alive, and one that says whether it wants requests; neither asks the database.",
    },
  ],
  services: [],
  presence,
  detect,
  whenQuiet,
  recipe,
  experiments: [],
});

function whenQuiet(model: Model): Verdict {
  const unread = unreadServer(model);
  if (unread !== null) return { verdict: "unknown", reason: unreadReason(unread), tripWire: null };
  const serving = servingServices(model);
  if (serving.length === 0 && model.services.some(({ language }) => language === "python"))
    return {
      verdict: "unknown",
      reason: "Whether a Python service answers health checks is not judged yet.",
      tripWire: null,
    };
  if (serving.length === 0)
    return { verdict: "not_applicable", reason: "Nothing here answers requests.", tripWire: null };
  if (serving.every((service) => isServerless(model, service)))
    return {
      verdict: "not_applicable",
      reason: "The host runs functions and watches over them itself; no probe asks a process for its health.",
      tripWire: null,
    };
  return {
    verdict: "unknown",
    reason: "The app answers requests, but where it is put together could not be followed.",
    tripWire: null,
  };
}
