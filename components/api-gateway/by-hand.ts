/** Briefs for what no recipe changes: who may call and where counts are kept is for the app's authors to say. */
import type { Finding } from "../finding.ts";
import type { Outcome } from "./outcome.ts";

const briefs: Readonly<Record<string, NonNullable<Outcome["brief"]>>> = {
  "api-gateway/rate-limit-in-memory-store": {
    why: "Counts have to be kept where all processes see them, and which store that is depends on what the app runs already.",
    constraints: [
      "Redis, where the app has it: `rate-limit-redis` with the app's own client. Else the database at hand.",
      "While the store is away, requests pass: a limit must not take the login down.",
    ],
    acceptance:
      "With two processes behind a balancer, one address gets as many answers as the limit says, not twice as many.",
  },
  "api-gateway/rate-limit-spoofable": {
    why: "How many proxies stand before the app decides which address is the caller's, and only the deployment knows that.",
    constraints: [
      "`trust proxy` is the exact number of proxies in front of the app, never `true`.",
      "The limiter counts under `req.ip`, never under a header.",
    ],
    acceptance:
      "Sixty quick attempts, each with another X-Forwarded-For, are refused in part with 429; clients at other addresses are not.",
  },
  "api-gateway/rate-limit-too-short": {
    why: "How many tries are right depends on the limit beside the stretch, and that number was never tried out.",
    constraints: [
      "The stretch in milliseconds: `60_000` for a minute.",
      "Look at the limit, too: from now on it counts, for every page that loads many things at once.",
    ],
    acceptance: "More requests in a minute than the limit says are refused with 429; everyday use is not.",
  },
  "api-gateway/cors-any-origin-with-credentials": {
    why: "Which websites belong to the app is not in the code.",
    constraints: [
      "A list of origins from the environment, compared as a whole; no patterns that a new domain could fit.",
      "Where page and API share one origin, take CORS out. Without cookies, drop `credentials`.",
    ],
    acceptance:
      "A request with a foreign Origin gets no Access-Control-Allow-Origin; the app's own front end works as before.",
  },
};

export function byHand(findings: readonly Finding[]): Outcome[] {
  return findings.flatMap((finding) => {
    const brief = briefOf(finding);
    return brief === undefined ? [] : [{ finding, brief }];
  });
}

/** The same with what is in the way here; `cannot` is the end of a sentence that begins with "because". */
export function byHandBrief(finding: Finding, cannot: string): Outcome["brief"] {
  const brief = briefOf(finding);
  return brief === undefined ? null : { ...brief, why: `It was left as it is because ${cannot}.` };
}

function briefOf({ rule }: Finding): NonNullable<Outcome["brief"]> | undefined {
  return Object.hasOwn(briefs, rule) ? briefs[rule] : undefined;
}
