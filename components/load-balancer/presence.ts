/** Whether requests are spread over several processes already, and what to say where nothing stands in the way. */
import { isServerless } from "../../analyzers/deployment/hosting.ts";
import type { Model, Service } from "../../analyzers/model.ts";
import { severalOf } from "../../analyzers/deployment/replicas.ts";
import { servingOf, unreadReason, unreadServer } from "../../analyzers/serving/serving.ts";
import { standingBefore } from "../../analyzers/deployment/standing-before.ts";
import type { Presence, Verdict } from "../component.ts";

export function presence(model: Model): Presence {
  const services = serving(model);
  const several = services.flatMap((service) => severalOf(model, service) ?? []);
  if (several.length > 0)
    return { status: "in_effect", evidence: several.map(({ file, line, note }) => ({ file, line, note })) };
  const before = services.flatMap((service) => standingBefore(model, service)).slice(0, 3);
  const evidence = before.map(({ file, line, name }) => ({ file, line, note: `${name} stands before one process` }));
  return { status: evidence.length > 0 ? "present" : "absent", evidence };
}

function serving(model: Model): Service[] {
  return model.services.filter((service) => servingOf(model, service).kind !== "none");
}

/**
 * 60 to 70 % of a processor and 50 requests a second are where practitioners put a second instance for capacity; below, it is
 * for deploys without a gap (capacity arithmetic of the project: 200 to 1,000 requests a second per core, halved for headroom).
 */
export function whenQuiet(model: Model): Verdict {
  const unread = unreadServer(model);
  if (unread !== null) return { verdict: "unknown", reason: unreadReason(unread), tripWire: null };
  const services = serving(model);
  if (services.length === 0)
    return { verdict: "not_applicable", reason: "Nothing here answers requests.", tripWire: null };
  if (services.every((service) => isServerless(model, service)))
    return {
      verdict: "not_applicable",
      reason: "The host runs as many copies as there are requests and spreads them itself.",
      tripWire: null,
    };
  return {
    verdict: "not_yet",
    reason: "Nothing was seen that a second process would break, and nothing shows that one is too few.",
    tripWire:
      "One process above 60 to 70 % of its processor at the busiest hour, or more than 50 requests a second: see the host's CPU and request graphs. Or the first paying user whom a deploy must not interrupt.",
  };
}
