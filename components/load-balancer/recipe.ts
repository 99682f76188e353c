/** Takes out of the process what a second one would have to know, and tells the app of the proxy before it. */
import type { Model } from "../../analyzers/model.ts";
import { addEnv } from "../../patches/editors/dotenv.ts";
import type { Review } from "../../patches/edit.ts";
import type { Draft, Everything, Templates } from "../component.ts";
import type { Finding } from "../finding.ts";
import { hopsVariable, trustProxy } from "../trust-proxy.ts";
import { briefFor, oneCopyBrief } from "./briefs.ts";
import { mendEntry } from "./edge/mend.ts";
import { mendKeepAlive } from "./keep-alive.ts";
import type { Outcome } from "./outcome.ts";
import { mendSession } from "./session-store.ts";
import { mendBroadcast } from "./socket-adapter.ts";

export function recipe(
  findings: readonly Finding[],
  model: Model,
  templates: Templates,
  everything: Everything,
): Draft {
  const outcomes = findings.map((finding) => ({ finding, outcome: outcomeOf(finding, model, templates, everything) }));
  const done = outcomes.flatMap(({ finding, outcome }) =>
    outcome !== null && "edits" in outcome ? [{ finding, ...outcome }] : [],
  );
  return {
    edits: done.flatMap(({ edits }) => edits),
    briefs: outcomes.flatMap(({ finding, outcome }) => {
      if (outcome === null) return [briefFor(finding, null)];
      if ("cannot" in outcome) return [briefFor(finding, outcome.cannot)];
      return outcome.remains === undefined ? [] : [oneCopyBrief(finding, outcome.remains)];
    }),
    fixes: done.flatMap(({ finding, remains }) => (remains === undefined ? finding.id : [])),
    review: reviewOf(done.map(({ finding }) => finding.rule)),
    services: [...new Set(done.flatMap(({ services }) => services ?? []))],
    env: [...new Set(done.flatMap(({ env }) => env ?? []))],
    notes: [...new Set(done.flatMap(({ notes }) => notes))],
  };
}

function reviewOf(rules: readonly string[]): Review {
  if (rules.includes("load-balancer/single-instance"))
    return {
      level: "full",
      reason: "Decides how the world reaches the app and how many copies answer: try it before it goes to a server.",
    };
  return {
    level: "read",
    reason: rules.some((rule) => /session|broadcast/.test(rule))
      ? "What one process kept to itself is now kept where all of them reach it: look at the addresses."
      : "Decides whose word is taken for a client's address, and how long connections stay open.",
  };
}

/** Null for what is never written. */
function outcomeOf(finding: Finding, model: Model, templates: Templates, everything: Everything): Outcome | null {
  switch (finding.rule) {
    case "load-balancer/ws-local-broadcast":
      return mendBroadcast(finding, model, templates);
    case "load-balancer/in-memory-session":
      return mendSession(finding, model, templates);
    case "load-balancer/keep-alive-shorter-than-proxy":
      return mendKeepAlive(finding, model);
    case "load-balancer/trust-proxy-missing":
      return mendTrust(finding, model);
    case "load-balancer/single-instance":
      return mendEntry(finding, model, templates, everything);
    default:
      return null;
  }
}

function mendTrust({ file }: Finding, model: Model): Outcome {
  const service = model.service(file);
  const proxy = service === null ? null : trustProxy(model, service);
  if (service === null || proxy === null || proxy.kind !== "added")
    return { cannot: "the app object has no name that a statement could use" };
  return {
    edits: [...proxy.edits, ...addEnv(model.repo, service.root, [hopsVariable])],
    notes: [proxy.note],
    env: [hopsVariable],
  };
}
