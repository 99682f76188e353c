/** Django with DRF: routes from the urls that the settings name, through every module they include. */
import { idOf } from "../../link/program.ts";
import type { CallNode } from "../../link/program.ts";
import type { Route, Service } from "../../model.ts";
import type { Framework, LinkedApp } from "../framework.ts";
import { createDecorations, type Decorations } from "./decorations.ts";
import { settingsOf, type Settings } from "./django/settings.ts";
import { patternsOf, type Pattern } from "./django/urls.ts";
import { answersOf, type Answer } from "./django/views.ts";
import { findRegistered, viewsetAnswers, type Registered } from "./django/viewsets.ts";
import { pathOf } from "./paths.ts";

export const django: Framework = {
  name: "django",
  find: (app) => {
    const services = app.services.filter(({ frameworks }) => frameworks.some(({ name }) => name === "django"));
    if (services.length === 0) return { routes: [], entries: [] };
    const decorations = createDecorations();
    const registered = findRegistered(app);
    const routes = services.flatMap((service) =>
      routesOf({ app, service, decorations, registered, settings: settingsOf(app, service) }),
    );
    return { routes: [...new Map(routes.map((route) => [route.id, route])).values()], entries: [] };
  },
};

interface Walk {
  app: LinkedApp;
  service: Service;
  decorations: Decorations;
  registered: ReadonlyMap<CallNode, readonly Registered[]>;
  settings: Settings;
}

function routesOf(walk: Walk): Route[] {
  const { app, settings } = walk;
  return settings.roots.flatMap((root) => patternsOf(app, root).flatMap((pattern) => routesFor(walk, pattern)));
}

function routesFor(walk: Walk, pattern: Pattern): Route[] {
  const { app, decorations, registered } = walk;
  if (pattern.kind === "view") {
    const { call, view, path } = pattern;
    return answersOf(app, decorations, call.file, view).map((answer) => routeOf(walk, answer, path, call));
  }
  return (registered.get(pattern.router) ?? []).flatMap((each) =>
    viewsetAnswers(app, decorations, each).map((answer) =>
      routeOf(walk, answer, `${pattern.path}/${answer.path}`, each.call),
    ),
  );
}

/** Where each router hangs in the urls: Django Ninja's apis are among them. */
export function routerPaths(app: LinkedApp): ReadonlyMap<CallNode, string> {
  const services = app.services.filter(({ frameworks }) => frameworks.some(({ name }) => name === "django"));
  const patterns = services.flatMap((service) =>
    settingsOf(app, service).roots.flatMap((root) => patternsOf(app, root)),
  );
  return new Map(patterns.flatMap((each) => (each.kind === "router" ? [[each.router, each.path] as const] : [])));
}

function routeOf({ app, service, settings }: Walk, answer: Answer, written: string, call: CallNode): Route {
  const { method, before, handler, takesDefaults } = answer;
  const path = pathOf(written);
  return {
    id: `${method} ${path} ${idOf(call)}`,
    method,
    path,
    file: call.file.path,
    line: call.fact.span.line,
    service: service.name,
    framework: "django",
    via: "http",
    middleware: [...settings.before, ...(takesDefaults ? settings.permissions : []), ...before],
    handlers: [handler],
    registration: app.sites.call(call),
  };
}
