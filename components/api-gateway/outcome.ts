/** What becomes of a finding on a route: a limit, or a brief that says what the limit should be. */
import type { Route } from "../../analyzers/model.ts";
import type { Brief } from "../../patches/edit.ts";
import type { Finding } from "../finding.ts";

export interface Outcome {
  finding: Finding;
  /** Null when it was done. */
  brief: Omit<Brief, "findingId" | "where"> | null;
}

/** What the recipe has no code for is said in words: how the route's framework does it. */
export function foreignBrief(route: Route): NonNullable<Outcome["brief"]> {
  const known = ways[route.framework] ?? (route.via === "graphql" ? graphqlWays : null);
  if (known === null) return handlerBrief(route);
  return limitBrief(`the recipe limits Express routes, and this one is ${route.framework}'s`, known);
}

/** How other frameworks put a limit in front of a route, by the framework's name. */
const ways: Readonly<Record<string, readonly string[]>> = {
  fastify: ["`@fastify/rate-limit`, with `config: { rateLimit }` at the route."],
  koa: ["`koa-ratelimit` in the route's chain."],
  hono: ["`hono-rate-limiter` in the route's chain, or the host's own rules where it runs functions."],
  nestjs: [
    "`@nestjs/throttler`: `ThrottlerModule` in the app's module, its guard on the route or registered as `APP_GUARD`, and `@Throttle` with the numbers where they differ; for GraphQL a guard of your own that takes the request from the GraphQL context.",
    "More than one process: a storage that all of them share, such as Redis.",
  ],
};
const graphqlWays = [
  "One request can ask for a field many times under other names: count what is asked for in the resolver or by the query's cost, not only requests to the endpoint.",
];

/** Where no middleware can be put in front of one route: the limit is the handler's first step. */
function handlerBrief({ via, framework }: Route): NonNullable<Outcome["brief"]> {
  const refusal =
    via === "action"
      ? "a returned error that the form shows"
      : via === "rpc"
        ? "a `TOO_MANY_REQUESTS` error"
        : "status 429 with a `Retry-After` header";
  return {
    why: `No limit was put in because the recipe writes limits for Express, and this is a ${via === "http" ? "route" : via} of ${framework}.`,
    constraints: [
      "Count in a store that all instances share (Redis, such as Upstash over HTTP): functions forget what they keep in memory.",
      `Count before any other work in the handler, by user where one is logged in, else by the address that the host's proxy gives; answer with ${refusal}.`,
      "Logins and codes: about 10 attempts in 15 minutes for one address. Sign-ups and mails with codes: about 5 an hour.",
      "Costly calls: about 20 a minute for one user, or one address without a login.",
    ],
    acceptance: "Sixty quick attempts from one address are refused in part; clients at other addresses are not.",
  };
}

/** `known`: how the app's framework does it, where that is not Express's. */
export function limitBrief(why: string, known: readonly string[] = []): NonNullable<Outcome["brief"]> {
  return {
    why: `No limit was put in because ${why}.`,
    constraints: [
      ...known,
      "Logins and codes: about 10 attempts in 15 minutes for one address. Sign-ups and mails with codes: about 5 an hour.",
      "Costly calls: about 20 a minute for one user, or one address without a login.",
      "`trust proxy` is the exact number of proxies in front of the app, never `true`.",
    ],
    acceptance:
      "Sixty quick attempts from one address are refused in part with 429; clients at other addresses are not.",
  };
}
