/** Handlers of the signal to stop that leave at once, or never get to the end. */
import { indexIn } from "../../analyzers/ids.ts";
import { codeBehind } from "../../analyzers/code/behind.ts";
import { callsOf } from "../../analyzers/code/calls-in.ts";
import type { CallSite, Model, Service, Use } from "../../analyzers/model.ts";
import { answeringServices } from "../../analyzers/serving/product.ts";
import { closableCalls } from "../../analyzers/serving/server-calls.ts";
import { serverFiles } from "../../analyzers/serving/server-files.ts";
import type { Value } from "../../analyzers/summary.ts";
import type { Match } from "../finding.ts";
import { openHolder, type Open } from "./holders.ts";
import { listenings } from "./listening.ts";
import { closesWorkers, leftByHooks, workings } from "./working.ts";

const registering = ["global:process.on", "global:process.once", "node:process:on", "node:process:once"];
const exits = /^(global:process|node:process):?\.?(exit|abort|reallyExit|kill)$/;
/** Words by which code says that it ends something in order. */
const closing =
  /^_?(close|stop|end|quit|disconnect|destroy|shut_?down|drain|terminate|dispose|flush|release|clean_?up|graceful|exit_?handler|teardown|unsubscribe|cancel|deregister|remove)/i;

export function incompleteMatches(model: Model): Match[] {
  const answering = new Set(answeringServices(model).map(({ root }) => root));
  const ofServers = listenings(model).flatMap(({ service }) => {
    if (!answering.has(service.root)) return [];
    const stop = stopOf(model, service);
    if (stop === null) return leaving(service, model);
    if (stop.exits && stop.isBare) return [atOnce(stop.place, service)];
    const open = openIn(stop, model, service);
    if (open === null) return [];
    return [
      stop.exits
        ? halfWay(stop.place, open, service, "the server is closed and ")
        : neverEnds(stop.place, open, service),
    ];
  });
  return [...ofServers, ...workersLeft(model)];
}

/** Nest's own hooks close the server and what it knows of; a worker that somebody made by hand is not among that. */
function leaving(service: Service, model: Model): Match[] {
  const left = leftByHooks(service, model);
  return left === null
    ? []
    : [halfWay(left.hooks, { ...left.worker, name: "the BullMQ worker" }, service, "the server is closed and ")];
}

/** A process of jobs alone whose handler ends it while the worker is still open. */
function workersLeft(model: Model): Match[] {
  if (closesWorkers(model)) return [];
  return workings(model).flatMap(({ service, entry, takers: [taker] }) => {
    const stop = entry.some((file) => service.entry.includes(file)) ? stopOf(model, service) : null;
    const isWorker = model.usesOf("bullmq:Worker").some(({ call }) => call.id === taker?.id);
    if (stop === null || !stop.exits || taker === undefined || !isWorker) return [];
    const ends = stop.calls.filter((call) => closing.test(calleeOf(call, model).split(".").at(-1) ?? ""));
    const isClear = ends.every((call) => model.usesAt(call).length > 0 || model.targets(call).length > 0);
    const open = { file: taker.file, line: taker.line, name: "the BullMQ worker" };
    return isClear ? [halfWay(stop.place, open, service, "")] : [];
  });
}

/** Something open that the handlers do not close, where they close the server; workers alone where they end the process, too. */
function openIn({ calls, exits }: Stop, model: Model, service: Service): Open | null {
  const ends = calls.filter((call) => closing.test(calleeOf(call, model).split(".").at(-1) ?? ""));
  const closesServer = ends.some((call) => model.usesAt(call).some(isServerClose));
  const isClear = ends.every((call) => model.usesAt(call).length > 0 || model.targets(call).length > 0);
  return closesServer && isClear ? openHolder(ends, model, service, exits) : null;
}

/** Whether all that hears the signal closes things of other packages, and neither the server nor the process ends by it. */
export function tidiesOnly(model: Model, service: Service): boolean {
  const stop = stopOf(model, service);
  if (stop === null || stop.exits || stop.isBare) return false;
  const unnamed = stop.calls.filter((call) => model.targets(call).length === 0 && !isForTheLog(call, model));
  return unnamed.every((call) => {
    const uses = model.usesAt(call);
    return uses.length > 0 && uses.every((use) => !servers.has(use.package));
  });
}

const servers: ReadonlySet<string> = new Set(
  closableCalls.map(({ api }) => api.slice(0, api.lastIndexOf(":"))).filter((name) => name !== "global"),
);

interface Stop {
  place: CallSite;
  /** Everything that the handlers call. */
  calls: CallSite[];
  exits: boolean;
  /** Nothing but the exit and words for the log. */
  isBare: boolean;
}

/** What the service's handlers of SIGTERM do together; null without one whose code is known. */
function stopOf(model: Model, service: Service): Stop | null {
  const files = new Set(serverFiles(model, service));
  const found = registering
    .flatMap((api) => model.usesOf(api))
    .filter(({ call }) => files.has(call.file) && call.args[0]?.kind === "literal" && call.args[0].value === "SIGTERM");
  const [first] = found;
  if (found.some(({ call }) => isForTests(call, model))) return null;
  const handlers = found.map(({ call }) => (call.args[1]?.kind === "fn" ? call.args[1].fn : null));
  if (first === undefined || handlers.some((handler) => handler === null)) return null;
  const code = handlers.flatMap((handler) => (handler === null ? [] : [codeBehind(handler, model)]));
  if (code.some(({ isWhole }) => !isWhole)) return null;
  const functions = new Set(code.flatMap((each) => [...each.functions]));
  const calls = [...functions].flatMap((fn) => callsOf(fn, model));
  const leaving = calls.filter((call) => model.usesAt(call).some(({ api }) => exits.test(api)));
  const others = calls.filter((call) => !leaving.includes(call) && model.targets(call).length === 0);
  return {
    place: first.call,
    calls,
    exits: leaving.length > 0,
    isBare: others.every((call) => isForTheLog(call, model)),
  };
}

/** Registered under a condition that speaks of tests: production has another one, or none. */
function isForTests({ file, line }: CallSite, { repo }: Model): boolean {
  const before = (repo.read(file) ?? "")
    .split("\n")
    .slice(Math.max(0, line - 25), line)
    .join("\n");
  return /\bif\s*\([^)]*(test|coverage|\bdev)/i.test(before);
}

/** Packages that only colour what is printed. */
const colours: ReadonlySet<string> = new Set([
  "ansi-colors",
  "chalk",
  "cli-color",
  "colorette",
  "colors",
  "console-log-colors",
  "kleur",
  "picocolors",
]);

function isForTheLog(call: CallSite, model: Model): boolean {
  const uses = model.usesAt(call);
  if (uses.some(({ kind, package: name }) => kind === "log" || kind === "error-tracking" || colours.has(name)))
    return true;
  const name = calleeOf(call, model);
  return (
    /^(console|log|logger|logging|process|Date|JSON|String|chalk)(\.|$)/i.test(name) &&
    !closing.test(name.split(".").at(-1) ?? "")
  );
}

/** `logger.info`, as it is written; empty where it is not a plain name. */
function calleeOf({ id, file }: CallSite, model: Model): string {
  const callee = model.summary(file)?.calls[indexIn(id)]?.callee;
  return callee === undefined ? "" : nameOf(callee);
}

function nameOf(value: Value): string {
  if (value.kind === "member") return `${nameOf(value.object)}.${value.property}`;
  if (value.kind === "imported")
    return value.name === "default" || value.name === "*" ? (value.specifier.split("/").at(-1) ?? "") : value.name;
  return value.kind === "name" ? value.name : "";
}

function isServerClose({ api }: Use): boolean {
  return /^(express:|node:https?:)/.test(api) && api.endsWith(".close");
}

function atOnce(place: CallSite, service: Service): Match {
  return matchFor(place, service, {
    title: "The signal to stop ends the process at once",
    message:
      "On SIGTERM the process leaves in the same moment, so each deploy and each restart cuts off the requests that are being answered.",
    also: [],
  });
}

/** `before`: what is done in order, as a part of the sentence. */
function halfWay(place: CallSite, { file, line, name }: Open, service: Service, before: string): Match {
  return matchFor(place, service, {
    title: "The process ends in the middle of a job",
    message: `On SIGTERM ${before}the process leaves, but ${name} is not closed: the job that it is on is cut off half way, and done again later from its beginning.`,
    also: [{ file, line }],
  });
}

function neverEnds(place: CallSite, { file, line, name }: Open, service: Service): Match {
  return matchFor(place, service, {
    title: "The process never ends by itself",
    message: `On SIGTERM the server is closed, but ${name} stays open and keeps the process alive: the platform waits, then kills it with whatever it is doing.`,
    also: [{ file, line }],
  });
}

function matchFor(place: CallSite, service: Service, said: Pick<Match, "title" | "message" | "also">): Match {
  return {
    rule: "shutdown/incomplete-shutdown",
    file: place.file,
    line: place.line,
    confidence: "high",
    routes: [],
    path: [],
    call: place.id,
    anchor: `SIGTERM in ${service.name}`,
    fix: "brief",
    ...said,
  };
}
