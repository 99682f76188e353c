/** Finds schedules that come due again before their work is done. */
import { callsOf } from "../../analyzers/code/calls-in.ts";
import { closureOf } from "../../analyzers/code/closure.ts";
import { isBounded, isNarrowed, repeatedOver, type Repeated } from "../../analyzers/lists/origin.ts";
import type { CallSite, Model } from "../../analyzers/model.ts";
import { usesWithin } from "../../analyzers/code/uses-within.ts";
import type { Confidence, Match } from "../finding.ts";
import { isOverlapGuarded } from "./guards.ts";
import { anchorOf, placeOf } from "./places.ts";
import { schedulesOf, type Schedule } from "./schedules.ts";
import { isOnFunctions } from "./serverless.ts";
import { turnsFor } from "./turns.ts";

/** A run that works through a list and calls others for each item can take this long before anyone notices. */
const longRunSeconds = 600;
/** Writing row by row is quicker: only what comes every minute runs into it. */
const writingRunSeconds = 60;

/** A finding and the schedule that it is about. */
export interface Overlapping {
  match: Match;
  schedule: Schedule;
}

export function overlapping(model: Model): Match[] {
  return overlappingSchedules(model).map(({ match }) => match);
}

/** Schedules that come due again before their work over a list may be done. */
export function overlappingSchedules(model: Model): Overlapping[] {
  return schedulesOf(model).flatMap((schedule) => {
    const { seconds } = schedule;
    if (seconds === null || seconds > longRunSeconds || isOnFunctions(schedule.service, model)) return [];
    const long = longPart(schedule, model);
    if (long === null || (long.cost === "write" && seconds > writingRunSeconds) || isOverlapGuarded(schedule, model))
      return [];
    return [{ schedule, match: matchFor(schedule, long, frequency(seconds), model) }];
  });
}

function matchFor(schedule: Schedule, { confidence, does, call }: LongPart, often: string, model: Model): Match {
  return {
    rule: "scheduler/overlapping-cron",
    ...placeOf(schedule),
    confidence,
    message: `It comes due ${often}, and ${does} for each item of a list. When a run takes longer than that, the next one starts beside it and does the same items again.`,
    also: [{ file: call.file, line: call.line }],
    anchor: anchorOf(schedule, model),
    fix: "kind" in turnsFor(schedule, model) ? "patch" : "brief",
  };
}

function frequency(seconds: number): string {
  if (seconds < 60) return `every ${seconds} seconds`;
  return seconds < 120 ? "every minute" : `every ${Math.round(seconds / 60)} minutes`;
}

interface LongPart {
  call: CallSite;
  does: string;
  cost: "outside" | "write";
  confidence: Confidence;
}

/** The first call that the schedule repeats over a list and waits for. */
function longPart({ fns }: Schedule, model: Model): LongPart | null {
  const inside = [...new Set(fns.flatMap((id) => [...closureOf({ id }, model)]))];
  const parts = inside.flatMap((fn) => callsOf(fn, model)).flatMap((call) => partOf(call, model) ?? []);
  return parts.find(({ cost }) => cost === "outside") ?? parts[0] ?? null;
}

function partOf(call: CallSite, model: Model): LongPart | null {
  if (!call.inLoop || !call.awaited) return null;
  const inner = new Set(model.targets(call).flatMap((target) => [...closureOf(target, model)]));
  const uses = [...model.usesAt(call), ...usesWithin(inner, [...outside, "database-write"], model)];
  const worst = uses.find(({ kind }) => isOutside(kind)) ?? uses.find(({ kind }) => kind === "database-write");
  const origin = worst === undefined ? null : repeatedOver(call, model);
  if (worst === undefined || origin === null) return null;
  const cost = isOutside(worst.kind) ? "outside" : "write";
  const confidence = sureOf(origin, cost);
  const does = cost === "outside" ? "another service is called" : "the database is written";
  return confidence === null ? null : { call, does, cost, confidence };
}

const outside = ["mail", "push", "model", "payment", "http", "image", "pdf"] as const;

function isOutside(kind: string | null): boolean {
  return outside.some((each) => each === kind);
}

function sureOf(origin: Repeated, cost: LongPart["cost"]): Confidence | null {
  switch (origin.kind) {
    case "table":
      if (isBounded(origin.query)) return null;
      return cost === "outside"
        ? origin.isPart
          ? "low"
          : "medium"
        : isNarrowed(origin.query) || origin.isPart
          ? null
          : "medium";
    case "outside":
      return cost === "outside" ? "medium" : null;
    case "unknown":
      return cost === "outside" ? "low" : null;
    default:
      return null;
  }
}
