/** Compares the mails that came with the mails that the work of a load owes. */
import type { Mail } from "../stack.ts";
import type { Pass } from "./drive.ts";

export interface MailCount {
  owed: number;
  accepted: number;
  distinct: number;
  duplicates: number;
  missing: number;
  /** `user`: each mail was told by its user's own address; `total`: only the numbers could be compared. */
  attribution: "user" | "total";
}

/**
 * A pass owes its mails once its work was begun: it was answered well, or the connection was cut over it.
 * A refused connection or a refusing answer owes nothing. Mails to users of earlier loads (`isOfOurs` knows the unique
 * values of all) that come late are left out. `outstanding`: mails of the preparing steps, by unique value, that had not
 * come when the load began; they are owed too, and no duplicates when they come.
 */
export function countMails(
  all: readonly Mail[],
  passes: readonly Pass[],
  mailsPerPass: number,
  isOfOurs: (text: string) => boolean,
  outstanding: ReadonlyMap<string, number> = new Map(),
): MailCount {
  const owing = passes.filter(({ end }) => end.kind === "ok" || (end.kind === "lost" && end.why !== "refused"));
  const byUser = new Map<string, { owed: number; got: number }>();
  for (const { user } of passes) byUser.set(user.unique, { owed: outstanding.get(user.unique) ?? 0, got: 0 });
  for (const { user } of owing) {
    const entry = byUser.get(user.unique);
    if (entry) entry.owed += mailsPerPass;
  }
  const owed = sum([...byUser.values()].map((entry) => entry.owed));
  let [accepted, attributed] = [0, 0];
  for (const mail of all) {
    const text = `${mail.to.join(" ")} ${mail.subject}`.toLowerCase();
    const [, entry] = [...byUser].find(([unique]) => text.includes(unique)) ?? [];
    if (!entry && isOfOurs(text)) continue;
    accepted += 1;
    if (!entry) continue;
    entry.got += 1;
    attributed += 1;
  }
  // Mails to a fixed address, or seeded users without a value of ours: only totals can be compared.
  const isTold = accepted > 0 && attributed === accepted;
  const entries = isTold ? [...byUser.values()] : [{ owed, got: accepted }];
  const duplicates = sum(entries.map((entry) => Math.max(0, entry.got - entry.owed)));
  const missing = sum(entries.map((entry) => Math.max(0, entry.owed - entry.got)));
  const attribution = isTold ? "user" : "total";
  return { owed, accepted, distinct: accepted - duplicates, duplicates, missing, attribution };
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
