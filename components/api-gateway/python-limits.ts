/** Limits in Python apps: the packages that keep them, and what a Python reader is told to do. */
import type { Finding } from "../finding.ts";
import type { Outcome } from "./outcome.ts";

/** Packages that refuse who comes too often, as they stand in front of a view or count for the whole app. */
const pythonLimiters = [
  "pypi:slowapi",
  "pypi:flask_limiter",
  "pypi:fastapi_limiter",
  "pypi:fastapi_throttle",
  "pypi:django_ratelimit",
  "pypi:ratelimit",
  "pypi:axes",
  "pypi:defender",
  "pypi:quart_rate_limiter",
] as const;

/** Handlers of packages that have more to them: DRF's throttles. Taking a route out of a limit is none. */
export function isPythonLimit(api: string): boolean {
  if (api.endsWith(".exempt")) return false;
  return (
    pythonLimiters.some((name) => api.startsWith(`${name}:`)) || /^pypi:(rest_framework|ninja):throttling\./.test(api)
  );
}

const packagesFor: Readonly<Record<string, string>> = {
  fastapi: "slowapi, or fastapi-limiter where Redis is there",
  flask: "Flask-Limiter",
  "django-ninja": "the `throttle=` argument of Django Ninja's apis, routers and operations",
  django: "DRF's throttle classes for API views, django-ratelimit for others, django-axes for Django's own login",
};

export function pythonLimitOutcome(finding: Finding, framework: string): Outcome {
  return {
    finding,
    brief: {
      why: finding.message,
      constraints: [
        `Use what the framework's users use: ${packagesFor[framework] ?? "a maintained limiter for this framework"}.`,
        "Logins and codes: about 10 attempts in 15 minutes for one address. Sign-ups and mails with codes: about 5 an hour.",
        "Costly calls: about 20 a minute for one user, or one address without a login.",
        "Several processes need one store for the counts (Redis); behind a proxy, count the client's address, not the proxy's.",
      ],
      acceptance:
        "Sixty quick attempts from one address are refused in part with 429; clients at other addresses are not.",
    },
  };
}
