/** Looks for processes that listen and do nothing, or too little, when they are told to stop. */
import type { Model, Place, Service } from "../../analyzers/model.ts";
import type { ImportFact } from "../../analyzers/summary.ts";
import { startsByCli } from "../../analyzers/serving/fastify-cli.ts";
import { serverFiles } from "../../analyzers/serving/server-files.ts";
import type { Presence } from "../component.ts";
import type { Match } from "../finding.ts";
import { exportedServer } from "../../analyzers/serving/exported-servers.ts";
import { incompleteMatches, tidiesOnly } from "./incomplete.ts";
import { foreignFramework, listenings } from "./listening.ts";
import { isWritable } from "./stop-way.ts";
import { type Working, workings } from "./working.ts";

/** Packages whose business is to stop a server in order. */
const shutdownPackages: ReadonlySet<string> = new Set([
  "@godaddy/terminus",
  "@moebius/http-graceful-shutdown",
  "close-with-grace",
  "express-graceful-shutdown",
  "fastify-graceful-shutdown",
  "graceful-shutdown",
  "http-graceful-shutdown",
  "http-shutdown",
  "http-terminator",
  "koa-graceful-shutdown",
  "lightship",
  "node-graceful-shutdown",
  "stoppable",
]);

/** Apollo Server listens for the signals itself; with this plugin it lets requests end before it goes. */
const drains = "ApolloServerPluginDrainHttpServer";

/** The signal's name as a string, other than in a comment or in a call that sends it. */
const handlesSignal = /^(?!\s*(?:\/\/|\*|\/\*))(?!.*(?:\bkill\s*\(|killSignal)).*["'`]SIGTERM["'`]/;

export function presence(model: Model): Presence {
  const evidence = model.services.flatMap((service) => handling(model, service) ?? []);
  if (evidence.length === 0) return { status: "absent", evidence };
  const isLacking =
    incompleteMatches(model).length > 0 || workings(model).some((working) => deafWorker(working, model).length > 0);
  return { status: isLacking ? "present" : "in_effect", evidence };
}

export function detect(model: Model): Match[] {
  const missing = listenings(model)
    .filter(({ service }) => handling(model, service) === null)
    .map(({ service, listen, others }) => ({
      rule: "shutdown/no-graceful-shutdown",
      file: listen.call.file,
      line: listen.call.line,
      confidence: "high" as const,
      message:
        "Nothing here listens for the signal to stop, so each deploy and each restart drops the requests that are being answered.",
      also: others.map(({ call: { file, line } }) => ({ file, line })),
      routes: [],
      path: [],
      call: listen.call.id,
      anchor: service.name,
      fix: others.length === 0 && isPatched(foreignFramework(listen)) ? ("patch" as const) : ("brief" as const),
    }));
  const heard = new Set(listenings(model).map(({ service }) => service));
  const exported = model.services
    .filter((service) => !heard.has(service) && handling(model, service) === null)
    .flatMap((service) => deafExport(service, model));
  return [
    ...missing,
    ...exported,
    ...workings(model).flatMap((working) => deafWorker(working, model)),
    ...incompleteMatches(model),
  ];
}

function isPatched(framework: string | null): boolean {
  return framework === null || isWritable(framework);
}

/** Bun starts it and ends it at once when the signal comes. */
function deafExport(service: Service, model: Model): Match[] {
  const server = exportedServer(model, service);
  if (server === null) return [];
  return [
    {
      rule: "shutdown/no-graceful-shutdown",
      ...server,
      confidence: "high",
      message:
        "Bun serves what this file exports, and nothing listens for the signal to stop, so each deploy and each restart drops the requests that are being answered.",
      also: [],
      routes: [],
      path: [],
      call: null,
      anchor: service.name,
      fix: "brief",
    },
  ];
}

/** A process of jobs alone that does not hear the signal: no request is lost, but the job in hand is. */
function deafWorker({ service, entry, takers: [first, ...others] }: Working, model: Model): Match[] {
  if (first === undefined || hearsAlone(model, service, entry)) return [];
  return [
    {
      rule: "shutdown/no-graceful-shutdown",
      title: "Every deploy cuts off the jobs in hand",
      file: first.file,
      line: first.line,
      confidence: "high",
      message:
        "Nothing in this process listens for the signal to stop, so each deploy and each restart ends it in the middle of a job: the queue notices only when the job's lock has run out, and the job is done again from its beginning.",
      also: others.map(({ file, line }) => ({ file, line })),
      routes: [],
      path: [],
      call: first.id,
      anchor: `jobs of ${entry[0] ?? service.name}`,
      fix: "brief",
    },
  ];
}

/** Whether anything that such a process may run hears the signal; what only the web process starts from is not asked. */
function hearsAlone(model: Model, service: Service, entry: readonly string[]): boolean {
  const files = model.repo.files.filter((file) => {
    if (!["server", "worker"].includes(model.context(file)) || model.summary(file) === null) return false;
    const owner = model.service(file);
    const isOthers = service.entry.includes(file) && !entry.includes(file);
    return !isOthers && (owner === null || owner === service || owner.entry.length === 0);
  });
  return files.some((file) => stopIn(model, file) !== null || tellsOfSignal(model, file));
}

function tellsOfSignal(model: Model, file: string): boolean {
  return (model.repo.read(file) ?? "").split("\n").some((line) => handlesSignal.test(line));
}

/** What a file itself brings in or switches on to hear the signal, and to follow it to the end. */
function stopIn(model: Model, file: string): (Place & { note: string }) | null {
  const imports = model.summary(file)?.imports ?? [];
  const named = imports.find(isShutdownImport);
  if (named !== undefined)
    return { file, line: named.span.line, note: `${named.specifier} is there to stop the server in order` };
  const used = imports.find(({ specifier, typeOnly }) => !typeOnly && shutdownPackages.has(specifier));
  if (used !== undefined) return { file, line: used.span.line, note: `${used.specifier} stops the server in order` };
  const lines = (model.repo.read(file) ?? "").split("\n");
  const hooks = lines.findIndex((line) => /\.enableShutdownHooks\s*\(/.test(line));
  return hooks < 0 ? null : { file, line: hooks + 1, note: "Nest's shutdown hooks are on" };
}

/**
 * `import { registerShutdownConfig } from "@company/toolkit"`: a package's function that is called after this very thing.
 * Nest's `OnApplicationShutdown` is an interface, and what implements it runs only where the hooks are on.
 */
function isShutdownImport({ specifier, typeOnly, names }: ImportFact): boolean {
  return (
    !typeOnly &&
    !/^([.#~/]|@\/|@nestjs\/)/.test(specifier) &&
    names.some(({ imported }) => /graceful|shut_?down/i.test(imported))
  );
}

/** Where the web process of a service handles the signal; null when it does not. */
function handling(model: Model, service: Service): (Place & { note: string }) | null {
  const [entry] = service.entry;
  if (entry !== undefined && startsByCli(service))
    return { file: entry, line: 1, note: "fastify-cli closes the server when it is told to stop" };
  for (const file of serverFiles(model, service)) {
    const found = stopIn(model, file);
    if (found !== null) return found;
    const lines = (model.repo.read(file) ?? "").split("\n");
    const at = lines.findIndex((line) => handlesSignal.test(line));
    if (at >= 0 && !tidiesOnly(model, service)) return { file, line: at + 1, note: "SIGTERM is handled" };
    const drained = model.summary(file)?.imports.some(({ names }) => names.some(({ imported }) => imported === drains));
    if (drained === true)
      return { file, line: 1, note: "Apollo Server drains the HTTP server when it is told to stop" };
  }
  return null;
}
