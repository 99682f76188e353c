/** Finds where a service's web process begins to listen. */
import { textOf } from "../../analyzers/code/text.ts";
import { isToolOnly } from "../../analyzers/serving/express-apps.ts";
import { isServerless } from "../../analyzers/deployment/hosting.ts";
import type { CallSite, Model, Service, Use } from "../../analyzers/model.ts";
import { closableCalls } from "../../analyzers/serving/server-calls.ts";
import { serverFiles } from "../../analyzers/serving/server-files.ts";
import { servesByCommand } from "../../analyzers/services/conventions.ts";

export interface Listening {
  service: Service;
  /** The call that listens; the others are further servers of the same service. */
  listen: Use;
  others: Use[];
}

/** The framework that a call listens by when it is none that the recipe writes for; null when it is. */
export function foreignFramework({ api }: Use): string | null {
  return closableCalls.find((each) => sharesPackage(each.api, api))?.framework ?? null;
}

function sharesPackage(first: string, second: string): boolean {
  return first.slice(0, first.lastIndexOf(":")) === second.slice(0, second.lastIndexOf(":"));
}

/** One per service that runs as a process and listens. */
export function listenings(model: Model): Listening[] {
  return model.services.flatMap((service) => {
    if (isServerless(model, service) || isToolOnly(service)) return [];
    if (servesByCommand(service) && !servesBeside(service, model)) return [];
    const files = new Set(serverFiles(model, service));
    const uses = closableCalls
      .flatMap(({ api }) => model.usesOf(api))
      .filter(({ call }) => files.has(call.file) && isRunBy(service, call, model) && !isLetGo(call, model));
    const [listen, ...others] = distinct(uses).sort(byEntry(service));
    return listen === undefined ? [] : [{ service, listen, others }];
  });
}

/** Frameworks that listen by a call in the app's own code, whatever else the service is made with. */
const listening: ReadonlySet<string> = new Set(["express", "fastify", "koa", "hono"]);

/** Beside what the framework's own command serves, an API of the app's own is served: its routes were read. */
function servesBeside({ name }: Service, model: Model): boolean {
  return model.routes.some((route) => route.service === name && listening.has(route.framework));
}

/** What another package listens with is the service's only where the service's process runs it. */
function isRunBy(service: Service, call: CallSite, model: Model): boolean {
  const owner = model.service(call.file);
  if (owner?.root === service.root) return true;
  const ways = model.reach(call);
  return ways.some(({ entry }) => entry.kind === "process" && model.service(entry.file)?.root === service.root);
}

/** `server.listen(9464).unref()` holds no process open and ends with it: it serves metrics, or the like. */
function isLetGo({ file, statement }: CallSite, model: Model): boolean {
  return /\)\s*\.unref\(\)/.test(textOf(model, { file, span: statement }));
}

/** A call may be known under several apis (`app` is one thing here and another there). */
function distinct(uses: readonly Use[]): Use[] {
  return uses.filter((use, index) => uses.findIndex(({ call }) => call.id === use.call.id) === index);
}

/** Calls in the files that a process starts from come first, then in source order. */
function byEntry(service: Service): (a: Use, b: Use) => number {
  const rank = ({ file }: CallSite): number => (service.entry.includes(file) ? 0 : 1);
  return (a, b) => rank(a.call) - rank(b.call) || a.call.file.localeCompare(b.call.file) || a.call.line - b.call.line;
}
