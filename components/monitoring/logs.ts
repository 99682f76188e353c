/** Servers of some size that only write lines for people to read as they pass by. */
import type { CallSite, Model, Service } from "../../analyzers/model.ts";
import {
  dependenciesPlace,
  isSizable,
  packagesInReach,
  processServices,
  runsOwnServer,
} from "../../analyzers/serving/product.ts";
import { serverFiles } from "../../analyzers/serving/server-files.ts";
import type { Match } from "../finding.ts";
import { isLoggable } from "./structured-logs.ts";

/** Loggers, and frameworks that bring one. */
const logging =
  /^(pino|winston|bunyan|log4js|signale|tslog|consola|loglevel|roarr|npmlog|loglayer|evlog|express-winston|lambda-log|electron-log|@logtail\/|@axiomhq\/|next-axiom|@google-cloud\/logging|firebase-functions$|fastify$|@nestjs\/common$|@adonisjs\/|@feathersjs\/|egg|@midwayjs\/|@medusajs\/|@strapi\/|@keystonejs\/|@aws-lambda-powertools\/logger|@logdna\/|@hapi\/good|@datadog\/|applicationinsights$|ololog|caterpillar|@boxyhq\/|cabin$|js-logger$|log$|logger$|simple-node-logger|@sapphire\/)/;

/** Fewer calls than this beside those of the start are leftovers, not how a server logs; our judgement. */
const fewest = 5;

export function logMatches(model: Model): Match[] {
  const calls = model.usesOf("global:console.*").map(({ call }) => call);
  return processServices(model).flatMap((service) => {
    if (!isSizable(model, service) || !runsOwnServer(model, service) || hasLogger(model, service)) return [];
    const own = calls.filter(
      ({ file }) => model.context(file) === "server" && model.service(file)?.root === service.root,
    );
    if (own.filter((call) => !isOfStart(call, model)).length < fewest || own.some((call) => isInLogger(call, model)))
      return [];
    return [
      {
        rule: "monitoring/no-structured-logs",
        ...dependenciesPlace(model, service),
        confidence: "high" as const,
        message: `The server logs with console in ${own.length} places: lines without a time, a request or a user cannot be searched, so finding out what happened to one order means reading them all.`,
        also: own.slice(0, 3).map(({ file, line }) => ({ file, line })),
        routes: [],
        path: [],
        call: null,
        anchor: service.name,
        fix: isLoggable(model, service) ? ("patch" as const) : ("brief" as const),
      },
    ];
  });
}

/** What is said once, when the process starts ("listening on 3000") or ends, needs no search. */
function isOfStart(call: CallSite, model: Model): boolean {
  const ways = model.reach(call);
  return ways.length > 0 && ways.every(({ entry }) => entry.kind === "process");
}

/** A logger of the app's own: `info(...)` that calls `console.info(...)`. */
function isInLogger({ fn }: CallSite, model: Model): boolean {
  return /^(trace|debug|info|warn|warning|error|fatal|log)$/.test(model.fn(fn)?.name ?? "");
}

export function isLogger(name: string): boolean {
  return logging.test(name);
}

/** A package in reach, or a module of the app's own that is named a logger. */
function hasLogger(model: Model, service: Service): boolean {
  if ([...packagesInReach(model, service)].some(isLogger)) return true;
  return serverFiles(model, service).some((file) =>
    /(^|[/._-])(logger|logging|log)s?\.[cm]?[jt]s$|(^|\/)(logger|logging)\//i.test(file),
  );
}
