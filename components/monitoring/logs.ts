/** Servers of some size that write nothing, or only lines for people to read as they pass by. */
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
import { servingApp } from "./health-way.ts";
import { isMute } from "./log-fastify.ts";
import { isPlainNest } from "./log-nest.ts";
import { isLoggable } from "./structured-logs.ts";

/** Loggers, and frameworks that bring one. */
const logging =
  /^(pino|winston|bunyan|log4js|signale|tslog|consola|loglevel|roarr|npmlog|loglayer|evlog|express-winston|lambda-log|electron-log|@logtail\/|@axiomhq\/|next-axiom|@google-cloud\/logging|firebase-functions$|fastify$|@nestjs\/common$|@adonisjs\/|@feathersjs\/|egg|@midwayjs\/|@medusajs\/|@strapi\/|@keystonejs\/|@aws-lambda-powertools\/logger|@logdna\/|@hapi\/good|@datadog\/|applicationinsights$|ololog|caterpillar|@boxyhq\/|cabin$|js-logger$|log$|logger$|simple-node-logger|@sapphire\/)/;

/** Fewer calls than this beside those of the start are leftovers, not how a server logs; our judgement. */
const fewest = 5;

export function logMatches(model: Model): Match[] {
  const calls = model.usesOf("global:console.*").map(({ call }) => call);
  return processServices(model).flatMap((service) => {
    if (!isSizable(model, service) || !runsOwnServer(model, service)) return [];
    const idle = idleLogger(model, service);
    if (hasLogger(model, service, idle)) return [];
    const isOwn = ({ file }: CallSite): boolean =>
      model.context(file) === "server" && model.service(file)?.root === service.root;
    const own = [...calls, ...(idle === "@nestjs/common" ? nestLines(model) : [])].filter(isOwn);
    if (own.some((call) => isInLogger(call, model))) return [];
    if (idle !== "fastify" && own.filter((call) => !isOfStart(call, model)).length < fewest) return [];
    return [
      {
        rule: "monitoring/no-structured-logs",
        ...dependenciesPlace(model, service),
        confidence: "high" as const,
        message: messageFor(idle, own.length),
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

function messageFor(idle: string | null, count: number): string {
  switch (idle) {
    case "fastify":
      return "Fastify's log is off, which it is unless somebody switches it on: of no request and of no failed one is there a line, so what happened to one order cannot be found out.";
    case "@nestjs/common":
      return `The server writes lines for people in ${count} places, without the request that they belong to: no tool can search them, so finding out what happened to one order means reading them all.`;
    default:
      return `The server logs with console in ${count} places: lines without a time, a request or a user cannot be searched, so finding out what happened to one order means reading them all.`;
  }
}

/** The package of the framework whose own logger is there, but off, or as it writes for people. */
function idleLogger(model: Model, service: Service): "fastify" | "@nestjs/common" | null {
  const app = servingApp(model, service);
  if (app?.framework === "fastify") return isMute(app.creation) ? "fastify" : null;
  return app?.framework === "nestjs" && isPlainNest(model, service) ? "@nestjs/common" : null;
}

function nestLines(model: Model): CallSite[] {
  return ["@nestjs/common:Logger().*", "@nestjs/common:Logger.*"].flatMap((api) =>
    model.usesOf(api).map(({ call }) => call),
  );
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
function hasLogger(model: Model, service: Service, idle: string | null): boolean {
  if ([...packagesInReach(model, service)].some((name) => name !== idle && isLogger(name))) return true;
  return serverFiles(model, service).some((file) =>
    /(^|[/._-])(logger|logging|log)s?\.[cm]?[jt]s$|(^|\/)(logger|logging)\//i.test(file),
  );
}
