/** Mounts the two health addresses as the first thing the app does with a request, and counts requests. */
import type { Model } from "../../analyzers/model.ts";
import type { Draft, Templates } from "../component.ts";
import type { Finding } from "../finding.ts";
import { briefFor } from "./briefs.ts";
import { meter } from "./meter.ts";
import { type Mounted, mountHealth } from "./mount-health.ts";

export function recipe(findings: readonly Finding[], model: Model, templates: Templates): Draft {
  const isUncounted = ({ rule, fix }: Finding): boolean => rule === "monitoring/no-metrics" && fix === "patch";
  const metered = findings.some(isUncounted) ? meter(model, templates) : null;
  const outcomes = findings.map((finding) => {
    if (isUncounted(finding)) return { finding, edits: metered?.edits ?? null, cannot: null };
    const mounted = finding.fix === "patch" ? mount(finding, model, templates) : null;
    if (mounted === null || "cannot" in mounted) return { finding, edits: null, cannot: mounted?.cannot ?? null };
    return { finding, edits: mounted.edits, cannot: null };
  });
  const done = outcomes.flatMap(({ finding, edits }) => (edits === null ? [] : [{ finding, edits }]));
  const isMounted = done.some(({ finding }) => !isUncounted(finding));
  return {
    edits: done.flatMap(({ edits }) => edits),
    briefs: outcomes.flatMap(({ finding, edits, cannot }) => (edits === null ? [briefFor(finding, cannot)] : [])),
    fixes: done.map(({ finding }) => finding.id),
    review: {
      level: "glance",
      reason: isMounted
        ? "Two new addresses in a new file, mounted before everything else."
        : "Requests are answered as before; numbers are served at a port of their own.",
    },
    services: [],
    env: metered?.env ?? [],
    notes: [
      ...(isMounted
        ? [
            "Point the load balancer at /readyz, and whatever restarts the process (a container's health check) at /livez.",
          ]
        : []),
      ...(metered?.notes ?? []),
    ],
  };
}

/** What is mounted for a finding; null where it is not about that. */
function mount(finding: Finding, model: Model, templates: Templates): Mounted | null {
  const creation = finding.call === null ? null : model.call(finding.call);
  if (finding.rule !== "monitoring/no-health-endpoint" || creation === null) return null;
  return mountHealth(creation, model, templates);
}
