/** Mounts the two health addresses as the first thing the app does with a request, counts requests, and gives the app one log. */
import type { Model } from "../../analyzers/model.ts";
import type { Edit, EnvVar, Review } from "../../patches/edit.ts";
import type { Draft, Templates } from "../component.ts";
import type { Finding } from "../finding.ts";
import { briefFor } from "./briefs.ts";
import { meter } from "./meter.ts";
import { mountHealth } from "./mount-health.ts";
import { structuredLogs } from "./structured-logs.ts";

/** What becomes of one finding. */
type Outcome = { edits: Edit[]; notes: string[]; env: EnvVar[] } | { cannot: string | null };

type Mend = (finding: Finding, model: Model, templates: Templates) => Outcome;

const mends: Readonly<Record<string, Mend>> = {
  "monitoring/no-metrics": (_finding, model, templates) => meter(model, templates) ?? { cannot: null },
  "monitoring/no-health-endpoint": ({ call: id }, model, templates) => {
    const creation = id === null ? null : model.call(id);
    const mounted = creation === null ? { cannot: null } : mountHealth(creation, model, templates);
    return "cannot" in mounted ? mounted : { edits: mounted.edits, notes: [probes], env: [] };
  },
  "monitoring/no-structured-logs": ({ anchor }, model, templates) => {
    const service = model.services.find(({ name }) => name === anchor);
    return service === undefined ? { cannot: null } : structuredLogs(service, model, templates);
  },
};

const probes =
  "Point the load balancer at /readyz, and whatever restarts the process (a container's health check) at /livez.";

export function recipe(findings: readonly Finding[], model: Model, templates: Templates): Draft {
  const outcomes = findings.map((finding) => {
    const mend = finding.fix === "patch" ? mends[finding.rule] : undefined;
    return { finding, outcome: mend?.(finding, model, templates) ?? { cannot: null } };
  });
  const done = outcomes.flatMap(({ finding, outcome }) => ("edits" in outcome ? [{ finding, ...outcome }] : []));
  return {
    edits: done.flatMap(({ edits }) => edits),
    briefs: outcomes.flatMap(({ finding, outcome }) =>
      "cannot" in outcome ? [briefFor(finding, outcome.cannot)] : [],
    ),
    fixes: done.map(({ finding }) => finding.id),
    review: reviewOf(new Set(done.map(({ finding }) => finding.rule))),
    services: [],
    env: [...new Set(done.flatMap(({ env }) => env))],
    notes: [...new Set(done.flatMap(({ notes }) => notes))],
  };
}

function reviewOf(rules: ReadonlySet<string>): Review {
  if (rules.has("monitoring/no-structured-logs"))
    return { level: "read", reason: "Decides what stands in the log, in many files." };
  const reason = rules.has("monitoring/no-health-endpoint")
    ? "Two new addresses in a new file, mounted before everything else."
    : "Requests are answered as before; numbers are served at a port of their own.";
  return { level: "glance", reason };
}
