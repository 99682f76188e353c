/** Everything that starts code running: one line per framework family. */
import type { Entry, Route } from "../model.ts";
import { astro } from "./astro.ts";
import { bun } from "./bun.ts";
import { elysia } from "./elysia.ts";
import { express } from "./express.ts";
import { fastify } from "./fastify.ts";
import { hono } from "./hono.ts";
import { koa } from "./koa.ts";
import { next } from "./next.ts";
import { scheduled } from "./crons.ts";
import type { Framework, LinkedApp } from "./framework.ts";
import { behindFronts } from "./fronts.ts";
import { functions } from "./functions.ts";
import { graphql } from "./graphql.ts";
import { nest } from "./nest.ts";
import { nuxt } from "./nuxt.ts";
import { withStrategies } from "./passport.ts";
import { processes } from "./processes.ts";
import { django } from "./python/django.ts";
import { pythonRouters } from "./python/routers.ts";
import { reactRouter } from "./react-router.ts";
import { registered } from "./registered.ts";
import { sveltekit } from "./sveltekit.ts";
import { tanstackStart } from "./tanstack-start.ts";
import { trpc } from "./trpc.ts";
import { workers } from "./workers.ts";

const frameworks: readonly Framework[] = [
  express,
  fastify,
  koa,
  hono,
  elysia,
  nest,
  graphql,
  next,
  sveltekit,
  nuxt,
  reactRouter,
  tanstackStart,
  astro,
  bun,
  trpc,
  functions,
  pythonRouters,
  django,
  processes,
  workers,
  registered,
];

/** Routes by file and line; entries: one per route and function that runs for it, then all others. */
export function findEntries(app: LinkedApp): { routes: Route[]; entries: Entry[] } {
  const found = frameworks.map((framework) => framework.find(app));
  const answered = behindFronts(
    found.flatMap((each) => each.routes),
    found.flatMap((each) => each.fronts ?? []),
  );
  const routes = scheduled(app.repo, app.services, withStrategies(app, answered));
  return { routes, entries: [...routes.flatMap(entriesOfRoute), ...found.flatMap((each) => each.entries)] };
}

function entriesOfRoute({ id, method, path, middleware, handlers, schedule }: Route): Entry[] {
  const fns = new Map(
    [...middleware, ...handlers].flatMap(({ fn, place, also = [], except }) => [
      ...(fn === null ? [] : [[fn, { place, except }] as const]),
      ...also.map((each) => [each, { place, except: undefined }] as const),
    ]),
  );
  const kind = schedule === undefined ? "route" : "schedule";
  const label = schedule === undefined ? `${method} ${path}` : `cron ${schedule} ${path}`;
  return [...fns].map(
    ([
      fn,
      {
        place: { file, line },
        except,
      },
    ]) => ({
      kind,
      fn,
      file,
      line,
      label,
      routeId: id,
      ...(except === undefined ? {} : { except }),
    }),
  );
}

export type { LinkedApp } from "./framework.ts";
