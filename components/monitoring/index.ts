/** Monitoring: somebody or something notices when the app is not well, before the users do. */
import { isServerless } from "../../analyzers/hosting.ts";
import type { Model } from "../../analyzers/model.ts";
import { unreadReason, unreadServer } from "../../analyzers/serving.ts";
import { defineComponent, type Verdict } from "../component.ts";
import { detect, presence } from "./detect.ts";
import { servingServices } from "./health.ts";
import { recipe } from "./recipe.ts";
import { rules } from "./rules.ts";

export const monitoring = defineComponent({
  id: "monitoring",
  title: "Monitoring",
  folder: import.meta.dirname,
  judgesPython: true,
  rules,
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
  if (serving.length === 0 && model.routes.length > 0)
    return {
      verdict: "unknown",
      reason: "Requests are answered here, but not all addresses could be read: one for health may be among them.",
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
