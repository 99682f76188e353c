/** The users of one stack: signed up once, used again by every experiment that can. */
import { Agent } from "node:http";
import type { Scenario, Workload } from "../experiment.ts";
import type { Addresses } from "./addresses.ts";
import { newUser, prepare, takeStep, type Line, type User } from "./user.ts";

export interface Crowd {
  users: User[];
  /** Why some users could not be made ready, each reason once. */
  undriven: { count: number; reasons: string[] };
}

interface CrowdWish {
  from: "own-addresses" | "one-address";
  /** New users only: nothing that earlier loads left behind can be taken for theirs. */
  isFresh: boolean;
}

export interface Crowds {
  line(patienceMilliseconds: number): Line;
  /** `count` users ready to run the scenario's measured steps; each with a fresh address, or all with the same one. */
  gather(scenario: Scenario, count: number, wish: CrowdWish): Promise<Crowd>;
  /** Makes the unique value and the address of one new user. */
  enlist: () => { unique: string; address: string | null };
  /** True when the text holds the unique value of any user of this stack. */
  isOfOurs: (text: string) => boolean;
  /** After processes died their sessions may be gone: known users are used again only if one of them still gets through. */
  doubt(): void;
  close(): void;
}

/** How many users get ready at the same time: signing up is heavy work for the app (password hashes). */
const abreast = 4;
/** A user with preparing steps costs time, one without costs nothing. */
const mostPrepared = 24;
const mostFree = 400;
/** Passes that one user makes at most in an open load, below what any sane per-user limit would refuse. */
const passesPerUser = 2;
/** After so many passes a user is replaced, lest a limit per account be met that no single person would meet. */
const passesInLife = 12;
const accountsOfAttacker = 4;
const preparingPatience = 10_000;

/** How many different users a workload needs to look like a crowd and not like one busy client. */
export function crowdSize({ load, scenario, from }: Pick<Workload, "load" | "scenario" | "from">): number {
  const isPrepared = scenario.before.length > 0;
  if (load.kind === "once" && from === "one-address" && isPrepared) return Math.min(load.users, accountsOfAttacker);
  if (load.kind !== "open") return load.users;
  const most = isPrepared ? mostPrepared : mostFree;
  return Math.max(1, Math.min(most, Math.ceil((load.perSecond * load.seconds) / passesPerUser)));
}

/** `mark`, lower case, keeps the unique values of two stacks and of two calls apart. */
export function openCrowds(url: string, mark: string, addresses: Addresses): Crowds {
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 512, scheduling: "lifo" });
  const ready = new Map<string, User[]>();
  const doubted = new Set<string>();
  let made = 0;
  // The closing letter keeps `m1x` from being found in `m11x`.
  const enlist: Crowds["enlist"] = () => ({ unique: `${mark}${(made += 1)}x`, address: addresses() });
  const ours = new RegExp(`${mark}\\d+x`);
  const line = (patienceMilliseconds: number): Line => ({ url, agent, patienceMilliseconds });

  async function newcomers(scenario: Scenario, count: number): Promise<Crowd> {
    const crowd: Crowd = { users: [], undriven: { count: 0, reasons: [] } };
    const due = Array.from({ length: count }, () => newUser(enlist()));
    await Promise.all(
      Array.from({ length: abreast }, async () => {
        for (let user = due.pop(); user; user = due.pop()) {
          const trouble = await prepare(user, scenario, line(preparingPatience));
          if (trouble === null || trouble.kind === "ok") {
            crowd.users.push(user);
            continue;
          }
          crowd.undriven.count += 1;
          if (!crowd.undriven.reasons.includes(trouble.reason)) crowd.undriven.reasons.push(trouble.reason);
        }
      }),
    );
    return crowd;
  }

  async function dropStrangers(scenario: Scenario): Promise<void> {
    const [witness] = ready.get(scenario.name) ?? [];
    if (!witness || scenario.before.length === 0) return;
    for (const step of scenario.measured) {
      const end = await takeStep(witness, step, line(preparingPatience));
      if (end.kind === "ok") continue;
      ready.delete(scenario.name);
      return;
    }
  }

  return {
    line,
    enlist,
    isOfOurs: (text) => ours.test(text),
    async gather(scenario, count, { from, isFresh }) {
      if (doubted.delete(scenario.name)) await dropStrangers(scenario);
      const known = isFresh ? [] : (ready.get(scenario.name) ?? []).filter(({ passes }) => passes < passesInLife);
      const fresh = await newcomers(scenario, Math.max(0, count - known.length));
      if (!isFresh) ready.set(scenario.name, [...known, ...fresh.users]);
      const users = [...known, ...fresh.users].slice(0, count);
      const shared = addresses();
      for (const user of users) user.address = from === "one-address" ? shared : addresses();
      return { users, undriven: fresh.undriven };
    },
    doubt() {
      for (const name of ready.keys()) doubted.add(name);
      agent.destroy();
    },
    close: () => agent.destroy(),
  };
}
