/** Before any load, two users walk through a scenario in quiet: does it work, what does it answer, how many mails does it send? */
import { setTimeout as sleep } from "node:timers/promises";
import type { Scenario, Step } from "../experiment.ts";
import { newUser, takeStep, type Line, type User } from "../load/user.ts";
import type { Outside } from "../stack.ts";
import { canonicalAnswer, mergeShapes, type CanonicalAnswer } from "./canonical.ts";

export type Rehearsal =
  | { kind: "works"; answers: Record<string, CanonicalAnswer>; mails: MailHabit | null }
  | { kind: "fails"; reason: string };

/** Mails that one user's preparing steps and one pass bring, as counted in quiet. */
export interface MailHabit {
  preparing: number;
  perPass: number;
}

export interface Stage {
  line: Line;
  outside: Outside;
  /** Makes the unique value of a new user, and an address for it. */
  enlist: () => { unique: string; address: string | null };
  /** True when a text names any of the lab's users. */
  isOfOurs: (text: string) => boolean;
  /** How long to wait for mails that a worker sends, milliseconds; 0 when mails are not to be counted. */
  mailPatience: number;
  signal: AbortSignal;
}

/** `expected` is what the other side sent: worth waiting for when the mails go through a queue. Mails are null when not counted. */
export async function rehearse(scenario: Scenario, stage: Stage, expected: MailHabit | null): Promise<Rehearsal> {
  const merged = new Map<string, CanonicalAnswer>();
  const mails: MailHabit = { preparing: 0, perPass: 0 };
  for (const round of [1, 2]) {
    stage.signal.throwIfAborted();
    const user = newUser(stage.enlist());
    const count = mailCounter(user, stage);
    const preparing = await walk(scenario.before, user, stage, merged, scenario.name);
    if (preparing !== null) return { kind: "fails", reason: preparing };
    mails.preparing = Math.max(mails.preparing, await count(expected?.preparing ?? 0));
    user.passes = round;
    const pass = await walk(scenario.measured, user, stage, merged, scenario.name);
    if (pass !== null) return { kind: "fails", reason: pass };
    mails.perPass = Math.max(mails.perPass, await count(expected?.perPass ?? 0));
  }
  return { kind: "works", answers: Object.fromEntries(merged), mails: stage.mailPatience > 0 ? mails : null };
}

/** Null when every step went well, else what was answered. */
async function walk(
  steps: readonly Step[],
  user: User,
  stage: Stage,
  merged: Map<string, CanonicalAnswer>,
  scenario: string,
): Promise<string | null> {
  for (const step of steps) {
    const end = await takeStep(user, step, stage.line);
    if (end.kind !== "ok") return describe(end);
    const name = `${scenario}/${step.name}`;
    const answer = canonicalAnswer(end.answer);
    const known = merged.get(name);
    merged.set(name, known ? mergeAnswers(known, answer) : answer);
  }
  return null;
}

function describe(end: Exclude<Awaited<ReturnType<typeof takeStep>>, { kind: "ok" }>): string {
  const said = end.kind === "failed" ? end.body.replaceAll(/\s+/g, " ").trim().slice(0, 160) : "";
  return said === "" ? end.reason : `${end.reason} with ${said}`;
}

function mergeAnswers(one: CanonicalAnswer, other: CanonicalAnswer): CanonicalAnswer {
  const body = one.body && other.body ? mergeShapes(one.body, other.body) : null;
  return { ...one, body };
}

/** Long enough for a mail that is sent after the answer, short enough to do often. */
const grace = 250;

/** Each call counts the mails to this user, or to nobody the lab knows, that came since the last one. */
function mailCounter(
  user: User,
  { outside, isOfOurs, mailPatience, signal }: Stage,
): (expected: number) => Promise<number> {
  let counted = outside.mails().length;
  const own = (): number =>
    outside
      .mails()
      .slice(counted)
      .map(({ to, subject }) => `${to.join(" ")} ${subject}`.toLowerCase())
      .filter((text) => text.includes(user.unique) || !isOfOurs(text)).length;
  return async (expected) => {
    if (mailPatience === 0) return 0;
    const given = performance.now() + mailPatience;
    await sleep(grace, undefined, { signal });
    while ((outside.openMails() > 0 || own() < expected) && performance.now() < given) {
      await sleep(50, undefined, { signal });
    }
    const came = own();
    counted = outside.mails().length;
    return came;
  };
}
