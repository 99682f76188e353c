/** Health addresses that decide whether a version gets users, and say yes without looking at the database it needs. */
import { composedServices } from "../../analyzers/deployment/compose.ts";
import { workloadsOf } from "../../analyzers/deployment/kubernetes.ts";
import type { Model, Place, Route, Service } from "../../analyzers/model.ts";
import type { Match } from "../finding.ts";
import { isConstant } from "./constant.ts";
import { isHealthRoute } from "./health-route.ts";

/** Something that asks an address before it sends users. */
interface Probe extends Place {
  path: string;
  by: string;
}

export function shallowMatches(model: Model): Match[] {
  const probes = probesIn(model);
  if (probes.length === 0) return [];
  return model.services.flatMap((service) => {
    const database = service.backing.find(({ kind }) => ["postgres", "mysql", "mongodb"].includes(kind));
    const routes = model.routes.filter((route) => route.service === service.name && isHealthRoute(route));
    const asked = [...new Set(routes.map(({ path }) => path))];
    // Several addresses mean that somebody has told alive from ready.
    if (database === undefined || asked.length !== 1) return [];
    const [route] = routes;
    const probe = probes.find(({ path }) => path === route?.path);
    if (route === undefined || probe === undefined || !isConstant(route, model)) return [];
    return [matchFor(route, probe, service, database.kind)];
  });
}

function matchFor(route: Route, probe: Probe, service: Service, database: string): Match {
  return {
    rule: "monitoring/health-is-shallow",
    file: route.file,
    line: route.line,
    confidence: "high",
    message: `${probe.by} sends users to whatever answers ${route.path}, which says yes without a look at ${names[database] ?? "its database"}: a new version that cannot reach it replaces one that could.`,
    also: [{ file: probe.file, line: probe.line }],
    routes: [`${route.method} ${route.path}`],
    path: [],
    call: null,
    anchor: `${service.name} ${route.path}`,
    fix: "brief",
  };
}

const names: Readonly<Record<string, string>> = { postgres: "Postgres", mysql: "MySQL", mongodb: "MongoDB" };

/** Settings files of hosts that name the address to ask before a version gets users. */
const hostProbes: readonly { file: RegExp; setting: RegExp; by: string }[] = [
  { file: /(^|\/)render\.ya?ml$/, setting: /^[ \t]*healthCheckPath:\s*["']?(\/[\w./-]*)/m, by: "Render" },
  {
    file: /(^|\/)railway\.(json|toml)$/,
    setting: /^[ \t]*"?healthcheckPath"?\s*[:=]\s*["'](\/[\w./-]*)/m,
    by: "Railway",
  },
  { file: /(^|\/)fly[\w.-]*\.toml$/, setting: /^[ \t]*path\s*=\s*["'](\/[\w./-]*)/m, by: "Fly" },
  { file: /(^|\/)app\.ya?ml$/, setting: /readiness_check:[\s\S]{0,80}?path:\s*["']?(\/[\w./-]*)/, by: "App Engine" },
];

/** The addresses that hosts, clusters and compose files are told to ask. */
export function probesIn(model: Model): Probe[] {
  const { repo } = model;
  const hosts = hostProbes.flatMap(({ file, setting, by }) =>
    repo.files
      .filter((each) => file.test(each))
      .flatMap((each) => {
        const text = repo.read(each) ?? "";
        const found = setting.exec(text);
        const path = found?.[1];
        return found === null || path === undefined ? [] : [{ file: each, line: lineOf(text, found), path, by }];
      }),
  );
  const workloads = model.deploy.some(({ target }) => target === "kubernetes") ? workloadsOf(repo) : [];
  const pods = workloads.flatMap(({ file, line, containers }) =>
    containers.flatMap(({ readiness }) =>
      readiness === null || readiness === "" ? [] : [{ file, line, path: readiness, by: "Kubernetes" }],
    ),
  );
  const composed = composedServices(repo).flatMap(({ file, line, healthcheck, awaitedBy }) => {
    const path = /https?:\/\/[^/\s"']+(\/[\w./-]+)/.exec(healthcheck ?? "")?.[1];
    return path === undefined || !awaitedBy.some(({ healthy }) => healthy) ? [] : [{ file, line, path, by: "Compose" }];
  });
  return [...hosts, ...pods, ...composed];
}

function lineOf(text: string, found: RegExpExecArray): number {
  return text.slice(0, found.index + found[0].length).split("\n").length;
}
