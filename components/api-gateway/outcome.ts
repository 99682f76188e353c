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
  if (route.via !== "graphql") return handlerBrief(route);
  return limitBrief("the recipe does not write into resolvers of GraphQL", [
    "One request can ask for a field many times under other names: count what is asked for in the resolver or by the query's cost, not only requests to the endpoint.",
    ...(route.framework === "nestjs"
      ? ["`@nestjs/throttler`, with a guard of your own that takes the request from the GraphQL context."]
      : []),
  ]);
}

/** Where no middleware can be put in front of one route: the limit is the handler's first step. */
function handlerBrief({ via, framework }: Route): NonNullable<Outcome["brief"]> {
  const refusal =
    via === "action"
      ? "a returned error that the form shows"
      : via === "rpc"
        ? "a `TOO_MANY_REQUESTS` error"
        : "status 429 with a `Retry-After` header";
  return {
    why: `No limit was put in because the recipe does not write them for ${via === "http" ? "routes" : via === "rpc" ? "procedures" : `${via}s`} of ${framework} in this form.`,
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
