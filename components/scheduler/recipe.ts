/** Lets one copy of the app do each tick of a schedule, and keeps a slow run from meeting the next. */
import type { Model } from "../../analyzers/model.ts";
import type { Draft, Templates } from "../component.ts";
import type { Finding } from "../finding.ts";
import { briefFor } from "./briefs.ts";
import { claimFor, type Claim } from "./claims.ts";
import { editsFor } from "./edits.ts";
import { notesFor } from "./notes.ts";
import { overlappingSchedules } from "./overlapping.ts";
import { turnsFor, type Turns } from "./turns.ts";
import { unguardedGroups } from "./unguarded.ts";

export function recipe(findings: readonly Finding[], model: Model, templates: Templates): Draft {
  const outcomes = findings.map((finding) => ({ finding, ...outcomeOf(finding, model) }));
  const claims = outcomes.flatMap((outcome) => outcome.claims);
  const turns = outcomes.flatMap((outcome) => outcome.turns);
  return {
    edits: editsFor(claims, turns, model, templates),
    briefs: outcomes.flatMap(({ finding, brief }) =>
      brief === null ? [] : [briefFor(finding, brief.obstacle, model)],
    ),
    fixes: outcomes.flatMap(({ finding, brief }) => (brief === null ? [finding.id] : [])),
    review:
      claims.length > 0
        ? {
            level: "read",
            reason:
              "One copy claims each tick and does it alone: check that each job may be left out once when its store is down.",
          }
        : { level: "glance", reason: "A turn is left out while the last one is under way." },
    services: [],
    env: [],
    notes: notesFor(claims, turns),
  };
}

interface Outcome {
  claims: Claim[];
  turns: Turns[];
  /** What is in the way, null when that is the nature of the thing; no brief when it is mended. */
  brief: { obstacle: string | null } | null;
}

function outcomeOf(finding: Finding, model: Model): Outcome {
  const isIt = ({ match }: { match: Pick<Finding, "rule" | "call"> }): boolean =>
    match.rule === finding.rule && match.call === finding.call;
  switch (finding.rule) {
    case "scheduler/unguarded-cron": {
      const schedules = unguardedGroups(model).find(isIt)?.schedules ?? [];
      const wanted = schedules.map((schedule) => claimFor(schedule, model));
      const claims = wanted.flatMap((claim) => ("kind" in claim ? [claim] : []));
      const brief = briefOf(wanted);
      return { claims: brief === null ? claims : [], turns: [], brief };
    }
    case "scheduler/overlapping-cron": {
      const found = overlappingSchedules(model).find(isIt);
      const wanted = found === undefined ? [] : [turnsFor(found.schedule, model)];
      return { claims: [], turns: wanted.flatMap((turn) => ("kind" in turn ? [turn] : [])), brief: briefOf(wanted) };
    }
    default:
      return { claims: [], turns: [], brief: { obstacle: null } };
  }
}

/** All or nothing: a group is mended whole. */
function briefOf(wanted: readonly (Claim | Turns | { obstacle: string })[]): Outcome["brief"] {
  if (wanted.length === 0) return { obstacle: null };
  const refused = wanted.find((each) => "obstacle" in each);
  return refused === undefined ? null : { obstacle: refused.obstacle };
}
