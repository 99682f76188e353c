/** What becomes of a finding on a route: a limit, or a brief that says what the limit should be. */
import type { Brief } from "../../patches/edit.ts";
import type { Finding } from "../finding.ts";

export interface Outcome {
  finding: Finding;
  /** Null when it was done. */
  brief: Omit<Brief, "findingId" | "where"> | null;
}

/** `ways`: how the app's framework does it, where that is not Express's. */
export function limitBrief(why: string, ways: readonly string[] = []): NonNullable<Outcome["brief"]> {
  return {
    why: `No limit was put in because ${why}.`,
    constraints: [
      ...ways,
      "Logins and codes: about 10 attempts in 15 minutes for one address. Sign-ups and mails with codes: about 5 an hour.",
      "Costly calls: about 20 a minute for one user, or one address without a login.",
      "`trust proxy` is the exact number of proxies in front of the app, never `true`.",
    ],
    acceptance:
      "Sixty quick attempts from one address are refused in part with 429; clients at other addresses are not.",
  };
}
