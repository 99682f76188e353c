/** What the coding agent is told where the recipe must not write. */
import type { Brief } from "../../patches/edit.ts";
import type { Finding } from "../finding.ts";

type Words = Pick<Brief, "constraints" | "acceptance">;

/** For a framework that the recipe mounts nothing in, or an app in whose way something stands. */
const health: Words = {
  constraints: [
    "GET /livez answers 200 and asks neither database nor cache nor other services.",
    "GET /readyz answers 503 once the process has been told to stop (in Express: `app.locals.stopping` is true), else 200.",
    "Both come before authentication, rate limits, body parsing and any route that takes every path, and stand outside a prefix for all routes.",
  ],
  acceptance: "GET /livez and GET /readyz answer 200 without a login, also while the database is down.",
};
const foreign = "The recipe does not know how this app's framework takes in routes: add the addresses in its own way.";

const briefs: Readonly<Record<string, Words>> = {
  "monitoring/health-is-shallow": {
    constraints: [
      "The present address stays as it is, for liveness: a process is not restarted because its database is away.",
      "A second address answers 503 until the database has answered once since the start, then 200; its own check ends within two seconds.",
      "The host's or the cluster's readiness check is pointed at the second one.",
    ],
    acceptance:
      "A version with a wrong database address never gets a user, and a running one survives a minute without its database.",
  },
  "monitoring/no-metrics": {
    constraints: [
      "Requests, failures and durations are counted per method and route pattern, never per full address.",
      "The address that shows the numbers is not reachable for the public.",
    ],
    acceptance: "After a hundred requests the numbers show a hundred, split by route and status.",
  },
  "monitoring/no-structured-logs": {
    constraints: [
      "One logger, one line of JSON each: time, level, message, and the request's id where there is one.",
      "Passwords, tokens and card data never reach a line.",
      "In development the lines stay readable.",
    ],
    acceptance: "Every line that the server writes in production parses as JSON, and one request's lines share an id.",
  },
};

/** `cannot`: what was in the way of the health addresses. */
export function briefFor({ id, rule, file, line, message }: Finding, cannot: string | null): Brief {
  const own = briefs[rule];
  const obstacle =
    cannot === null
      ? null
      : `${own === undefined ? "The health addresses were not mounted" : "The logger was not written"} because ${cannot}.`;
  const said = obstacle ?? (own === undefined ? foreign : message);
  return { findingId: id, where: { file, line }, why: said, ...(own ?? health) };
}
