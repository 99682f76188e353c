/** What keeps a schedule to one run: a lock, a leader, a setting that lets only one copy do it, or a flag against overlaps. */
import { fileIn, indexIn } from "../../analyzers/ids.ts";
import { conditionsOf } from "../../analyzers/code/conditions.ts";
import { assignedIn } from "../../analyzers/code/text.ts";
import { closureOf } from "../../analyzers/code/closure.ts";
import type { CallSite, Known, Model, Use } from "../../analyzers/model.ts";
import { usesWithin } from "../../analyzers/code/uses-within.ts";
import type { Value } from "../../analyzers/summary.ts";
import type { Schedule } from "./schedules.ts";

const lockPackages =
  "redlock @sesamecare-oss/redlock redis-semaphore redis-lock async-redis-lock warlock @microfleet/ioredis-lock ioredis-lock live-mutex mongodb-lock mongo-cron cron-lock pg-lock advisory-lock @upstash/lock simple-redis-mutex".split(
    " ",
  );
const lockSql = /advisory_(xact_)?lock|get_lock\s*\(|skip\s+locked|for\s+update|sp_getapplock/i;
const lockName =
  /(acquire|obtain|with|try|take|cron|job|distributed|redis|leader)_?lock|(?<!un|b|c)lock$|leader|mutex|semaphore|is_?primary|is_?master$|claim(job|task|next|batch)/i;
const roleTest =
  /env\.\w*(CRON|SCHEDUL|JOB|WORKER|LEADER|PRIMARY|INSTANCE|ROLE|PROCESS|REPLICA|DYNO|TASK|BACKGROUND)|cluster\.(isPrimary|isMaster|worker)|is_?primary|is_?master|is_?leader|is_?worker|(enable|disable|run|start|skip|use)_?\w*(cron|job|schedul|worker|task)|(cron|jobs?|scheduler?|tasks?|workers?)\.?_?(enabled?|disabled?|active|on|off)\b|\brole\b|(cron|leader|owner|holder)_?(id|key|token)\b|(?<!b|c|un)lock/i;

/**
 * Why several copies do not do it several times: `lock`, taken for each run; `tick`, claimed by one copy, which keeps no slow
 * run from meeting the next; `choice`, a setting or a role that picks the copy;
 * `claim`, rows that may be taken one by one. Null when nothing does.
 */
export function guardOf(schedule: Schedule, model: Model): "lock" | "tick" | "choice" | "claim" | null {
  if (hasOption(schedule.call, ["distributed", "redlock", "lock"])) return "lock";
  const inside = [...new Set(schedule.fns.flatMap((id) => [...closureOf({ id }, model)]))];
  const fns = new Set([...inside, schedule.call.fn]);
  if (lockPackages.some((name) => model.usesOf(name).some(({ call }) => fns.has(call.fn)))) return "lock";
  const names = [...fns].flatMap((id) => model.fn(id)?.name ?? []);
  if (names.includes("claimTick")) return "tick";
  if (names.some((name) => lockName.test(name))) return "lock";
  if (locksInText(schedule, model)) return "lock";
  if (usesWithin(fns, ["cache", "database-read", "database-write"], model).some(isLocking)) return "lock";
  if (isChosen(schedule, model)) return "choice";
  return model.usesOf("mongoose:**.findOneAndUpdate").some(({ call }) => fns.has(call.fn)) ? "claim" : null;
}

/** `SET key value NX`, `setnx`, advisory locks and `FOR UPDATE SKIP LOCKED`. */
function isLocking({ api, call }: Use): boolean {
  if (/\.(setnx|setNX)$/.test(api)) return true;
  return call.args.some((arg) => (api.endsWith(".set") && saysNotExists(arg)) || lockSql.test(textOf(arg)));
}

function saysNotExists(arg: Known): boolean {
  if (arg.kind === "object") return "NX" in arg.entries || "nx" in arg.entries || condition(arg.entries["condition"]);
  return arg.kind === "literal" && /^nx$/i.test(String(arg.value));
}

function condition(value: Known | undefined): boolean {
  return value?.kind === "literal" && value.value === "NX";
}

function textOf(arg: Known): string {
  return arg.kind === "literal" ? String(arg.value) : arg.kind === "template" ? arg.parts.join(" ") : "";
}

/** A condition on a setting or a role, on the way to the registration or at the beginning of the job. */
function isChosen({ call, ways, fns }: Schedule, model: Model): boolean {
  const before = [call, ...ways.flatMap(({ calls }) => calls)];
  const tests = before.flatMap((site) => testsAt(site, model));
  return [...tests, ...fns.flatMap((id) => testsWithin(id, model))].some((test) => roleTest.test(test));
}

function testsAt({ file, span }: CallSite, model: Model): string[] {
  const text = model.repo.read(file) ?? "";
  return conditionsOf(text, span).flatMap((test) => [test, ...settingsBehind(test, text)]);
}

/** What the names in a condition were given: `instance === 0` after `const instance = Number(process.env.NODE_APP_INSTANCE)`. */
function settingsBehind(test: string, text: string): string[] {
  const names = test.match(/(?<![\w$.])[A-Za-z_$][\w$]*/g) ?? [];
  return names.map((name) => assignedIn(text, name)).filter((given) => /\benv\b|cluster\./.test(given));
}

/** Tests that leave the job's function early: those before its end. */
function testsWithin(id: string, model: Model): string[] {
  const fn = model.fn(id);
  if (fn === null) return [];
  const text = (model.repo.read(fn.file) ?? "").slice(fn.span.start, fn.span.end);
  return conditionsOf(text.replace(/^[^{]*\{/, ""), { start: Math.max(0, text.replace(/^[^{]*\{/, "").length - 1) });
}

/** Words that speak of a lock in the functions that run, as far as they stand beside the registration or the job. */
function locksInText({ fns, call }: Schedule, model: Model): boolean {
  const files = new Set([call.file, ...fns.map(fileIn)]);
  const own = fns.flatMap((id) => [...closureOf({ id }, model)]).filter((id) => files.has(fileIn(id)));
  return own.some((id) => {
    const fn = model.fn(id);
    const text = fn === null ? "" : (model.repo.read(fn.file) ?? "").slice(fn.span.start, fn.span.end);
    return /\b(cron|job|schedul\w*|task|run|process\w*)_?locks?\b|\block(ed)?_?(at|by|until|key|id)\b|acquireLock|tryLock|withLock|runExclusive/i.test(
      text,
    );
  });
}

/** Options of the registration that are there and not false. */
function hasOption({ args }: CallSite, names: readonly string[]): boolean {
  return args.some((arg) => arg.kind === "object" && names.some((name) => isOn(arg.entries[name])));
}

function isOn(value: Known | undefined): boolean {
  return value !== undefined && !(value.kind === "literal" && (value.value === false || value.value === null));
}

const flags =
  /running|busy|in_?progress|processing|active|executing|in_?flight|working|locked|is_?sync|polling|sending|checking|fetching|busy/i;

/** The time or the key of the last run, by which a turn is left out. */
const lastRun = /^last_?(run|tick|sent|exec|fired|processed)/i;

/** Whether a run that is not over keeps the next one from starting: an option, a flag, a lock. */
export function isOverlapGuarded(schedule: Schedule, model: Model): boolean {
  if (hasOption(schedule.call, ["noOverlap", "protect", "waitForCompletion"])) return true;
  return schedule.fns.some((fn) => hasFlag(fn, model)) || guardOf(schedule, model) === "lock";
}

/** A variable around the job, or a field, whose name says that work is under way, and that is true or false. */
function hasFlag(fn: string, model: Model): boolean {
  const summary = model.summary(fileIn(fn));
  if (summary === null) return false;
  const names: string[] = [];
  const collect = (values: Readonly<Record<string, readonly Value[]>>): void => {
    for (const [name, given] of Object.entries(values)) {
      const isFlag = given.some((value) => value.kind === "literal" && typeof value.value === "boolean");
      if (isFlag || lastRun.test(name)) names.push(name);
    }
  };
  for (
    let at = summary.functions[indexIn(fn)]?.parent ?? null;
    at !== null;
    at = summary.functions[at]?.parent ?? null
  ) {
    collect(summary.functions[at]?.bindings ?? {});
  }
  for (const { fields } of summary.classes) collect(fields);
  for (const { target, how } of summary.writes) {
    if (how === "assign" && target.kind === "member") names.push(target.property);
  }
  return names.some((name) => flags.test(name) || lastRun.test(name));
}
