/** Error tracking: an error that a user meets is caught, told to somebody, and shown to no stranger. */
import type { Model } from "../../analyzers/model.ts";
import { answeringServices } from "../../analyzers/serving/product.ts";
import { unreadReason, unreadServer } from "../../analyzers/serving/serving.ts";
import { defineComponent, type Verdict } from "../component.ts";
import { detect, presence } from "./detect.ts";
import { experiments } from "./experiments.ts";
import { recipe } from "./recipe.ts";
import { rules } from "./rules.ts";

export const errorTracking = defineComponent({
  id: "error-tracking",
  title: "Error tracking",
  folder: import.meta.dirname,
  rules,
  services: [],
  presence,
  detect,
  whenQuiet,
  recipe,
  experiments,
});

function whenQuiet(model: Model): Verdict {
  const unread = unreadServer(model);
  if (unread !== null) return { verdict: "unknown", reason: unreadReason(unread), tripWire: null };
  if (answeringServices(model).length === 0)
    return { verdict: "not_applicable", reason: "Nothing here answers requests of users.", tripWire: null };
  return {
    verdict: "not_yet",
    reason: "A tracker is set up around the app, though no line of its code starts one.",
    tripWire: "The first error that a user tells you of and the tracker did not: then start it in the app's own code.",
  };
}
