/** Routes on which a request becomes a socket: no routes of the app, but entries of their own kind. */
import type { Entry, Route } from "../../model.ts";

/** Stands for the method of such a route. */
export const SOCKET = "SOCKET";

/** Parts them from the others; `listeners`: ids of the functions that run on the socket. */
export function splitSockets(
  routes: readonly Route[],
  listeners: (route: Route) => readonly string[],
): { routes: Route[]; entries: Entry[] } {
  const entryOf = ({ path, file, line }: Route, fn: string): Entry => ({
    kind: "socket",
    fn,
    file,
    line,
    label: `socket ${path}`,
    routeId: null,
  });
  return {
    routes: routes.filter(({ method }) => method !== SOCKET),
    entries: routes
      .filter(({ method }) => method === SOCKET)
      .flatMap((route) => listeners(route).map((fn) => entryOf(route, fn))),
  };
}
