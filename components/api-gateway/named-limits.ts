/** Limits that are kept in a file of their own, which names the paths that it counts: a worker or a gateway in front of the app. */
import type { Model, Route } from "../../analyzers/model.ts";

const file = /(^|\/)[\w.-]*rate-?limit[\w-]*\.[cm]?[jt]s$/i;
const path = /["'`](\/[\w/:.-]+)["'`]/g;

/** Whether such a file names the route's path, or a beginning of it. */
export function namedLimitFinder(model: Model): (route: Route) => boolean {
  const { repo } = model;
  const named = repo.files
    .filter((each) => file.test(each) && mayRun(each, model))
    .flatMap((each) => [...(repo.read(each) ?? "").matchAll(path)].flatMap(([, found]) => found ?? []));
  return (route) => named.some((each) => route.path === each || route.path.startsWith(`${each}/`));
}

/** What the app's own process is seen not to load limits nothing; where another's command starts it, something else may. */
function mayRun(each: string, model: Model): boolean {
  const context = model.context(each);
  return context !== "test" && !(context === "dead" && (model.service(each)?.entry.length ?? 0) > 0);
}
