/** Whether something near the users keeps the app's files already. */
import type { Model, Service } from "../../analyzers/model.ts";
import { deploysOf } from "../../analyzers/deployment/hosting.ts";
import { servingOf, unreadReason, unreadServer } from "../../analyzers/serving/serving.ts";
import { standingBefore } from "../../analyzers/deployment/standing-before.ts";
import type { Presence, Verdict } from "../component.ts";
import { hasCdn } from "./hosts.ts";

export function presence(model: Model): Presence {
  const services = serving(model);
  const before = services.flatMap((service) => standingBefore(model, service)).filter(({ kind }) => kind === "cdn");
  const hosts = services.filter((service) => hasCdn(model, service)).flatMap((service) => deploysOf(model, service));
  const evidence = [
    ...before.map(({ file, line, name }) => ({ file, line, note: `${name} stands before the app` })),
    ...hosts.map(({ target, evidence: { file, line } }) => ({
      file,
      line,
      note: `${target} serves through a CDN of its own`,
    })),
  ];
  return { status: evidence.length > 0 ? "in_effect" : "absent", evidence: evidence.slice(0, 3) };
}

function serving(model: Model): Service[] {
  return model.services.filter((service) => servingOf(model, service).kind !== "none");
}

export function whenQuiet(model: Model): Verdict {
  const unread = unreadServer(model);
  if (unread !== null) return { verdict: "unknown", reason: unreadReason(unread), tripWire: null };
  if (serving(model).length === 0)
    return { verdict: "not_applicable", reason: "Nothing here answers requests.", tripWire: null };
  return {
    verdict: "not_yet",
    reason: "The app hands out no files of its own, and its answers are packed or few.",
    tripWire:
      "The first page or picture that the app serves itself, originals above 200 KB, or users on a second continent whose first byte takes more than 800 ms: see the browser's network panel and the host's egress bill.",
  };
}
