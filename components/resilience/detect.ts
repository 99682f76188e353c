/** Finds calls that can take a request, or the whole app, down with them. */
import type { Model } from "../../analyzers/model.ts";
import type { Match } from "../finding.ts";
import { onePerCall } from "../one-per-call.ts";
import { besidePython } from "../without-python.ts";
import { fixedAddresses } from "./addresses.ts";
import { bootMatches } from "./boot.ts";
import { httpTimeouts } from "./http-timeouts.ts";
import { pythonSmtpTimeouts } from "./python-smtp.ts";
import { singleTries } from "./retries.ts";
import { sdkTimeouts } from "./sdk-timeouts.ts";
import { secondaryFailures } from "./secondary.ts";
import { smtpTimeouts } from "./smtp-timeouts.ts";
import { swallowedErrors } from "./swallowed.ts";

export function detect(model: Model): Match[] {
  return onePerCall([
    ...httpTimeouts(model),
    ...smtpTimeouts(model),
    ...pythonSmtpTimeouts(model),
    ...sdkTimeouts(model),
    ...secondaryFailures(model),
    ...besidePython(model, (half) => [
      ...singleTries(half),
      ...swallowedErrors(half),
      ...bootMatches(half),
      ...fixedAddresses(half),
    ]),
  ]);
}
