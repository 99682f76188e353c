/** NestJS: controllers and resolvers of every app, with what runs around them; jobs, gateways and hooks as entries. */
import type { ClassNode } from "../link/program.ts";
import type { Context, Route } from "../model.ts";
import type { Framework, LinkedApp } from "./framework.ts";
import { isResolver } from "./graphql/decorated.ts";
import { callsOnApps, findApps, settingsOf, type NestApp } from "./nest/apps.ts";
import { classDecorations } from "./nest/classes.ts";
import { appliedMiddleware } from "./nest/consumers.ts";
import { nestEntries } from "./nest/entries.ts";
import { everything, providedClasses } from "./nest/modules.ts";
import { routesOfResolver } from "./nest/resolvers.ts";
import { isController, routesOfController } from "./nest/routes.ts";

/** Contexts whose controllers answer nobody; what a script listens with does answer. */
const ELSEWHERE: ReadonlySet<Context> = new Set(["test", "browser", "build"]);

export const nest: Framework = {
  name: "nestjs",
  find: (app) => {
    if (!usesNest(app)) return { routes: [], entries: [] };
    const applied = appliedMiddleware(app);
    const routes = answering(app).flatMap(({ nest: each, classes }) => {
      const own = applied.filter(({ module }) => each.closure.modules.has(module));
      return classes.flatMap((node) => [
        ...routesOfController(app, each, node, own),
        ...(isGraphql(app, node) ? routesOfResolver(app, each, node, own) : []),
      ]);
    });
    return { routes: onceEach(routes), entries: nestEntries(app) };
  },
};

/** A second file that starts the same app (`server.ts` left beside `main.ts`) gives its addresses no second life: the first app's count. */
function onceEach(routes: readonly Route[]): Route[] {
  const found = new Map<string, Route>();
  for (const route of routes) {
    const { service, via, method, path, file, line } = route;
    const key = JSON.stringify([service, via, method, path, file, line]);
    if (!found.has(key)) found.set(key, route);
  }
  return [...found.values()];
}

function usesNest({ linked: { solver } }: LinkedApp): boolean {
  return [...solver.program.files.values()].some(({ summary }) =>
    summary.imports.some(({ specifier }) => specifier.startsWith("@nestjs/")),
  );
}

function isGraphql(app: LinkedApp, node: ClassNode): boolean {
  return isResolver(app.linked.solver, node, "@nestjs/graphql");
}

/** Classes whose methods answer requests, by the app that serves them. */
interface Answering {
  nest: NestApp;
  classes: readonly ClassNode[];
}

function answering(app: LinkedApp): Answering[] {
  const apps = startedFirst(app, findApps(app)).map((nest) => {
    const { controllers } = nest.closure;
    const resolvers = providedClasses(app.linked.solver, nest.closure).filter((node) => isGraphql(app, node));
    const classes = [...new Set([...controllers.keys(), ...resolvers])];
    return { nest, classes: classes.filter((node) => !ELSEWHERE.has(app.contextOf(node.file.path))) };
  });
  return [...apps, ...unread(app, apps)];
}

/** Apps in the files that the service's processes start from, before those of files that nothing names. */
function startedFirst(app: LinkedApp, apps: readonly NestApp[]): NestApp[] {
  const isStarted = ({ file }: NestApp): boolean => app.serviceOf(file)?.entry.includes(file) === true;
  return [...apps.filter(isStarted), ...apps.filter((each) => !isStarted(each))];
}

/**
 * Controllers and resolvers that no app was seen to serve, as an app per service: only where some app of the service could
 * not be followed to its end, or none was found; elsewhere nobody serves them.
 */
function unread(app: LinkedApp, apps: readonly Answering[]): Answering[] {
  const { solver } = app.linked;
  const served = new Set(apps.flatMap(({ classes }) => classes));
  const byService = new Map<string, ClassNode[]>();
  for (const node of [...solver.program.files.values()].flatMap((file) => file.classes)) {
    if (node.fact.decorators.length === 0 || served.has(node) || app.contextOf(node.file.path) !== "server") continue;
    const service = app.serviceOf(node.file.path)?.name ?? "";
    if (apps.some(({ nest: each }) => each.service === service && !each.closure.open)) continue;
    if (!isController(classDecorations(solver, node)) && !isGraphql(app, node)) continue;
    byService.set(service, [...(byService.get(service) ?? []), node]);
  }
  if (byService.size === 0) return [];
  const closure = everything(solver);
  return [...byService].map(([service, classes]) => {
    const known = apps.find(({ nest: each }) => each.service === service)?.nest;
    if (known !== undefined) return { nest: { ...known, closure }, classes };
    const calls = callsOnApps(app).filter(({ call }) => app.serviceOf(call.file.path)?.name === service);
    const file = classes[0]?.file.path ?? "";
    return { nest: { made: null, file, service, closure, ...settingsOf(app, calls) }, classes };
  });
}
