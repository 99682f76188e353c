/** How a plugin of Fastify comes to be loaded before the routes that heed it: it acts on those alone that are declared after it. */
import { posix } from "node:path";
import type { CallSite, Model, Route, Service } from "../analyzers/model.ts";

/**
 * `awaited`: `await app.register(...)`. `queued`: the routes stand in plugins, which Fastify loads one after the other.
 * `too-late`: the routes are declared beside the app, where nothing can wait.
 */
export type Loading = "awaited" | "queued" | "too-late";

export function pluginLoading(model: Model, service: Service, creation: CallSite, routes: readonly Route[]): Loading {
  if (mayAwait(model, service, creation)) return "awaited";
  return routes.some(({ registration }) => registration === null || isBesideApp(model, registration.fn, creation))
    ? "too-late"
    : "queued";
}

/**
 * At the top of a module only where Node itself runs it as an ES module, or something is awaited there already: what
 * compiles TypeScript's `import` to `require` (ts-node, tsx and Jest without `"type": "module"`) refuses it.
 */
function mayAwait(model: Model, service: Service, creation: CallSite): boolean {
  const fn = model.fn(creation.fn);
  if (fn === null || !fn.isModule) return fn?.async === true;
  const summary = model.summary(creation.file);
  if (summary?.modules !== "esm") return false;
  const extension = posix.extname(creation.file);
  if (extension === ".mjs" || (extension === ".js" && service.modules === "esm")) return true;
  return summary.calls.some((call) => call.use === "awaited" && summary.functions[call.fn]?.kind === "module");
}

/** Whether a function runs at once with the app's own code: it is that code, or is called (not registered) from there. */
function isBesideApp(model: Model, from: string, creation: CallSite): boolean {
  const seen = new Set<string>();
  for (let open = [from]; open.length > 0;) {
    if (open.includes(creation.fn)) return true;
    for (const fn of open) seen.add(fn);
    open = [...new Set(open.flatMap((fn) => model.callers(fn).map((call) => call.fn)))].filter((fn) => !seen.has(fn));
  }
  return false;
}
