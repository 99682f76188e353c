/** Takes out of the process what a second one would have to know, and tells the app of the proxy before it. */
import type { Model } from "../../analyzers/model.ts";
import { addEnv } from "../../patches/editors/dotenv.ts";
import type { Draft, Templates } from "../component.ts";
import type { Finding } from "../finding.ts";
import { hopsVariable, trustProxy } from "../trust-proxy.ts";
import { briefFor } from "./briefs.ts";
import { mendKeepAlive } from "./keep-alive.ts";
import type { Outcome } from "./outcome.ts";
import { mendSession } from "./session-store.ts";
import { mendBroadcast } from "./socket-adapter.ts";

export function recipe(findings: readonly Finding[], model: Model, templates: Templates): Draft {
  const outcomes = findings.map((finding) => ({ finding, outcome: outcomeOf(finding, model, templates) }));
  const done = outcomes.flatMap(({ finding, outcome }) =>
    outcome !== null && "edits" in outcome ? [{ finding, ...outcome }] : [],
  );
  const moves = done.some(({ finding: { rule } }) => /session|broadcast/.test(rule));
  return {
    edits: done.flatMap(({ edits }) => edits),
    briefs: outcomes.flatMap(({ finding, outcome }) =>
      outcome === null ? [briefFor(finding, null)] : "cannot" in outcome ? [briefFor(finding, outcome.cannot)] : [],
    ),
    fixes: done.map(({ finding }) => finding.id),
    review: moves
      ? {
          level: "read",
          reason: "What one process kept to itself is now kept where all of them reach it: look at the addresses.",
        }
      : {
          level: "read",
          reason: "Decides whose word is taken for a client's address, and how long connections stay open.",
        },
    services: [...new Set(done.flatMap(({ services }) => services ?? []))],
    env: [...new Set(done.flatMap(({ env }) => env ?? []))],
    notes: [...new Set(done.flatMap(({ notes }) => notes))],
  };
}

/** Null for what is never written. */
function outcomeOf(finding: Finding, model: Model, templates: Templates): Outcome | null {
  switch (finding.rule) {
    case "load-balancer/ws-local-broadcast":
      return mendBroadcast(finding, model, templates);
    case "load-balancer/in-memory-session":
      return mendSession(finding, model, templates);
    case "load-balancer/keep-alive-shorter-than-proxy":
      return mendKeepAlive(finding, model);
    case "load-balancer/trust-proxy-missing":
      return mendTrust(finding, model);
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
