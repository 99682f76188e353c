/** Whether something starts work by the clock already, and whether it does so once for all copies. */
import type { Known, Model, Place } from "../../analyzers/model.ts";
import type { Presence } from "../component.ts";
import { guardOf } from "./guards.ts";
import { runsInWeb, schedulesOf, unstartedOf } from "./schedules.ts";

type Seen = Place & { note: string };

/** Calls by which queue libraries and hosted schedulers take on a schedule: once, however many copies ask. */
const shared = [
  "bullmq:Queue().upsertJobScheduler",
  "pg-boss:().schedule",
  "pg-boss:PgBoss().schedule",
  "agenda:().every",
  "agenda:Agenda().every",
  "@hokify/agenda:Agenda().every",
  "@pulsecron/pulse:Pulse().every",
  "@trigger.dev/sdk/v3:schedules.task",
  "@trigger.dev/sdk:schedules.task",
];
const repeating = ["bullmq:Queue().add", "bull:().add"];

/** Files by which hosts start work: the pattern says that the file does. */
const hosts: readonly { file: RegExp; text: RegExp; note: string }[] = [
  { file: /(^|\/)vercel\.json$/, text: /"crons"\s*:/, note: "Vercel calls a route by the clock" },
  { file: /(^|\/)render\.ya?ml$/, text: /type:\s*cron\b/, note: "Render starts a job by the clock" },
  { file: /(^|\/)wrangler\.(toml|jsonc?)$/, text: /crons"?\s*[:=]/, note: "Cloudflare starts it by the clock" },
  { file: /(^|\/)netlify\.toml$/, text: /^[ \t]*schedule\s*=/m, note: "Netlify starts a function by the clock" },
  { file: /\.ya?ml$/, text: /^kind:\s*["']?CronJob/m, note: "Kubernetes starts a job by the clock" },
  { file: /(^|\/)railway\.(json|toml)$/, text: /cronSchedule/, note: "Railway starts it by the clock" },
];

export function presence(model: Model): Presence {
  const own = schedulesOf(model).map((schedule) => {
    const { call, use } = schedule;
    const isOnce = !runsInWeb(schedule, model) || /^(lock|tick|choice)$/.test(guardOf(schedule, model) ?? "");
    return {
      isOnce,
      isTimer: schedule.isTimer,
      seen: { file: call.file, line: call.line, note: `\`${use.api}\` registers a schedule` },
    };
  });
  const once = [
    ...sharedOnes(model),
    ...hosted(model),
    ...own.filter(({ isOnce, isTimer }) => isOnce && !isTimer).map(({ seen }) => seen),
  ];
  const unstarted = unstartedOf(model).map(({ api, call: { file, line } }) => ({
    file,
    line,
    note: `\`${api}\` takes on a schedule, and nothing was seen to run it`,
  }));
  const others = [...own.filter(({ isOnce, isTimer }) => !isOnce || isTimer).map(({ seen }) => seen), ...unstarted];
  if (once.length > 0) return { status: "in_effect", evidence: [...once, ...others] };
  return { status: others.length > 0 ? "present" : "absent", evidence: others };
}

function sharedOnes(model: Model): Seen[] {
  const scheduled = shared.flatMap((api) => model.usesOf(api));
  const repeated = repeating.flatMap((api) => model.usesOf(api)).filter(({ call }) => call.args.some(repeats));
  return [...scheduled, ...repeated]
    .filter(({ call }) => ["server", "worker"].includes(model.context(call.file)))
    .map(({ call, package: name }) => ({ file: call.file, line: call.line, note: `${name} keeps the schedule` }));
}

function repeats(arg: Known): boolean {
  return arg.kind === "object" && "repeat" in arg.entries;
}

function hosted({ repo }: Model): Seen[] {
  return hosts.flatMap(({ file, text, note }) =>
    repo.files.flatMap((path) => {
      const content = file.test(path) && !path.startsWith(".github/") ? (repo.read(path) ?? "") : "";
      const at = text.exec(content);
      return at === null ? [] : [{ file: path, line: content.slice(0, at.index).split("\n").length, note }];
    }),
  );
}
