/** Looks for an address at which a load balancer or an uptime check can ask for the app's health. */
import { exportedServer } from "../../analyzers/serving/exported-servers.ts";
import { expressApps } from "../../analyzers/serving/express-apps.ts";
import { textOf } from "../../analyzers/code/text.ts";
import { refuserFinder } from "../../analyzers/audience/audience.ts";
import { startsByCli } from "../../analyzers/serving/fastify-cli.ts";
import { guardAudience, isGuard } from "../../analyzers/audience/guards.ts";
import { isServerless } from "../../analyzers/deployment/hosting.ts";
import type { Handler, Model, Route, Service } from "../../analyzers/model.ts";
import { listenApis } from "../../analyzers/serving/server-calls.ts";
import { serverFiles } from "../../analyzers/serving/server-files.ts";
import type { Presence } from "../component.ts";
import type { Match } from "../finding.ts";
import { isHealthRoute } from "./health-route.ts";
import { isMountable, servingApp } from "./health-way.ts";
import { placedApps } from "./placed-health.ts";
import { saysThatAllIsWell, saysThatItRuns } from "./root-answer.ts";

/** Packages that mount health endpoints themselves; GraphQL servers that answer at one without being told. */
const healthPackages: ReadonlySet<string> = new Set([
  "@godaddy/terminus",
  "@nestjs/terminus",
  "@cloudnative/health-connect",
  "apollo-server",
  "apollo-server-express",
  "apollo-server-fastify",
  "apollo-server-koa",
  "graphql-yoga",
  "express-actuator",
  "fastify-custom-healthcheck",
  "fastify-healthcheck",
  "koa-healthcheck",
  "koa-ping-healthcheck",
  "express-healthcheck",
  "express-health-check",
  "express-health-middleware",
  "express-ping",
  "health-checkup",
  "lightship",
]);

/**
 * An uptime check can ask the root address that says that the server runs; Kubernetes has to be told when to send requests
 * and when to start anew, and no greeting says that.
 */
export function isSeenRunning(model: Model, { name }: Service): boolean {
  if (model.deploy.some(({ target }) => target === "kubernetes")) return false;
  return model.routes.some((route) => route.service === name && saysThatItRuns(route, model));
}

/** Every place that answers health checks. */
export function healthEvidence(model: Model): Presence["evidence"] {
  const routes = model.routes
    .filter(healthRoutes(model))
    .map(({ method, path, file, line }) => ({ file, line, note: `${method} ${path} answers health checks` }));
  return [...routes, ...model.services.flatMap((service) => healthPackagesIn(model, service))];
}

export function healthMatches(model: Model): Match[] {
  const serving = servingServices(model).flatMap((service) => {
    if (isServerless(model, service) || answersHealthChecks(model, service)) return [];
    const app = appOf(model, service);
    if (app === null) return [];
    return [matchFor(service, { ...app, confidence: isSeenRunning(model, service) ? "low" : "high" })];
  });
  const placed = placedApps(model).flatMap(({ service, place: { file, line } }) =>
    answersHealthChecks(model, service)
      ? []
      : [matchFor(service, { file, line, call: null, fix: "brief", confidence: "medium" })],
  );
  return [...serving, ...placed];
}

function matchFor(service: Service, at: Pick<Match, "file" | "line" | "call" | "fix" | "confidence">): Match {
  return {
    rule: "monitoring/no-health-endpoint",
    message:
      "No address says whether the app is alive, so a process that hangs keeps its place: users meet it until a person looks.",
    also: [],
    routes: [],
    path: [],
    anchor: service.name,
    ...at,
  };
}

/** Where the app is made, or starts where its framework's own command makes it, and whether the recipe can mount something there. */
function appOf(model: Model, service: Service): Pick<Match, "file" | "line" | "call" | "fix"> | null {
  const [express] = expressApps(model, service);
  const app = express === undefined && !runsItself(model, service) ? null : servingApp(model, service);
  const fix = app !== null && isMountable(app.framework) ? "patch" : "brief";
  const creation = app?.creation;
  if (creation !== undefined) return { file: creation.file, line: creation.line, call: creation.id, fix };
  const [entry] = service.entry;
  return entry === undefined || !startsByCli(service) ? null : { file: entry, line: 1, call: null, fix };
}

/** A package of routes that nothing starts is mounted by others, who answer for it. */
function runsItself(model: Model, service: Service): boolean {
  const { start, root } = service;
  if (start !== null || exportedServer(model, service) !== null) return true;
  return listenApis.flatMap((api) => model.usesOf(api)).some(({ call }) => model.service(call.file)?.root === root);
}

/** Frameworks whose routes stand in the model with the code that registers them; GraphQL is served by one of these or on its own. */
const readable: ReadonlySet<string> = new Set(["express", "fastify", "koa", "hono", "elysia", "nestjs"]);
/** Frameworks that serve files by their place: a health page may be among them as long as none of them is read. */
const byPlace: ReadonlySet<string> = new Set(["next", "nuxt", "sveltekit", "remix", "react-router", "astro"]);

/** Services that answer requests, and all of whose addresses are known. */
export function servingServices(model: Model): Service[] {
  return model.services.filter(({ name, frameworks }) => {
    const routes = model.routes.filter(({ service }) => service === name);
    if (!routes.some(({ framework, via }) => readable.has(framework) || via === "graphql")) return false;
    const read = new Set(routes.map(({ framework }) => framework));
    return frameworks.every((framework) => !byPlace.has(framework.name) || read.has(framework.name));
  });
}

function answersHealthChecks(model: Model, service: Service): boolean {
  return (
    model.routes.filter(healthRoutes(model)).some((route) => route.service === service.name) ||
    healthPackagesIn(model, service).length > 0
  );
}

/** A probe has no login: a route behind one is for people. A guard that speaks of the address itself lets it pass. */
function healthRoutes(model: Model): (route: Route) => boolean {
  const refuses = refuserFinder(model);
  return (route) => {
    const last = route.path.replace(/\/$/, "").split("/").at(-1) ?? "";
    const spared = ({ fn: id }: Handler): boolean => {
      const fn = id === null ? null : model.fn(id);
      return fn !== null && textOf(model, fn).includes(last);
    };
    if (!isHealthRoute(route) && !saysThatAllIsWell(route, model)) return false;
    const others = route.middleware.filter((handler) => !isGuard(handler, model));
    if (others.some((handler) => refuses(handler) && !spared(handler))) return false;
    return guardAudience(route, model) === null || route.middleware.some(spared);
  };
}

function healthPackagesIn(model: Model, service: Service): { file: string; line: number; note: string }[] {
  const files = serverFiles(model, service);
  const imported = files.flatMap((file) =>
    (model.summary(file)?.imports ?? [])
      .filter(({ specifier, typeOnly }) => !typeOnly && healthPackages.has(specifier))
      .map(({ specifier, span }) => ({ file, line: span.line, note: `${specifier} answers health checks` })),
  );
  return [...imported, ...statusRoutes(model, new Set(files))];
}

/** `register(underPressure, { exposeStatusRoute: true })` of Fastify. */
function statusRoutes(model: Model, files: ReadonlySet<string>): { file: string; line: number; note: string }[] {
  return model
    .usesOf("fastify:**.register")
    .filter(({ call }) => files.has(call.file))
    .flatMap(({ call: { file, line, args } }) => {
      const [plugin, options] = args;
      const isPressure = plugin?.kind === "external" && /^(@fastify\/|fastify-)?under-pressure:/.test(plugin.api);
      const exposes =
        options?.kind === "object" && (options.open || options.entries["exposeStatusRoute"] !== undefined);
      return isPressure && exposes ? [{ file, line, note: "@fastify/under-pressure answers health checks" }] : [];
    });
}
