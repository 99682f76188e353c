/** How long a call may take before the app gives up: one place for every number that the recipe writes. */

/** As they are written into code, in milliseconds. A user leaves after some seconds; a job can afford to wait and retry. */
export const budgets = {
  /** Other services: a healthy API answers in a second, and a browser's user gives up at about ten. */
  http: "10000",
  /** Files take longer than answers. */
  download: "30000",
  /** A healthy mail server takes a connection and greets within a second, and acknowledges a message within a few. */
  mail: { connectionTimeout: "5000", greetingTimeout: "5000", socketTimeout: "10000" },
  /** A language model writes for ten to twenty seconds; one repetition is what a request can bear. */
  model: { milliseconds: "30000", retries: "1" },
  /** Google's services answer in a second or two, and take files; what they did may not be done twice. */
  google: { milliseconds: "30000", retries: "0" },
  /** Card networks answer within some seconds; Stripe repeats under the same idempotency key, so nobody pays twice. */
  payment: { milliseconds: "20000", retries: "1" },
} as const;

/**
 * What a client does when nobody tells it otherwise, in words.
 * Sources: undici docs (headersTimeout 300 s), axios README (timeout 0), got docs (no timeout), nodemailer's
 * smtp-connection (2 min for the connection, 30 s for the greeting, 10 min of silence).
 */
export const defaults = {
  fetch: "gives up after five minutes",
  "node-fetch": "never gives up",
  axios: "never gives up",
  got: "never gives up",
  "node:http": "never gives up",
  nodemailer: { connection: "two minutes for a connection", reply: "ten minutes for each reply" },
} as const;
