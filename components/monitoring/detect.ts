/** Looks for an address at which a load balancer or an uptime check can ask for the app's health. */
import { expressApps } from "../../analyzers/express-apps.ts";
import { refuserFinder } from "../../analyzers/audience.ts";
import { guardAudience, isGuard } from "../../analyzers/guards.ts";
import { isServerless } from "../../analyzers/hosting.ts";
import type { Handler, Model, Route, Service } from "../../analyzers/model.ts";
import { serverMaker } from "../../analyzers/server-makers.ts";
import { serverFiles } from "../../analyzers/server-files.ts";
import type { Presence } from "../component.ts";
import type { Match } from "../finding.ts";

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
  "express-healthcheck",
  "express-health-check",
  "express-health-middleware",
  "express-ping",
  "health-checkup",
  "lightship",
]);

export function presence(model: Model): Presence {
  const routes = model.routes
    .filter(healthRoutes(model))
    .map(({ method, path, file, line }) => ({ file, line, note: `${method} ${path} answers health checks` }));
  const packages = model.services.flatMap((service) => healthPackagesIn(model, service));
  const evidence = [...routes, ...packages];
  return { status: evidence.length > 0 ? "in_effect" : "absent", evidence };
}

export function detect(model: Model): Match[] {
  return servingServices(model).flatMap((service) => {
    if (isServerless(model, service) || answersHealthChecks(model, service)) return [];
    const [app] = expressApps(model, service);
    const made = app?.creation ?? serverMaker(model, service)?.call;
    if (made === undefined) return [];
    const { file, line, id } = made;
    return [
      {
        rule: "monitoring/no-health-endpoint",
        file,
        line,
        confidence: "high",
        message:
          "No address says whether the app is alive, so a process that hangs keeps its place: users meet it until a person looks.",
        also: [],
        routes: [],
        path: [],
        call: id,
        anchor: service.name,
        fix: app === undefined ? "brief" : "patch",
      },
    ];
  });
}

/** Frameworks whose services can be told where a health address belongs; GraphQL is served by one of these or on its own. */
const judged: ReadonlySet<string> = new Set(["express", "nestjs"]);

/** Services that answer requests over these. */
export function servingServices(model: Model): Service[] {
  const serving = new Set(
    model.routes
      .filter(({ framework, via }) => judged.has(framework) || via === "graphql")
      .map(({ service }) => service),
  );
  return model.services.filter(({ name }) => serving.has(name));
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
      return fn !== null && (model.repo.read(fn.file) ?? "").slice(fn.span.start, fn.span.end).includes(last);
    };
    if (!isHealthRoute(route)) return false;
    const others = route.middleware.filter((handler) => !isGuard(handler, model));
    if (others.some((handler) => refuses(handler) && !spared(handler))) return false;
    return guardAudience(route, model) === null || route.middleware.some(spared);
  };
}

/** Read by probes wherever it stands, as long as no parameter comes before it and nothing says that it is for staff. */
const clear =
  /^(?!\/(?:.*\/)?(?:admin|metrics)\/)(\/[\w.*-]+){0,3}\/[._-]{0,2}(livez|liveness|readyz|readiness|healthz?|health-?check)(\/(live(ness)?|ready|readiness|check|status|ping|db))?\/?$/i;
/** Words that also name what people look at (`/streams/live`): only where nothing but `/api` and a version comes before them. */
const ambiguous = /^(\/(api|\*))?(\/v\d+)?\/_{0,2}(live|alive|ready|heartbeat|ping|status|up)\/?$/i;

export function isHealthRoute({ method, path }: Pick<Route, "method" | "path">): boolean {
  return ["GET", "HEAD", "ALL"].includes(method) && (clear.test(path) || ambiguous.test(path));
}

function healthPackagesIn(model: Model, service: Service): { file: string; line: number; note: string }[] {
  return serverFiles(model, service).flatMap((file) =>
    (model.summary(file)?.imports ?? [])
      .filter(({ specifier, typeOnly }) => !typeOnly && healthPackages.has(specifier))
      .map(({ specifier, span }) => ({ file, line: span.line, note: `${specifier} answers health checks` })),
  );
}
