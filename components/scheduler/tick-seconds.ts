/** How close together the ticks of a schedule can be, so that each can be told from the next. */
import type { Known } from "../../analyzers/model.ts";
import type { Schedule } from "./schedules.ts";

/** More often than this a claim per tick would be most of the work, and the clocks of two machines decide. */
const shortest = 5;
const minute = 60;

/** Whole seconds; a reason where they cannot be known or are too few. */
export function tickSeconds({ call, isTimer, seconds, use }: Schedule): number | { obstacle: string } {
  const found =
    isTimer || use.api === "@nestjs/schedule:Interval"
      ? (seconds ?? millisecondsIn(call.args))
      : expressionIn(call.args);
  if (found === null) return { obstacle: "how often it comes due is decided while the app runs" };
  if (found === "date") return { obstacle: "it comes due once, at a time that the app computes" };
  if (found === "odd")
    return { obstacle: "its seconds follow no even beat by which one tick could be told from the next" };
  if (found < shortest || !Number.isInteger(found))
    return { obstacle: `it comes due every ${found} seconds, too often to ask a database before each run` };
  return found;
}

function millisecondsIn(args: readonly Known[]): number | null {
  const found = args.flatMap((arg) =>
    arg.kind === "literal" && typeof arg.value === "number" ? [arg.value / 1000] : [],
  );
  return found.at(-1) ?? null;
}

function expressionIn(args: readonly Known[]): number | "odd" | "date" | null {
  const texts = args.flatMap((arg) => [
    arg,
    ...(arg.kind === "object" ? [arg.entries["cronTime"], arg.entries["rule"]] : []),
  ]);
  for (const value of texts) {
    const found = value === undefined ? null : ofExpression(value);
    if (found !== null) return found;
  }
  return null;
}

function ofExpression(value: Known): number | "odd" | "date" | null {
  if (value.kind === "external") return ofName(value.api);
  if (value.kind === "object") return ofRule(value.entries, value.open);
  const text = value.kind === "literal" ? value.value : value.kind === "env" ? value.default : null;
  return typeof text === "string" ? beatOf(text) : null;
}

const parts = /^(minute|hour|date|month|year|dayOfWeek|tz)$/;

/** node-schedule's `{ hour: 8, minute: 0 }`. */
function ofRule(entries: Readonly<Record<string, Known>>, isOpen: boolean): number | null {
  const names = Object.keys(entries);
  const isRule = names.includes("minute") || names.includes("hour");
  return !isOpen && isRule && names.every((name) => parts.test(name)) ? minute : null;
}

/** `CronExpression.EVERY_10_SECONDS`; all others of that list are whole minutes. */
function ofName(api: string): number | "date" | null {
  if (/:Date\(\)/.test(api)) return "date";
  const name = /:CronExpression\.(\w+)$/.exec(api)?.[1];
  if (name === undefined) return null;
  const seconds = /^EVERY_(?:(\d+)_)?SECONDS?$/.exec(name);
  return seconds === null ? minute : Number(seconds[1] ?? 1);
}

/** For an expression: a minute, or the step of its seconds; null when it is no expression. */
export function beatOf(text: string): number | "odd" | null {
  if (/^@(yearly|annually|monthly|weekly|daily|midnight|hourly)$/.test(text.trim())) return minute;
  const fields = text.trim().split(/\s+/);
  if (fields.length < 5 || fields.length > 7 || !fields.every((field) => /^[\dA-Za-z*?/,#L-]+$/.test(field)))
    return null;
  const [second = "0"] = fields.length === 5 ? [] : fields;
  if (/^0+$/.test(second)) return minute;
  const step = second === "*" ? 1 : Number(/^(?:\*|0|0-59)\/(\d+)$/.exec(second)?.[1] ?? Number.NaN);
  return minute % step === 0 ? step : "odd";
}
