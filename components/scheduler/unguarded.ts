/** Finds schedules that run once per copy of the app. */
import type { Model } from "../../analyzers/model.ts";
import { replicasOf, type Replicas } from "../../analyzers/deployment/replicas.ts";
import { placesOf } from "../advice.ts";
import type { Confidence, Match } from "../finding.ts";
import { claimFor } from "./claims.ts";
import { deedsOf, type Deed } from "./deeds.ts";
import { guardOf } from "./guards.ts";
import { anchorOf, placeOf } from "./places.ts";
import { runsInWeb, schedulesOf, type Schedule } from "./schedules.ts";
import { isOnFunctions } from "./serverless.ts";

/** What is found together, and the schedules it is found of. */
export interface Unguarded {
  match: Match;
  schedules: Schedule[];
}

export function unguarded(model: Model): Match[] {
  return unguardedGroups(model).map(({ match }) => match);
}

/** Schedules of the web process whose deeds several copies would repeat. */
export function unguardedGroups(model: Model): Unguarded[] {
  const found = schedulesOf(model).flatMap((schedule) => {
    if (!runsInWeb(schedule, model) || isOnFunctions(schedule.service, model)) return [];
    const replicas = replicasOf(model, schedule.service);
    const [worst] = deedsOf(schedule, model);
    if (worst === undefined || replicas.kind === "one") return [];
    const guard = guardOf(schedule, model);
    if (guard !== null && guard !== "claim") return [];
    const match = matchFor(
      schedule,
      worst,
      { replicas, confidence: confidenceOf(worst, replicas, guard === "claim") },
      model,
    );
    return [{ match, schedules: [schedule] }];
  });
  return oncePerFile(found).map((group) => ({
    ...group,
    match: {
      ...group.match,
      fix: group.schedules.every((each) => "kind" in claimFor(each, model)) ? "patch" : "brief",
    },
  }));
}

/** The schedules of one file that do the same sort of thing want the same guard. */
function oncePerFile(found: readonly Unguarded[]): Unguarded[] {
  const groups = new Map<string, Unguarded[]>();
  for (const each of found) {
    const key = JSON.stringify([each.match.file, each.match.message, each.match.confidence]);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first, ...others] = group.toSorted((a, b) => a.match.line - b.match.line);
    if (first === undefined || others.length === 0) return first ?? [];
    const places = [...others.map(({ match }) => match), ...group.flatMap(({ match }) => match.also)];
    const also = placesOf(places, first.match);
    const message = `${first.match.message} So it is with ${others.length} more in this file.`;
    return [{ match: { ...first.match, also, message }, schedules: group.flatMap(({ schedules }) => schedules) }];
  });
}

function confidenceOf({ harm }: Deed, { kind }: Replicas, isClaimed: boolean): Confidence {
  if (harm === "maybe" || isClaimed) return "low";
  return kind === "several" ? "high" : "medium";
}

function matchFor(
  schedule: Schedule,
  { call, does }: Deed,
  { replicas, confidence }: { replicas: Replicas; confidence: Confidence },
  model: Model,
): Match {
  const copies =
    replicas.kind === "open" ? "With a second copy of the app" : `Several copies of the app run (${replicas.note}), so`;
  return {
    rule: "scheduler/unguarded-cron",
    ...placeOf(schedule),
    confidence,
    message: `This schedule ${does}, and every process that answers requests has it. ${copies} it happens once per copy.`,
    also: [call, ...(replicas.kind === "open" ? [] : [replicas])].map(({ file, line }) => ({ file, line })),
    anchor: anchorOf(schedule, model),
  };
}
