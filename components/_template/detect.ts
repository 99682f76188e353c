/** Looks for packages that do not say which Node.js they need. */
import type { Model } from "../../analyzers/model.ts";
import { manifestOf } from "../../patches/editors/package-json.ts";
import type { Presence } from "../component.ts";
import type { Match } from "../finding.ts";

export function presence(model: Model): Presence {
  const evidence = model.services
    .filter(({ nodeVersion }) => nodeVersion !== null)
    .map((service) => ({ file: manifestOf(service), line: 1, note: `Node.js ${service.nodeVersion ?? ""} is named` }));
  return { status: evidence.length > 0 ? "in_effect" : "absent", evidence };
}

export function detect(model: Model): Match[] {
  return model.services
    .filter(({ nodeVersion }) => nodeVersion === null)
    .map((service) => ({
      rule: "_template/node-version-unnamed",
      file: manifestOf(service),
      line: 1,
      confidence: "high",
      message: "Nothing says which Node.js runs this app, so the next machine may run another one.",
      also: [],
      routes: [],
      path: [],
      call: null,
      anchor: service.name,
      fix: "patch",
    }));
}
