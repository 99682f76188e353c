/** Servers of one's own around a framework: Express in front of React Router or SvelteKit. */
import type { Route } from "../model.ts";
import { covers } from "./routing/paths.ts";
import type { Front } from "./framework.ts";

/** By these an Express app hands a request on to the framework; the route that does so is no route of its own. */
const HANDED_ON = /^@(remix-run|react-router)\/(express|node):createRequestHandler\(\)/;

const isDoor = ({ framework, handlers }: Route) =>
  framework === "express" && handlers.some(({ api }) => HANDED_ON.test(api ?? ""));

/** Routes that are files with the middleware of the app in front of them; the door between the two is left out. */
export function behindFronts(routes: readonly Route[], fronts: readonly Front[]): Route[] {
  const doors = routes.filter(isDoor);
  return routes.filter((route) => !doors.includes(route)).map((route) => behind(route, doors, fronts));
}

function behind(route: Route, doors: readonly Route[], fronts: readonly Front[]): Route {
  // What stands before the fields of a graph is known from where their server is mounted.
  if (route.framework === "express" || route.via === "graphql" || route.registration !== null) return route;
  const door = doors.find(({ service, path }) => service === route.service && /^\/?\*/.test(path));
  const inForce = fronts.filter(({ service }) => service === route.service).flatMap((each) => each.inForce);
  const passed = inForce.filter(({ path }) => covers(path, route.path)).flatMap(({ handlers }) => handlers);
  const known = new Set(passed);
  const before = [...passed, ...(door?.middleware ?? []).filter((handler) => !known.has(handler))].filter(
    ({ api }) => !HANDED_ON.test(api ?? ""),
  );
  return before.length === 0 ? route : { ...route, middleware: [...before, ...route.middleware] };
}
