/** Finds calls that can take a request, or the whole app, down with them. */
import type { Model } from "../../analyzers/model.ts";
import type { Match } from "../finding.ts";
import { onePerCall } from "../one-per-call.ts";
import { httpTimeouts } from "./http-timeouts.ts";
import { pythonSmtpTimeouts } from "./python-smtp.ts";
import { sdkTimeouts } from "./sdk-timeouts.ts";
import { secondaryFailures } from "./secondary.ts";
import { smtpTimeouts } from "./smtp-timeouts.ts";

export function detect(model: Model): Match[] {
  return onePerCall([
    ...httpTimeouts(model),
    ...smtpTimeouts(model),
    ...pythonSmtpTimeouts(model),
    ...sdkTimeouts(model),
    ...secondaryFailures(model),
  ]);
}
