/** Looks for an address at which a load balancer or an uptime check can ask for the app's health. */
import { expressApps } from "../../analyzers/express-apps.ts";
import { textOf } from "../../analyzers/code-text.ts";
import { refuserFinder } from "../../analyzers/audience.ts";
import { isServerless } from "../../analyzers/hosting.ts";
import type { Handler, Model, Route, Service } from "../../analyzers/model.ts";
import { serverFiles } from "../../analyzers/server-files.ts";
import type { Presence } from "../component.ts";
import type { Match } from "../finding.ts";
import { isHealthRoute } from "./health-route.ts";

/** Packages that mount health endpoints themselves. */
const healthPackages: ReadonlySet<string> = new Set([
  "@godaddy/terminus",
  "@nestjs/terminus",
  "@cloudnative/health-connect",
  "express-actuator",
  "express-healthcheck",
  "express-health-check",
  "express-health-middleware",
  "express-ping",
  "health-checkup",
  "lightship",
]);

/** Every place that answers health checks. */
export function healthEvidence(model: Model): Presence["evidence"] {
  const routes = model.routes
    .filter(healthRoutes(model))
    .map(({ method, path, file, line }) => ({ file, line, note: `${method} ${path} answers health checks` }));
  return [...routes, ...model.services.flatMap((service) => healthPackagesIn(model, service))];
}

export function healthMatches(model: Model): Match[] {
  return servingServices(model).flatMap((service) => {
    if (isServerless(model, service) || answersHealthChecks(model, service)) return [];
    const [app] = expressApps(model, service);
    if (app === undefined) return [];
    const { file, line, id } = app.creation;
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
        fix: "patch",
      },
    ];
  });
}

/** Services that answer requests over Express. */
export function servingServices(model: Model): Service[] {
  const serving = new Set(
    model.routes.filter(({ framework }) => framework === "express").map(({ service }) => service),
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
      return fn !== null && textOf(model, fn).includes(last);
    };
    return isHealthRoute(route) && !route.middleware.some((handler) => refuses(handler) && !spared(handler));
  };
}

function healthPackagesIn(model: Model, service: Service): { file: string; line: number; note: string }[] {
  return serverFiles(model, service).flatMap((file) =>
    (model.summary(file)?.imports ?? [])
      .filter(({ specifier, typeOnly }) => !typeOnly && healthPackages.has(specifier))
      .map(({ specifier, span }) => ({ file, line: span.line, note: `${specifier} answers health checks` })),
  );
}
