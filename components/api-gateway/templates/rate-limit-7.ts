/** How often one address may try: against guessed passwords, floods of mail and runaway bills. */
import rateLimit from "express-rate-limit";

const minute = 60 * 1000;
// @if auth

/** Passwords and codes, right ones as well. Raise it for offices that share an address. */
export const authLimiter = limiter(15 * minute, 10);
// @end
// @if code

/** Sign-ups, and whatever sends a code or a link: each makes an account or a mail. */
export const codeLimiter = limiter(60 * minute, 5);
// @end
// @if expensive

/** Calls that cost money or much work. */
export const expensiveLimiter = limiter(minute, 20);
// @end

/** Counts stand in this process: with several replicas a client has the limit once on each. */
function limiter(windowMs: number, max: number) {
  return rateLimit({
    windowMs,
    max,
    standardHeaders: true,
    legacyHeaders: false,
    message: __MESSAGE__,
    skip: () => process.env.NODE_ENV === "test",
  });
}
