/** Finds the path by which an app says whether it wants requests, by asking the usual ones. */
import type { Upstream } from "../balancer/balancer.ts";
import { ask, type Answer } from "../balancer/ask.ts";

/** Readiness before liveness; names as Kubernetes, Rails, Spring, Heroku and their guides use them. */
const usual = [
  "/ready",
  "/readyz",
  "/readiness",
  "/health/ready",
  "/health/readiness",
  "/healthz/ready",
  "/api/ready",
  "/api/health/ready",
  "/health",
  "/healthz",
  "/health-check",
  "/healthcheck",
  "/api/health",
  "/api/healthz",
  "/api/healthcheck",
  "/up",
];

/** Whether the two answers are the same page, as when an app sends its start page for every path. */
const isSamePage = (one: Answer, other: Answer): boolean => one.type === other.type && one.body === other.body;

const isGood = (answer: Answer | null): answer is Answer =>
  answer !== null && answer.status >= 200 && answer.status < 300;

/** What the app answers to any path below the prefix: null when it says no to nonsense, `anything` when even that changes each time. */
async function pageForAnything(upstream: Upstream, prefix: string): Promise<Answer | "anything" | null> {
  const first = await ask(upstream, `${prefix}/lab-no-such-path`);
  if (!isGood(first)) return null;
  const second = await ask(upstream, `${prefix}/lab-no-such-path-either`);
  return isGood(second) && isSamePage(first, second) ? first : "anything";
}

/** The first usual path that answers well, with something else than what the app answers to any path; null when there is none. */
export async function findReadiness(upstream: Upstream): Promise<string | null> {
  const root = await pageForAnything(upstream, "");
  const below = await pageForAnything(upstream, "/api");
  for (const path of usual) {
    const page = path.startsWith("/api/") ? below : root;
    if (page === "anything") continue;
    const answer = await ask(upstream, path);
    if (isGood(answer) && (page === null || !isSamePage(answer, page))) return path;
  }
  return null;
}
