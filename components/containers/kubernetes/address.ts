/** Where a container of the app's own can be asked for its health: its port as the manifests tell it, and its paths. */
import { audienceFinder } from "../../../analyzers/audience/audience.ts";
import { podLabels, selects } from "../../../analyzers/deployment/kubernetes.ts";
import type { Handler, Model, Route, Service } from "../../../analyzers/model.ts";
import { record } from "../../../analyzers/services/container-files.ts";
import { aliveRoutes, healthRoutes } from "../image.ts";
import type { Case } from "./case.ts";
import { settingOf } from "./settings.ts";

/** The port by its name where it has one; null where the manifest and the code do not agree on one. */
export function portToAsk(each: Case): string | number | null {
  const { body, run } = each;
  if (run === null || body["command"] !== undefined || body["args"] !== undefined) return null;
  const named = list(body["ports"]).map(record);
  const targets = targetsOf(each);
  // Where the container names none, the numbers that Services send requests to.
  const ports: Record<string, unknown>[] =
    named.length > 0 ? named : targets.map((containerPort) => ({ containerPort }));
  const { value, env = null } = run.service.port;
  const told = env === null ? null : settingOf(env, each);
  const listens = told === null ? value : told === "unknown" ? null : Number(told);
  const found = listens === null ? targeted(ports, targets) : ports.find((port) => port["containerPort"] === listens);
  const { containerPort, name, protocol = "TCP" } = found ?? {};
  if (typeof containerPort !== "number" || protocol !== "TCP") return null;
  return typeof name === "string" ? name : containerPort;
}

/** The only port, where a Service sends requests to it. */
function targeted(
  ports: readonly Record<string, unknown>[],
  targets: readonly unknown[],
): Record<string, unknown> | undefined {
  const [only, ...others] = ports;
  const isTarget = targets.includes(only?.["containerPort"]) || targets.includes(only?.["name"] ?? {});
  return others.length === 0 && isTarget ? only : undefined;
}

function targetsOf({ beside, workload: { manifests } }: Case): unknown[] {
  const labels = podLabels(manifests[0]?.spec ?? {});
  const targets = beside
    .filter(({ kind, spec }) => kind === "Service" && selects(record(spec["selector"]), labels))
    .flatMap(({ spec }) => list(spec["ports"]).map(record))
    .map((port) => port["targetPort"] ?? port["port"]);
  return [...new Set(targets)];
}

export interface Paths {
  ready: string | null;
  alive: string | null;
}

const readyPath = /^\/(api\/)?(v\d+\/)?(readyz|ready|readiness|health\/ready|health\/readiness)$/;

/** Paths that a probe gets an answer from as often as it asks; all null where that is not certain. */
export function pathsToAsk(service: Service, model: Model): Paths {
  if (countsEverybody(service, model)) return { ready: null, alive: null };
  const audience = audienceFinder(model);
  const isOpen = (route: Route): boolean =>
    route.via === "http" &&
    audience(route) === "anyone" &&
    ![...route.middleware, ...route.handlers].some((handler) => isLimiter(handler, model));
  const alive = aliveRoutes(service, model).find(isOpen)?.path ?? null;
  const ready = model.routes.find(
    (route) => route.service === service.name && route.method === "GET" && readyPath.test(route.path) && isOpen(route),
  );
  return { ready: ready?.path ?? alive ?? healthRoutes(service, model).find(isOpen)?.path ?? null, alive };
}

/** Packages that count every request of an address, the probes' among them; and servers that speak TLS themselves. */
function countsEverybody({ dependencies }: Service, model: Model): boolean {
  return (
    ["@nestjs/throttler", "@fastify/rate-limit"].some((name) => name in dependencies) ||
    ["node:https:createServer", "node:http2:createSecureServer"].some((api) => model.usesOf(api).length > 0)
  );
}

function isLimiter({ api, fn }: Handler, model: Model): boolean {
  const name = fn === null ? "" : (model.fn(fn)?.name ?? "");
  return /rate-?limit|throttl|slow-?down|limiter/i.test(`${api ?? ""} ${name}`);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
