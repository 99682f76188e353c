/** Finds timers in code that its host starts per request: nothing is running when they come due. */
import { posix } from "node:path";
import { conditionsOf } from "../../analyzers/code/conditions.ts";
import { deploysOf, isServerless } from "../../analyzers/deployment/hosting.ts";
import type { Model, Service } from "../../analyzers/model.ts";
import type { Match } from "../finding.ts";
import { deedsOf } from "./deeds.ts";
import { anchorOf, placeOf } from "./places.ts";
import { schedulesOf, type Schedule } from "./schedules.ts";

export function timersOnFunctions(model: Model): Match[] {
  return schedulesOf(model).flatMap((schedule) => {
    const { service, isTimer } = schedule;
    if (model.context(schedule.call.file) !== "server" || !isOnFunctions(service, model)) return [];
    const [deed] = deedsOf(schedule, model);
    if ((isTimer && deed === undefined) || isLeftOut(schedule, model)) return [];
    const [deploy] = deploysOf(model, service);
    const host = deploy?.target ?? "the host";
    return [
      {
        rule: "scheduler/timer-in-serverless",
        ...placeOf(schedule),
        confidence: deed === undefined ? "medium" : "high",
        message: `On ${host} code runs only while a request is answered, so this ${isTimer ? "timer" : "schedule"} never comes due, or does so for a visitor by chance.`,
        also: deploy === undefined ? [] : [deploy.evidence],
        anchor: anchorOf(schedule, model),
      },
    ];
  });
}

/** `if (!process.env.VERCEL) job.start()`: the authors know, and leave it out there. */
function isLeftOut({ call, ways }: Schedule, model: Model): boolean {
  const starts = model.usesOn(call).filter(({ api }) => api.endsWith(".start"));
  const sites = [call, ...starts.map((use) => use.call), ...ways.flatMap(({ calls }) => calls)];
  return sites.some(({ file, span }) =>
    conditionsOf(model.repo.read(file) ?? "", span).some((test) =>
      /VERCEL|LAMBDA|NETLIFY|serverless|NODE_ENV|FUNCTION|require\.main|isMain/i.test(test),
    ),
  );
}

const ownHosts = /^(next|nuxt|sveltekit|remix|react-router|astro)$/;

/** Whether the host runs this very service function by function; a front end beside it on such a host proves nothing. */
export function isOnFunctions(service: Service, model: Model): boolean {
  if (!isServerless(model, service)) return false;
  if (service.frameworks.some(({ name }) => ownHosts.test(name))) return true;
  return deploysOf(model, service).some(({ target, evidence }) => {
    if (target === "aws-lambda" || target === "cloudflare") return true;
    const text = model.repo.read(evidence.file) ?? "";
    const folder = posix.dirname(evidence.file);
    const base = folder === "." ? "" : `${folder}/`;
    const functions = model.repo.files.some(
      (file) => file.startsWith(`${base}api/`) || file.startsWith(`${base}netlify/functions/`),
    );
    return functions || /@vercel\/node|"functions"\s*:|\[functions\]|\[\[?functions/.test(text);
  });
}
