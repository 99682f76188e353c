/** Calls to one service through one client: what bounds one of them is wanted for all. */
import type { CallSite, Model, Reach, Use } from "../../analyzers/model.ts";
import type { Confidence, Match } from "../finding.ts";
import { makerOf, type HttpClient } from "./http-clients.ts";
import { beginningOf } from "./own-address.ts";

/** A call that nothing bounds, with the branches of its function that are the same matter. */
export interface Unbounded {
  use: Use;
  client: HttpClient;
  ways: Reach[];
  fix: Match["fix"];
  confidence: Confidence;
  others: CallSite[];
}

export interface HttpGroup {
  /** The call that stands for all; the surest, then the first. */
  lead: Unbounded;
  members: readonly Unbounded[];
  /** Where the client of several calls is made (`axios.create({...})`), which is where its limit belongs. */
  made: CallSite | null;
}

export function groupsOf(found: readonly Unbounded[], model: Model): HttpGroup[] {
  const groups = new Map<string, [Unbounded, ...Unbounded[]]>();
  for (const each of found) {
    const key = keyOf(each, model);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [each]);
    else known.push(each);
  }
  return [...groups.values()].map((group) => {
    const members = group.toSorted(bySurety);
    const made = group.length > 1 ? madeBy(group[0].use, model) : null;
    return { lead: members[0] ?? group[0], members, made };
  });
}

/** The places of a group but the one where it is told. */
export function placesBeside({ members, made, lead }: HttpGroup): CallSite[] {
  const own = made ?? lead.use.call;
  const calls = members.flatMap(({ use, others }) => [use.call, ...others]);
  return [...new Map(calls.map((call) => [call.id, call])).values()].filter(({ id }) => id !== own.id);
}

/** The service's name where it is written out, at the call or its client: `api.example.com`. */
export function hostIn({ call: { args }, addresses = [] }: Use): string | null {
  return /^https?:\/\/([\w.-]+\.\w+)/.exec(addresses[0] ?? beginningOf(args[0]))?.[1] ?? null;
}

/** By the client where it is made once, else by file and host; what is hidden stays apart from what is shown. */
function keyOf({ use, client, fix, confidence }: Unbounded, model: Model): string {
  const made = madeBy(use, model);
  const where = made === null ? [use.call.file, client.name, hostIn(use), fix] : [made.id];
  return JSON.stringify([...where, confidence === "low"]);
}

function madeBy({ construction }: Use, model: Model): CallSite | null {
  const isClient = construction !== null && model.usesAt(construction).some((use) => makerOf(use) !== null);
  return isClient ? construction : null;
}

const order: readonly Confidence[] = ["high", "medium", "low"];

function bySurety(a: Unbounded, b: Unbounded): number {
  const [one, other] = [a.use.call, b.use.call];
  return (
    order.indexOf(a.confidence) - order.indexOf(b.confidence) ||
    one.file.localeCompare(other.file) ||
    one.line - other.line
  );
}
