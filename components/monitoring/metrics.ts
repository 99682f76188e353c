/** Apps of some size of which nobody can say how many requests they answer, how fast, and how many fail. */
import { mentionOf } from "../../analyzers/deployment/mentions.ts";
import { deploysOf } from "../../analyzers/deployment/hosting.ts";
import type { Model, Service } from "../../analyzers/model.ts";
import { dependenciesPlace, isSizable, packagesInReach, processServices } from "../../analyzers/serving/product.ts";
import { serverFiles } from "../../analyzers/serving/server-files.ts";
import type { Match } from "../finding.ts";
import { isMeterable } from "./meterable.ts";

/** Packages that count requests or send traces of them somewhere. */
const measuring =
  /^(prom-client|prometheus-api-metrics|express-prom(etheus|-bundle)\S*|fastify-metrics|@willsoto\/nestjs-prometheus|@opentelemetry\/|@vercel\/otel|nestjs-otel|@azure\/monitor-opentelemetry|applicationinsights|dd-trace|hot-shots|node-statsd|statsd-client|newrelic|@newrelic\/|elastic-apm-node|@elastic\/apm|@google-cloud\/(monitoring|trace-agent|opentelemetry)|aws-xray-sdk|aws-embedded-metrics|@aws-lambda-powertools\/metrics|appmetrics|swagger-stats|express-status-monitor|express-actuator$|@pm2\/io$|pmx$|@instana\/|@dynatrace\/|@appsignal\/|@honeycombio\/|@hyperdx\/|@highlight-run\/|@scout_apm\/|atatus|lightstep|measured-core|bullmq-prometheus|@moleculer\/|@logdna\/metrics|skywalking)/;
const measuredAround =
  /prometheus|opentelemetry|OTEL_|newrelic|NEW_RELIC|dd-trace|datadog|DD_(API|AGENT|TRACE)|dynatrace|instana|appdynamics|elastic-apm|APPLICATIONINSIGHTS|cloudwatch/i;

/** Hosts that show requests, their times and their failures without a line of the app's code. */
const measuringHosts: ReadonlySet<string> = new Set([
  "cloud-run",
  "app-engine",
  "aws-app-runner",
  "azure-app-service",
  "digitalocean",
  "firebase",
  "fly",
  "heroku",
  "railway",
  "render",
]);

/** Services whose requests nothing counts. */
export function unmeasured(model: Model): Service[] {
  return processServices(model).filter((service) => isSizable(model, service) && !isMeasured(model, service));
}

export function metricsMatches(model: Model): Match[] {
  const blind = unmeasured(model);
  const [first, ...others] = blind;
  if (first === undefined || mentionOf(model.repo, measuredAround) !== null) return [];
  return [
    {
      rule: "monitoring/no-metrics",
      ...dependenciesPlace(model, first),
      confidence: "high",
      message:
        "Nothing counts the app's requests, their times and their failures, so when users say that it is slow nobody can tell since when, where, and whether a change made it better.",
      also: others.map((service) => dependenciesPlace(model, service)),
      routes: [],
      path: [],
      call: null,
      anchor: "repo",
      fix: blind.every((service) => isMeterable(model, service)) ? "patch" : "brief",
    },
  ];
}

export function isMeter(name: string): boolean {
  return measuring.test(name);
}

function isMeasured(model: Model, service: Service): boolean {
  const hosts = deploysOf(model, service).filter(({ target }) => target !== "docker");
  if (hosts.length > 0 && hosts.every(({ target }) => measuringHosts.has(target))) return true;
  const packages = [...packagesInReach(model, service)];
  if (packages.some(isMeter) || (packages.some((name) => name.startsWith("@sentry/")) && traces(model, service)))
    return true;
  // An address of the app's own at which something collects numbers.
  return model.routes.some((route) => route.service === service.name && /\/metrics\/?$/.test(route.path));
}

/** Sentry times requests only where it is told which share of them. */
function traces(model: Model, service: Service): boolean {
  return serverFiles(model, service).some((file) => /\btracesSample(Rate|r)\b/.test(model.repo.read(file) ?? ""));
}
