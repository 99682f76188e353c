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

/** The first usual path that answers well, with something else than what the app answers to any path; null when there is none. */
export async function findReadiness(upstream: Upstream): Promise<string | null> {
  const [anything, anythingBelow] = await Promise.all([
    ask(upstream, "/lab-no-such-path"),
    ask(upstream, "/api/lab-no-such-path"),
  ]);
  for (const path of usual) {
    const nonsense = path.startsWith("/api/") ? anythingBelow : anything;
    const answer = await ask(upstream, path);
    if (isGood(answer) && !(isGood(nonsense) && isSamePage(answer, nonsense))) return path;
  }
  return null;
}
