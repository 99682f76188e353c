/** How often one client may try: against guessed passwords, floods of mail and runaway bills. */
// @if upstash
import { Ratelimit } from "@upstash/ratelimit";
// @if !client
import { Redis } from "@upstash/redis";
// @end
// @end
// @if pages
import type { NextApiRequest, NextApiResponse } from "next";
// @end
// @if headers
import { headers } from "next/headers";
// @end
// @if routes
import { NextResponse } from "next/server";
// @end
// @if redis
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
// @end
// @if memory
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
// @end
// @if client
__CLIENT_IMPORT__;
// @end

const minute = 60;
// @if upstash
// @if !client

/** Functions forget what they count, so without a store nothing is limited. */
const __CLIENT__ = process.env.UPSTASH_REDIS_REST_URL ? Redis.fromEnv() : null;
if (__CLIENT__ === null) console.warn("UPSTASH_REDIS_REST_URL is not set: no limits on attempts");
// @end
// @end

const limits = {
  // @if auth
  /** Passwords and codes, right ones as well. Raise it for offices that share an address. */
  auth: limit("auth", 10, 15 * minute),
  // @end
  // @if code
  /** Sign-ups, and whatever sends a code or a link: each makes an account or a mail. */
  code: limit("code", 5, 60 * minute),
  // @end
  // @if expensive
  /** Calls that cost money or much work. */
  expensive: limit("expensive", 20, minute),
  // @end
};
// @if perUser

type UserId = string | number;
// @end
// @if routes

/** The answer for a client that comes too often; null while it may go on. */
// @if perUser
export async function tooManyResponse(kind: keyof typeof limits, user?: UserId) {
  const wait = await secondsToWait(kind, await clientOf(user));
  // @end
  // @if !perUser
export async function tooManyResponse(kind: keyof typeof limits) {
  const wait = await secondsToWait(kind, await address());
  // @end
  if (wait === 0) return null;
  const init = { status: 429, headers: { "Retry-After": String(wait) } };
  // @if plain
  return new NextResponse("__TEXT__", init);
  // @end
  // @if !plain
  return NextResponse.json(__MESSAGE__, init);
  // @end
}
// @end
// @if pages

/** Answers a client that comes too often, and says whether it did. */
export async function sendTooMany(
  kind: keyof typeof limits,
  req: NextApiRequest,
  res: NextApiResponse,
): Promise<boolean> {
  const wait = await secondsToWait(kind, lastSeen(String(req.headers["x-forwarded-for"] ?? "")));
  if (wait === 0) return false;
  res.status(429).setHeader("Retry-After", String(wait)).json(__MESSAGE__);
  return true;
}
// @end
// @if actions

/** Whether the client comes too often. */
// @if perUser
export async function tooMany(kind: keyof typeof limits, user?: UserId): Promise<boolean> {
  return (await secondsToWait(kind, await clientOf(user))) > 0;
}
// @end
// @if !perUser
export async function tooMany(kind: keyof typeof limits): Promise<boolean> {
  return (await secondsToWait(kind, await address())) > 0;
}
// @end
// @end
// @if upstash

/** All instances count together. */
function limit(name: string, tries: number, seconds: number) {
  // @if !client
  if (__CLIENT__ === null) return null;
  // @end
  return new Ratelimit({
    __REDIS_OPTION__,
    prefix: `rate-limit:${name}`,
    limiter: Ratelimit.slidingWindow(tries, `${seconds} s`),
    // After so many milliseconds a request passes: a limit must not hold up what it guards.
    timeout: 500,
  });
}

async function secondsToWait(kind: keyof typeof limits, client: string): Promise<number> {
  const counts = limits[kind];
  // @if client
  if (process.env.NODE_ENV === "test") return 0;
  // @end
  // @if !client
  if (counts === null || process.env.NODE_ENV === "test") return 0;
  // @end
  try {
    const { success, reset } = await counts.limit(client);
    return success ? 0 : Math.max(1, Math.ceil((reset - Date.now()) / 1000));
  } catch (error) {
    // Better no limit than no service.
    console.error("Attempts could not be counted:", error);
    return 0;
  }
}
// @end
// @if flexible

// @if redis
/** All replicas count together, in Redis; while it is down each counts for itself. */
function limit(name: string, points: number, seconds: number) {
  const options = { keyPrefix: `rate-limit:${name}`, points, duration: seconds };
  return new RateLimiterRedis({
    ...options,
    storeClient: __CLIENT__,
    // @if nodeRedis
    useRedisPackage: true,
    // @end
    rejectIfRedisNotReady: true,
    insuranceLimiter: new RateLimiterMemory(options),
  });
}
// @end
// @if memory
/** Counts stand in this process: with several replicas a client has the limit once on each. */
function limit(name: string, points: number, seconds: number) {
  return new RateLimiterMemory({ keyPrefix: name, points, duration: seconds });
}
// @end

async function secondsToWait(kind: keyof typeof limits, client: string): Promise<number> {
  if (process.env.NODE_ENV === "test") return 0;
  try {
    await limits[kind].consume(client);
    return 0;
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    return Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
  }
}
// @end
// @if perUser

async function clientOf(user: UserId | undefined): Promise<string> {
  return user === undefined ? address() : `user:${user}`;
}
// @end
// @if headers

async function address(): Promise<string> {
  return lastSeen((await headers()).get("x-forwarded-for") ?? "");
}
// @end

/**
 * The address that the last proxy saw: each adds the one it sees at the end, and what stands
 * before that may be made up.
 */
function lastSeen(forwarded: string): string {
  const hops = Number(process.env.TRUST_PROXY_HOPS || 1);
  const seen = forwarded.split(",").map((each) => each.trim());
  const last = seen.at(-hops) ?? seen[0] ?? "";
  // Whoever has one address of version 6 mostly has the whole network that its first half names.
  if (last.includes(".")) return last;
  return last.split("::", 1).join().split(":", 4).join(":") || last;
}
