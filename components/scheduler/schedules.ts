/** The app's schedules: what registers them, how often they come due, and the functions that run then. */
import type { CallSite, Known, Model, Reach, Service, Use } from "../../analyzers/model.ts";
import { servingOf } from "../../analyzers/serving/serving.ts";

export interface Schedule {
  use: Use;
  call: CallSite;
  service: Service;
  /** Ids of the functions that run when it is due. */
  fns: string[];
  /** Seconds from one run to the next; null when it could not be read. */
  seconds: number | null;
  /** `setInterval`, not a schedule by the clock. */
  isTimer: boolean;
  /** How the process that answers requests comes to register it. */
  ways: Reach[];
}

const known = new WeakMap<Model, Schedule[]>();

/** Every schedule that running code registers when its process starts, in source order. */
export function schedulesOf(model: Model): Schedule[] {
  const schedules = known.get(model) ?? found(model);
  known.set(model, schedules);
  return schedules;
}

function found(model: Model): Schedule[] {
  const fns = new Map<string, string[]>();
  for (const { kind, file, line, fn } of model.entries) {
    if (kind === "schedule") fns.set(`${file}:${line}`, [...(fns.get(`${file}:${line}`) ?? []), fn]);
  }
  const schedules = model.usesOfKind("schedule").flatMap((use) => {
    const { call } = use;
    const service = model.service(call.file);
    const due = fns.get(`${call.file}:${call.line}`);
    if (due === undefined || service === null || !["server", "worker"].includes(model.context(call.file))) return [];
    const ways = model.reach(call).filter(({ entry }) => entry.kind === "process");
    const isUnknownStart = service.entry.length === 0 && model.fn(call.fn)?.isModule === true;
    if (ways.length === 0 && !isUnknownStart) return [];
    const isTimer = use.api === "global:setInterval";
    return [{ use, call, service, fns: due, seconds: secondsOf(call, isTimer), isTimer, ways }];
  });
  return [...new Map(schedules.map((schedule) => [schedule.call.id, schedule])).values()];
}

/** Calls of running code that take on a schedule, though nothing was seen to make them. */
export function unstartedOf(model: Model): Use[] {
  const started = new Set(schedulesOf(model).map(({ call }) => call.id));
  return model
    .usesOfKind("schedule")
    .filter(({ api, call }) => api !== "global:setInterval" && !started.has(call.id))
    .filter(({ call }) => ["server", "worker"].includes(model.context(call.file)));
}

/** Whether the process that answers requests registers it, and no process or service of its own does. */
export function runsInWeb({ call, ways, service }: Schedule, model: Model): boolean {
  if (servingOf(model, service).kind === "none" || isApart(service, model)) return false;
  const apart = new Set(model.services.flatMap(({ processes }) => processes.flatMap(({ entry = [] }) => entry)));
  return model.context(call.file) === "server" && !ways.some(({ entry }) => apart.has(entry.file));
}

/** A service without a route of its own beside one that has some does nothing but this. */
function isApart(service: Service, model: Model): boolean {
  return model.routes.length > 0 && servingOf(model, service).kind !== "routes";
}

function secondsOf({ args }: CallSite, isTimer: boolean): number | null {
  if (isTimer) {
    const wait = numberOf(args[1]);
    return wait === null ? null : wait / 1000;
  }
  const [first] = args;
  const text = textOf(first) ?? (first?.kind === "object" ? textOf(first.entries["cronTime"]) : null);
  return text === null ? null : secondsOfCron(text);
}

function numberOf(value: Known | undefined): number | null {
  if (value?.kind === "literal" && typeof value.value === "number") return value.value;
  return value?.kind === "env" && value.default !== null && Number.isFinite(Number(value.default))
    ? Number(value.default)
    : null;
}

function textOf(value: Known | undefined): string | null {
  if (value?.kind === "literal" && typeof value.value === "string") return value.value;
  return value?.kind === "env" && typeof value.default === "string" ? value.default : null;
}

const nicknames: Readonly<Record<string, number>> = {
  "@yearly": 31_536_000,
  "@annually": 31_536_000,
  "@monthly": 2_592_000,
  "@weekly": 604_800,
  "@daily": 86_400,
  "@midnight": 86_400,
  "@hourly": 3600,
};

/** The shortest time between two runs of a cron expression, roughly; null when it is none. */
export function secondsOfCron(text: string): number | null {
  const nickname = nicknames[text.trim()];
  if (nickname !== undefined) return nickname;
  const fields = text.trim().split(/\s+/);
  if (fields.length < 5 || fields.length > 7) return null;
  const [second = "0", minute = "", hour = ""] = fields.length === 5 ? ["0", ...fields] : fields;
  return every(second, 1, 60) ?? every(minute, 60, 3600) ?? every(hour, 3600, 86_400) ?? 86_400;
}

/** For one field: the time between two of its values; null when it is a single value, so that the next field decides. */
function every(field: string, unit: number, whole: number): number | null {
  if (field === "*" || field === "?") return unit;
  const step = /^[\d*-]+\/(\d+)$/.exec(field)?.[1];
  if (step !== undefined) return Number(step) * unit;
  if (field.includes(",")) return whole / field.split(",").length;
  return /^\d+-\d+$/.test(field) ? unit : null;
}
