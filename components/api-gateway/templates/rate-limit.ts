/** How often one client may try: against guessed passwords, floods of mail and runaway bills. */
// @if redis
import { createHash } from "node:crypto";
// @end
// @if perUser
import type { Request } from "express";
import { ipKeyGenerator, rateLimit, type Options } from "express-rate-limit";
// @end
// @if !perUser
import { rateLimit, type Options } from "express-rate-limit";
// @end
// @if redis
import { RedisStore, type RedisReply } from "rate-limit-redis";
__REDIS_IMPORT__;
// @end

const minute = 60 * 1000;
// @if auth

// @if failuresOnly
/** Passwords and codes: after ten wrong ones an address has to wait. Right ones do not count. */
export const authLimiter = limiter("auth", {
  windowMs: 15 * minute,
  limit: 10,
  skipSuccessfulRequests: true,
});
// @end
// @if !failuresOnly
/**
 * Passwords and codes. Right ones count as well: no status tells them apart. Raise it for offices
 * that share an address.
 */
export const authLimiter = limiter("auth", { windowMs: 15 * minute, limit: 10 });
// @end
// @end
// @if code

/** Sign-ups, and whatever sends a code or a link: each makes an account or a mail. */
export const codeLimiter = limiter("code", { windowMs: 60 * minute, limit: 5 });
// @end
// @if expensive

/** Calls that cost money or much work. */
// @if perUser
export const expensiveLimiter = limiter("expensive", {
  windowMs: minute,
  limit: 20,
  keyGenerator: (req) => userOf(req) ?? ipKeyGenerator(req.ip ?? ""),
});
// @end
// @if !perUser
export const expensiveLimiter = limiter("expensive", { windowMs: minute, limit: 20 });
// @end
// @end

// @if redis
/**
 * All replicas count together, in Redis. While it is down requests pass: better no limit than no
 * service.
 */
// @end
// @if !redis
/** Counts stand in this process: with several replicas a client has the limit once on each. */
// @end
function limiter(name: string, options: Partial<Options>) {
  return rateLimit({
    identifier: name,
    standardHeaders: "draft-8",
    legacyHeaders: false,
    message: __MESSAGE__,
    skip: () => process.env.NODE_ENV === "test",
    // @if redis
    store: new RedisStore({ prefix: `rate-limit:${name}:`, sendCommand }),
    passOnStoreError: true,
    // @end
    ...options,
  });
}
// @if perUser

/** Whoever is logged in by now; nobody where the limit stands before the login check. */
function userOf(req: Request): string | undefined {
  const id = (req as Request & __USER_TYPE__).__USER__;
  return id === undefined || id === null ? undefined : `user:${String(id)}`;
}
// @end
// @if redis

/** Asks Redis, for half a second at most: a limit must not hold up what it guards. */
async function sendCommand(...command: string[]): Promise<RedisReply> {
  try {
    return await within(500, __COMMAND__);
  } catch (error) {
    // A script's name is its hash: a Redis that is down at the start is given the script later.
    if (command[0] !== "SCRIPT") throw error;
    return createHash("sha1").update(String(command[2])).digest("hex");
  }
}

async function within(milliseconds: number, reply: Promise<unknown>): Promise<RedisReply> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`Redis did not answer within ${milliseconds} ms`));
    }, milliseconds);
  });
  try {
    const answer = await Promise.race([reply, late]);
    return answer as RedisReply;
  } finally {
    clearTimeout(timer);
  }
}
// @end
