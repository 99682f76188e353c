/** What the coding agent is told where only somebody who knows the app should edit. */
import type { Finding } from "../finding.ts";
import type { Words } from "./outcome.ts";

interface Told {
  done: string;
  constraints: readonly string[];
  acceptance: string;
}

const told: Readonly<Record<string, Told>> = {
  "cache/unbounded-cache": {
    done: "The store was not given a limit",
    constraints: [
      "What can be made again: `lru-cache` with `max` and `ttl`, or what the app has already.",
      "What only this store knows (sign-ups, orders, codes) goes into the database, or into Redis with an expiry: a limit would lose it, and so does every restart.",
      "Who looks for an entry that is gone gets the answer that unknown ones get today.",
    ],
    acceptance:
      "After a hundred thousand requests with different keys the process needs no more memory than after a thousand.",
  },
  "cache/hot-read-uncached": {
    done: "The answer was not put into a cache",
    constraints: [
      "The key holds all that the answer depends on; what is one visitor's own is never kept for others.",
      "Every place that writes one of the tables forgets the answer after the write is done; where that cannot be had, it is kept for seconds only.",
      "A hundred visitors at once make it once; without the cache's service it is made anew, in bounded time.",
    ],
    acceptance:
      "A thousand visits cost a handful of queries, the answers are what they were, and a write shows in the very next read.",
  },
  "cache/external-call-on-every-request": {
    done: "The other service's answer was not put into a cache",
    constraints: [
      "The key holds everything that is asked for; what is asked in one visitor's name is never kept for others.",
      "Refusals and errors of the other service are not kept.",
      "A hundred visitors at once ask it once.",
    ],
    acceptance: "A thousand visits within a minute ask the other service once or twice, with the answers they had.",
  },
};

export function briefFor({ rule }: Finding, cannot: string): Words {
  const { done, constraints, acceptance } = told[rule] ?? {
    done: "Nothing was changed",
    constraints: [],
    acceptance: "",
  };
  return { why: `${done} because ${cannot}.`, constraints: [...constraints], acceptance };
}
