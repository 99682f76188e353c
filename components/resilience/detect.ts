/** Finds calls that can take a request, or the whole app, down with them. */
import type { Model } from "../../analyzers/model.ts";
import type { Match } from "../finding.ts";
import { httpTimeouts } from "./http-timeouts.ts";
import { sdkTimeouts } from "./sdk-timeouts.ts";
import { secondaryFailures } from "./secondary.ts";
import { smtpTimeouts } from "./smtp-timeouts.ts";

export function detect(model: Model): Match[] {
  return distinct([...httpTimeouts(model), ...smtpTimeouts(model), ...sdkTimeouts(model), ...secondaryFailures(model)]);
}

/** One call is one finding, also where it may be one of several clients (`secure ? https : http`). */
function distinct(matches: readonly Match[]): Match[] {
  const places = new Map<string, Match>();
  for (const match of matches) {
    const key = `${match.rule} ${match.call}`;
    if (!places.has(key)) places.set(key, match);
  }
  return [...places.values()];
}
