/** Everything that starts code running: one line per framework family. */
import type { Entry, Route } from "../model.ts";
import { express } from "./express.ts";
import type { Framework, LinkedApp } from "./framework.ts";
import { processes } from "./processes.ts";
import { django } from "./python/django.ts";
import { pythonRouters } from "./python/routers.ts";
import { registered } from "./registered.ts";

const frameworks: readonly Framework[] = [express, pythonRouters, django, processes, registered];

/** Routes by file and line; entries: one per route and function that runs for it, then all others. */
export function findEntries(app: LinkedApp): { routes: Route[]; entries: Entry[] } {
  const found = frameworks.map((framework) => framework.find(app));
  const routes = found.flatMap((each) => each.routes);
  return { routes, entries: [...routes.flatMap(entriesOfRoute), ...found.flatMap((each) => each.entries)] };
}

function entriesOfRoute({ id, method, path, middleware, handlers }: Route): Entry[] {
  const fns = new Map(
    [...middleware, ...handlers].flatMap(({ fn, place, also = [] }) =>
      [...(fn === null ? [] : [fn]), ...also].map((each) => [each, place] as const),
    ),
  );
  return [...fns].map(([fn, { file, line }]) => ({
    kind: "route",
    fn,
    file,
    line,
    label: `${method} ${path}`,
    routeId: id,
  }));
}

export type { LinkedApp } from "./framework.ts";
