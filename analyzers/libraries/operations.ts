/** What keeps a service observable and protected: logs, error tracking, rate limits, sessions, schedules. */
import { facts, type LibraryFact } from "./fact.ts";
import { registrars } from "./registrars.ts";

const LEVELS = "trace debug verbose info http log warn error fatal";

export const log: readonly LibraryFact[] = [
  ...facts("log", "global:console", `${LEVELS} table dir`),
  ...[
    "pino:()",
    "pino:pino()",
    "winston:",
    "winston:createLogger()",
    "bunyan:createLogger()",
    "consola:consola",
    "signale:",
    "log4js:getLogger()",
    "loglevel:",
    "tslog:Logger()",
  ].flatMap((made) => facts("log", made, LEVELS)),
  ...["Logger()", "Logger", "ConsoleLogger()"].flatMap((made) => facts("log", `@nestjs/common:${made}`, LEVELS)),
  ...["nestjs-pino:PinoLogger()", "nestjs-pino:Logger()"].flatMap((made) => facts("log", made, LEVELS)),
  ...["pino:().child()", "winston:createLogger().child()"].flatMap((made) => facts("log", made, LEVELS)),
  { api: "morgan:", kind: "log" },
  { api: "pino-http:", kind: "log" },
  { api: "express-winston:logger", kind: "log" },
  ...facts("log", "fastify:**.log", LEVELS),
  ...["koa-logger:", "koa-pino-logger:", "hono/logger:logger", "hono-pino:pinoLogger"].map((api) => ({
    api,
    kind: "log" as const,
  })),
];

export const errorTracking: readonly LibraryFact[] = [
  ...facts(
    "error-tracking",
    "@sentry/*:",
    "init captureException captureMessage setupExpressErrorHandler setupFastifyErrorHandler setupKoaErrorHandler setupHonoErrorHandler",
  ),
  ...facts("error-tracking", "@sentry/*:Handlers", "requestHandler errorHandler tracingHandler"),
  { api: "@hono/sentry:sentry", kind: "error-tracking" },
  ...facts("error-tracking", "@bugsnag/js:", "start notify"),
  ...["rollbar:()", "@honeybadger-io/js:", "raygun:Client()", "@airbrake/node:Notifier()"].flatMap((made) =>
    facts("error-tracking", made, "error notify configure send init"),
  ),
];

export const rateLimit: readonly LibraryFact[] = [
  ...["express-rate-limit:", "express-rate-limit:rateLimit", "express-slow-down:", "express-slow-down:slowDown"].map(
    (api) => ({
      api,
      kind: "rate-limit" as const,
    }),
  ),
  { api: "rate-limiter-flexible:*", kind: "rate-limit" },
  ...facts("rate-limit", "rate-limiter-flexible:**", "consume"),
  { api: "@upstash/ratelimit:Ratelimit", kind: "rate-limit" },
  ...facts("rate-limit", "@upstash/ratelimit:Ratelimit()", "limit"),
  { api: "express-brute:", kind: "rate-limit" },
  ...facts("rate-limit", "@nestjs/throttler:ThrottlerModule", "forRoot forRootAsync"),
  { api: "@nestjs/throttler:Throttle", kind: "rate-limit" },
  ...facts("rate-limit", "fastify:**", "rateLimit createRateLimit"),
  ...["koa-ratelimit:", "koa2-ratelimit:RateLimit.middleware", "hono-rate-limiter:rateLimiter"].map((api) => ({
    api,
    kind: "rate-limit" as const,
  })),
];

export const session: readonly LibraryFact[] = [
  { api: "express-session:", kind: "session" },
  { api: "cookie-session:", kind: "session" },
  ...["koa-session:", "koa-generic-session:", "koa-session2:", "hono-sessions:sessionMiddleware"].map((api) => ({
    api,
    kind: "session" as const,
  })),
  { api: "iron-session:getIronSession", kind: "session" },
];

export const schedule: readonly LibraryFact[] = [
  ...registrars.filter((each) => each.kind === "schedule").map(({ api }) => ({ api, kind: "schedule" as const })),
  ...facts("schedule", "@nestjs/schedule:", "Cron Interval Timeout"),
  ...facts("schedule", "@nestjs/schedule:SchedulerRegistry()", "addCronJob addInterval addTimeout"),
];
