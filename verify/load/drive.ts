/** Puts a workload on a stack: at a fixed rate, with a fixed number of busy users, or once for each user. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Load, Scenario } from "../experiment.ts";
import { arrivalTimes } from "./arrivals.ts";
import { takeStep, type Line, type StepEnd, type User } from "./user.ts";

/** One way through the measured steps. */
export interface Pass {
  user: User;
  /** From the intended start, so that a late start counts as waiting. */
  milliseconds: number;
  requests: number;
  /** Of the bodies of its good answers, as they came over the wire. */
  bytes: number;
  end: StepEnd;
}

export interface Driven {
  passes: Pass[];
  /** From the first intended start to the end of the sending window. */
  windowSeconds: number;
}

export interface Drive {
  scenario: Scenario;
  load: Load;
  users: readonly User[];
  line: Line;
  signal: AbortSignal;
  /** While true the window is held open past its length, so that a fault is under load to its end. */
  isHeldOpen(): boolean;
}

/** A window that is held open ends at this many times its length all the same. */
const longest = 8;
/** More passes than this never wait for their answers at the same time; further arrivals count as lost. */
const mostOutstanding = 2000;

/** Ends when every pass has ended; each one ends by the client's patience at the latest. */
export async function drive(plan: Drive): Promise<Driven> {
  const { load } = plan;
  if (load.kind === "open") return driveOpen(plan, load);
  return load.kind === "closed" ? driveClosed(plan, load) : driveOnce(plan, load);
}

/** Arrivals come at their own times whatever the answers do; the clock of each runs from when it should have begun. */
async function driveOpen(plan: Drive, { perSecond, seconds }: Extract<Load, { kind: "open" }>): Promise<Driven> {
  const began = performance.now();
  const due = Math.max(1, Math.round(perSecond * seconds));
  const arriveAt = arrivalTimes(perSecond, plan.scenario.name);
  const running: Promise<Pass>[] = [];
  let outstanding = 0;
  for (let arrival = 0; arrival < due * longest; arrival += 1) {
    if (arrival >= due && !plan.isHeldOpen()) break;
    const intended = began + arriveAt();
    await untilTime(intended);
    if (plan.signal.aborted) break;
    const user = plan.users[arrival % plan.users.length];
    if (!user) break;
    if (outstanding >= mostOutstanding) {
      running.push(Promise.resolve(crowdedOut(user, plan.line.patienceMilliseconds)));
      continue;
    }
    outstanding += 1;
    running.push(pass(plan, user, intended).finally(() => (outstanding -= 1)));
  }
  await untilTime(began + seconds * 1000);
  const windowSeconds = (performance.now() - began) / 1000;
  return { passes: await Promise.all(running), windowSeconds };
}

async function driveClosed(plan: Drive, { seconds }: Extract<Load, { kind: "closed" }>): Promise<Driven> {
  const began = performance.now();
  const isOpen = (): boolean => {
    const elapsed = (performance.now() - began) / 1000;
    return !plan.signal.aborted && (elapsed < seconds || (plan.isHeldOpen() && elapsed < seconds * longest));
  };
  const passes: Pass[] = [];
  await Promise.all(
    plan.users.map(async (user) => {
      while (isOpen()) {
        const one = await pass(plan, user, performance.now());
        passes.push(one);
        // A client that is refused at once must not spin.
        if (one.end.kind !== "ok") await sleep(50);
      }
    }),
  );
  return { passes, windowSeconds: (performance.now() - began) / 1000 };
}

/** All at the same moment; fewer users than passes take turns. */
async function driveOnce(plan: Drive, { users: due }: Extract<Load, { kind: "once" }>): Promise<Driven> {
  const began = performance.now();
  const passes = Array.from({ length: due }, (_, index) => plan.users[index % plan.users.length])
    .filter((user) => user !== undefined)
    .map((user) => pass(plan, user, began));
  return { passes: await Promise.all(passes), windowSeconds: (performance.now() - began) / 1000 };
}

async function pass(plan: Drive, user: User, intended: number): Promise<Pass> {
  user.passes += 1;
  // Passes of one user may overlap: each has its own captures, on top of what the preparing steps captured.
  const self: User = { ...user, captured: { ...user.captured } };
  let requests = 0;
  let bytes = 0;
  let end: StepEnd | null = null;
  for (const step of plan.scenario.measured) {
    requests += 1;
    end = await takeStep(self, step, plan.line);
    if (end.kind !== "ok") break;
    bytes += end.answer.bytes;
  }
  const milliseconds = performance.now() - intended;
  return { user, milliseconds, requests, bytes, end: end ?? emptyScenario };
}

const emptyScenario: StepEnd = {
  kind: "failed",
  status: 0,
  reason: "the scenario has no measured step",
  milliseconds: 0,
  body: "",
};

function crowdedOut(user: User, milliseconds: number): Pass {
  const reason = `more than ${mostOutstanding} passes were waiting for an answer`;
  return {
    user,
    milliseconds,
    requests: 0,
    bytes: 0,
    end: { kind: "lost", why: "timeout", reason, milliseconds, status: 0 },
  };
}

async function untilTime(time: number): Promise<void> {
  const wait = time - performance.now();
  if (wait > 1) await sleep(wait);
}
