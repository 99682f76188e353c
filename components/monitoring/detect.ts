/** Looks for what tells that the app is not well: addresses that say so, numbers, and logs that can be searched. */
import type { Model } from "../../analyzers/model.ts";
import { packagesInReach, processServices } from "../../analyzers/serving/product.ts";
import type { Presence } from "../component.ts";
import type { Match } from "../finding.ts";
import { besidePython } from "../without-python.ts";
import { healthEvidence, healthMatches } from "./health.ts";
import { isLogger, logMatches } from "./logs.ts";
import { isMeter, metricsMatches } from "./metrics.ts";
import { shallowMatches } from "./shallow.ts";

/** In effect with an address to ask; numbers or logs alone are only a part of it. */
export function presence(model: Model): Presence {
  const health = healthEvidence(model);
  if (health.length > 0) return { status: "in_effect", evidence: health };
  const packages = besidePython(model, processServices).flatMap((service) => {
    const file = service.root === "." ? "package.json" : `${service.root}/package.json`;
    const names = [...packagesInReach(model, service)].filter((name) => isLogger(name) || isMeter(name));
    return names.length === 0
      ? []
      : [{ file, line: 1, note: `${names.slice(0, 3).join(", ")} without a health address` }];
  });
  return { status: packages.length > 0 ? "present" : "absent", evidence: packages };
}

export function detect(model: Model): Match[] {
  return besidePython(model, (half) => [
    ...healthMatches(half),
    ...shallowMatches(half),
    ...metricsMatches(half),
    ...logMatches(half),
  ]);
}
