/** Finds the Express application object that a service serves with. */
import type { CallSite, Model, Service, Use } from "../model.ts";
import { serverFiles } from "./server-files.ts";

/** What hangs on one `express()`: the creation, and every call on it whose callee ends so (`use`, `set`, `listen`). */
export interface ExpressApp {
  creation: CallSite;
  /** Calls on this app by method name, in source order. */
  calls(method: string): Use[];
}

/**
 * The service's apps, the outermost first: the one that listens, else the one with most on it. Apps mounted on another come
 * behind it. Empty when the service has none or builds it in a way that could not be followed.
 */
export function expressApps(model: Model, service: Service): ExpressApp[] {
  if (isToolOnly(service)) return [];
  const files = new Set(serverFiles(model, service));
  const uses = model.usesOf("express:**");
  const apps = uses
    .filter(({ api, call }) => api === "express:" && files.has(call.file))
    .map(({ call }) => appOf(call, uses));
  const weight = (app: ExpressApp): number => (app.calls("listen").length > 0 ? 1000 : 0) + app.calls("use").length;
  return apps.sort((a, b) => weight(b) - weight(a));
}

function appOf(creation: CallSite, uses: readonly Use[]): ExpressApp {
  const own = uses.filter(({ construction }) => construction?.id === creation.id);
  return { creation, calls: (method) => own.filter(({ api }) => api.endsWith(`.${method}`)) };
}

/** Express among the development dependencies alone serves mocks and previews, not users. */
export function isToolOnly({ dependencies, devDependencies }: Service): boolean {
  return dependencies["express"] === undefined && devDependencies["express"] !== undefined;
}
