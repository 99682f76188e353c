/** How much is enough for people and too little for machines: one table for all frameworks. */
import type { LimiterKind } from "./limiters.ts";
import type { OpenRoute } from "./detect.ts";

export const kindOf: Readonly<Record<OpenRoute["limit"], LimiterKind>> = {
  credentials: "auth",
  "sign-up": "code",
  code: "code",
  expensive: "expensive",
};

/** Tries in so many minutes, as in `templates/rate-limit.ts`. */
export const numbers: Readonly<Record<LimiterKind, { tries: number; minutes: number }>> = {
  auth: { tries: 10, minutes: 15 },
  code: { tries: 5, minutes: 60 },
  expensive: { tries: 20, minutes: 1 },
};
