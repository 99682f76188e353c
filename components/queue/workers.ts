/** Finds queues whose jobs the web process works off itself, and queues whose jobs nobody works off. */
import { conditionsOf } from "../../analyzers/code/conditions.ts";
import { deploysOf, isServerless } from "../../analyzers/deployment/hosting.ts";
import type { Model, Reach, Service } from "../../analyzers/model.ts";
import { servingOf } from "../../analyzers/serving/serving.ts";
import type { Match } from "../finding.ts";
import { consumersOf, producersOf, type QueueEnd } from "./consumers.ts";

export function workerMatches(model: Model): Match[] {
  const consumers = consumersOf(model);
  if (consumers.length === 0 && producersOf(model).length === 0) return [];
  return [...inWebProcess(consumers, model), ...neverStarted(consumers, model)];
}

/** One finding per service: it is one decision. */
function inWebProcess(consumers: readonly QueueEnd[], model: Model): Match[] {
  return model.services.flatMap((service) => {
    if (servingOf(model, service).kind === "none" || isServerless(model, service)) return [];
    const own = consumers.filter(({ call }) => model.service(call.file) === service);
    const started = own.flatMap((end) => startOf(end, service, model) ?? []);
    const [first, ...others] = started;
    if (first === undefined) return [];
    const { call, queue } = first.end;
    const names = [...new Set(started.flatMap(({ end }) => end.queue ?? []))];
    return [
      {
        rule: "queue/worker-in-web-process",
        file: call.file,
        line: call.line,
        confidence: started.some(({ isChosen }) => isChosen) ? "low" : "high",
        message: `The process that answers requests also works off ${names.length === 0 ? "its queue" : `the queue ${names.slice(0, 3).join(", ")}`}: a heavy job slows every request, and more workers mean more web servers.`,
        also: [...others.map(({ end }) => ({ file: end.call.file, line: end.call.line })), ...entryIn(first.way)],
        routes: [],
        path: first.way.path,
        call: call.id,
        anchor: `${first.end.use.api} ${queue ?? ""} in ${service.name}`,
        fix: "brief",
      },
    ];
  });
}

interface Started {
  end: QueueEnd;
  way: Reach;
  /** A setting decides whether this process does it. */
  isChosen: boolean;
}

/** How the web process comes to run the worker; null when it does not, or when another process does as well. */
function startOf(end: QueueEnd, service: Service, model: Model): Started | null {
  if (model.context(end.call.file) !== "server" || isSandboxed(end)) return null;
  const ways = model.reach(end.call).filter(({ entry }) => entry.kind === "process");
  const apart = new Set(model.services.flatMap(({ processes }) => processes.flatMap(({ entry = [] }) => entry)));
  if (ways.some(({ entry }) => apart.has(entry.file))) return null;
  const way =
    ways.find(({ entry }) => service.entry.includes(entry.file)) ??
    (service.processes.length > 0 ? undefined : ways.find(({ entry }) => isContainer(entry, service, model)));
  return way === undefined ? null : { end, way, isChosen: isChosen(way, model) };
}

/** What Nest makes when the app starts is made in the web process, where no other is known. */
function isContainer({ label, file }: Reach["entry"], service: Service, model: Model): boolean {
  return label.startsWith("start of ") && model.service(file) === service;
}

/** A processor given as a file runs in a process of its own. */
function isSandboxed({ call, library }: QueueEnd): boolean {
  return library === "bullmq" && call.args[1] !== undefined && !["fn", "unknown"].includes(call.args[1].kind);
}

const settings =
  /process\.env|\benv\.|config|enable|disable|worker|role|process_?type|argv|isMain|require\.main|import\.meta/i;

function isChosen({ calls }: Reach, model: Model): boolean {
  return calls.some(({ file, span }) =>
    conditionsOf(model.repo.read(file) ?? "", span).some((test) => settings.test(test)),
  );
}

/** The place in the entry's own file at which the way begins. */
function entryIn({ entry, calls: [first] }: Reach): Match["also"] {
  return first !== undefined && first.file === entry.file ? [{ file: first.file, line: first.line }] : [];
}

/** Queues that running code fills and that no code, or only code that nothing starts, works off. */
function neverStarted(consumers: readonly QueueEnd[], model: Model): Match[] {
  const producers = producersOf(model).filter(
    ({ call }) => isRunning(call.file, model) && model.reach(call).length > 0,
  );
  const named = producers.filter(({ queue }) => queue !== null);
  const firsts = new Map(named.toReversed().map((producer) => [`${producer.library} ${producer.queue}`, producer]));
  return [...firsts.values()].flatMap((producer) => lostJobs(producer, consumers, model));
}

function lostJobs(producer: QueueEnd, consumers: readonly QueueEnd[], model: Model): Match[] {
  const { library, queue } = producer;
  const same = consumers.filter((end) => end.library === library);
  if (same.some((end) => end.queue === null) || hasDecorated(model)) return [];
  const takers = same.filter((end) => end.queue === queue);
  const [taker] = takers;
  if (taker === undefined) {
    const lost = matchFor(producer, producer, "no code here takes them out", model);
    return [{ ...lost, severity: "warning" }];
  }
  const service = model.service(taker.call.file);
  if (takers.every(({ call }) => isRunning(call.file, model))) {
    if (
      service === null ||
      !isServerless(model, service) ||
      !takers.every((end) => startOf(end, service, model) !== null)
    )
      return [];
    const host = deploysOf(model, service)[0]?.target ?? "this host";
    return [matchFor(taker, producer, `${host} keeps no process running that could take them out`, model)];
  }
  if (takers.some(({ call }) => isRunning(call.file, model) || isNamedElsewhere(call.file, model))) return [];
  const match = matchFor(taker, producer, "nothing starts the code that takes them out", model);
  // Where nothing says how even the server is started, the worker may be started by hand as well.
  return [{ ...match, confidence: service?.start == null ? "low" : "medium" }];
}

function matchFor({ call, use, queue }: QueueEnd, producer: QueueEnd, why: string, model: Model): Match {
  const put = { file: producer.call.file, line: producer.call.line };
  return {
    rule: "queue/worker-never-started",
    file: call.file,
    line: call.line,
    confidence: "medium",
    message: `Jobs go into the queue \`${queue ?? ""}\`, but ${why}: they wait for ever, and what they stand for never happens.`,
    also: producer.call.id === call.id ? [] : [put],
    routes: [
      ...new Set(
        model
          .reach(producer.call)
          .filter(({ entry }) => entry.kind === "route")
          .map(({ entry }) => entry.label),
      ),
    ],
    path: [],
    call: call.id,
    anchor: `${use.api} ${queue ?? ""}`,
    fix: "brief",
  };
}

function isRunning(file: string, model: Model): boolean {
  return ["server", "worker"].includes(model.context(file));
}

/** Frameworks that make workers out of decorated classes. */
function hasDecorated(model: Model): boolean {
  return ["@nestjs/bull:Processor", "@nestjs/bullmq:Processor"].some((api) => model.usesOf(api).length > 0);
}

/** Any script, image, manifest or note that speaks of the file by name may be what starts it. */
function isNamedElsewhere(file: string, model: Model): boolean {
  const stem = file.replace(/^.*\//, "").replace(/\.[cm]?[jt]sx?$/, "");
  const folder = file.split("/").at(-2) ?? "";
  const wanted = stem === "index" ? `${folder}/index` : stem;
  const name = new RegExp(`(^|[\\s/"'=])${wanted.replace(/[^\w-]/g, ".")}(\\.[cm]?[jt]s)?(?=$|[\\s"',;:])`, "m");
  return model.repo.files.some(
    (other) =>
      /(^|\/)(package\.json|Procfile[\w.]*|Dockerfile[\w.-]*|[\w.-]*\.(ya?ml|toml|json|sh|service|conf|tf)|Makefile|ecosystem[\w.]*)$/.test(
        other,
      ) &&
      !/(^|\/)(package-lock|tsconfig[\w.]*)\.json$/.test(other) &&
      name.test(model.repo.read(other) ?? ""),
  );
}
