/** How often one client may try: against guessed passwords, floods of mail and runaway bills. */
// @if hono
import { getConnInfo } from "__CONN_INFO__";
import type { Context, MiddlewareHandler } from "hono";
// @end
// @if koa
import type { Context, Middleware } from "koa";
// @end
// @if redis
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
__REDIS_IMPORT__;
// @end
// @if !redis
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
// @end

const minute = 60;
// @if auth

/** Passwords and codes, right ones as well. Raise it for offices that share an address. */
export const authLimiter = limiter("auth", 10, 15 * minute);
// @end
// @if code

/** Sign-ups, and whatever sends a code or a link: each makes an account or a mail. */
export const codeLimiter = limiter("code", 5, 60 * minute);
// @end
// @if expensive

/** Calls that cost money or much work. */
export const expensiveLimiter = limiter("expensive", 20, minute);
// @end

// @if redis
/** All replicas count together, in Redis; while it is down each counts for itself. */
// @end
// @if !redis
/** Counts stand in this process: with several replicas a client has the limit once on each. */
// @end
// @if hono
function limiter(name: string, points: number, seconds: number): MiddlewareHandler {
// @end
// @if koa
function limiter(name: string, points: number, seconds: number): Middleware {
// @end
  const options = { keyPrefix: `rate-limit:${name}`, points, duration: seconds };
  // @if redis
  const counts = new RateLimiterRedis({
    ...options,
    storeClient: __REDIS__,
    // @if nodeRedis
    useRedisPackage: true,
    // @end
    rejectIfRedisNotReady: true,
    insuranceLimiter: new RateLimiterMemory(options),
  });
  // @end
  // @if !redis
  const counts = new RateLimiterMemory(options);
  // @end
  // @if hono
  return async (c, next) => {
    if (process.env.NODE_ENV === "test") return next();
    try {
      await counts.consume(addressOf(c));
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      c.header("Retry-After", String(Math.ceil(refusal.msBeforeNext / 1000)));
      return c.json(__MESSAGE__, 429);
    }
    return next();
  };
  // @end
  // @if koa
  return async (ctx, next) => {
    if (process.env.NODE_ENV === "test") return next();
    try {
      await counts.consume(addressOf(ctx));
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      ctx.set("Retry-After", String(Math.ceil(refusal.msBeforeNext / 1000)));
      ctx.status = 429;
      ctx.body = __MESSAGE__;
      return;
    }
    return next();
  };
  // @end
}

/**
 * Whom to count: the address that the last proxy saw, for each proxy adds the one it sees at the
 * end of the header, and what stands before that may be made up.
 */
// @if hono
function addressOf(c: Context): string {
  const peer = getConnInfo(c).remote.address ?? "";
  const forwarded = c.req.header("x-forwarded-for") ?? "";
  // @end
  // @if koa
function addressOf(ctx: Context): string {
  const peer = ctx.req.socket.remoteAddress ?? "";
  const forwarded = ctx.get("x-forwarded-for");
  // @end
  // @if oneHop
  const hops = Number(process.env.TRUST_PROXY_HOPS || 1);
  // @end
  // @if !oneHop
  const hops = Number(process.env.TRUST_PROXY_HOPS || (isPrivate(peer) ? 1 : 0));
  // @end
  const seen = [...forwarded.split(","), peer].map((each) => each.trim()).filter(Boolean);
  const address = seen.at(-1 - hops) ?? seen[0] ?? "";
  // Whoever has one address of version 6 mostly has the whole network that its first half names.
  if (address.includes(".")) return address;
  return address.split("::", 1).join().split(":", 4).join(":") || address;
}
// @if !oneHop

/** A proxy on the same machine, in the next container or in the cluster. */
function isPrivate(address: string): boolean {
  const inner = /^(::ffff:)?(127|10|192\.168|169\.254|172\.(1[6-9]|2\d|3[01]))\./i;
  return inner.test(address) || /^(::1$|f[cd]|fe80)/i.test(address);
}
// @end
