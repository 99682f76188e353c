/** Rate limits whose stretch of time was meant in seconds and is read in milliseconds: they let everybody through. */
import type { Known, Model, Use } from "../../analyzers/model.ts";
import { adviceOnCall } from "../advice.ts";
import type { Match } from "../finding.ts";

const rule = "api-gateway/rate-limit-too-short";

/** Limiters by the option that holds the stretch, which is in milliseconds. */
const limiters: readonly { api: string; option: string }[] = [
  { api: "@nestjs/throttler:ThrottlerModule.forRoot", option: "ttl" },
  { api: "@nestjs/throttler:Throttle", option: "ttl" },
  ...["express-rate-limit:", "express-rate-limit:rateLimit", "express-rate-limit:default"].map((api) => ({
    api,
    option: "windowMs",
  })),
];

/** Nobody limits by less than a second on purpose: a person does not try twice in it. */
const LEAST_MS = 1_000;
/** Before it, `ttl` of @nestjs/throttler was in seconds (its changelog, 5.0.0). */
const FIRST_IN_MS = 5;

export function tooShort(model: Model): Match[] {
  return limiters.flatMap(({ api, option }) =>
    model.usesOf(api).flatMap((use): Match[] => {
      const { call } = use;
      if (model.context(call.file) !== "server" || !isInMilliseconds(use, model)) return [];
      const stretches = call.args.flatMap((arg) => numbersAt(arg, option));
      const longest = Math.max(...stretches);
      if (stretches.length === 0 || longest <= 0 || longest >= LEAST_MS) return [];
      return [
        adviceOnCall(rule, call, {
          confidence: "high",
          message: `\`${option}: ${longest}\` is ${longest} milliseconds, not seconds: the count begins anew before anybody could reach the limit, so it refuses nobody. Write \`${longest * 1_000}\`.`,
          anchor: api,
        }),
      ];
    }),
  );
}

/** The numbers that an option has in a value, however deep: `[{ ttl: 60 }]`, `{ throttlers: [{ ttl: 60 }] }`. */
function numbersAt(value: Known, option: string): number[] {
  if (value.kind === "array") return value.items.flatMap((item) => numbersAt(item, option));
  if (value.kind !== "object") return [];
  return Object.entries(value.entries).flatMap(([key, inner]) => {
    if (key !== option) return numbersAt(inner, option);
    // One that cannot be read may well be long enough.
    return inner.kind === "literal" && typeof inner.value === "number" ? [inner.value] : [Number.POSITIVE_INFINITY];
  });
}

function isInMilliseconds({ api, package: name, call }: Use, model: Model): boolean {
  if (!api.startsWith("@nestjs/throttler:")) return true;
  const own = model.service(call.file)?.dependencies[name];
  const asked = own ?? model.services.flatMap(({ dependencies }) => dependencies[name] ?? [])[0];
  const major = /^[\^~>=v\s]*(\d+)/.exec(asked ?? "")?.[1];
  return major !== undefined && Number(major) >= FIRST_IN_MS;
}
