/** Apps whose errors end in a log that nobody reads. */
import { mentionOf } from "../../analyzers/deployment/mentions.ts";
import type { Model, Place, Service } from "../../analyzers/model.ts";
import { answeringServices, dependenciesPlace, packagesInReach } from "../../analyzers/serving/product.ts";
import { serverFiles } from "../../analyzers/serving/server-files.ts";
import type { Match } from "../finding.ts";
import { match } from "./match.ts";
import { trackerWay } from "./tracker-way.ts";

/** Packages that bring errors to somebody: trackers, tracing that takes them along, logs kept by a service that can alert. */
const tracking =
  /^(@sentry\/|raven$|@bugsnag\/|bugsnag|rollbar|@honeybadger-io\/|raygun|@airbrake\/|airbrake|@google-cloud\/(error-reporting|logging)|applicationinsights|@azure\/monitor-opentelemetry|dd-trace|@datadog\/|newrelic|@newrelic\/|elastic-apm-node|@elastic\/apm|@opentelemetry\/(sdk|auto|exporter|instrumentation)|@vercel\/otel|@highlight-run\/|@appsignal\/|@instana\/|@dynatrace\/|@honeycombio\/|@hyperdx\/|@trackjs\/|trackjs|logrocket|@logtail\/|@axiomhq\/|next-axiom|winston-(cloudwatch|loki|sentry\S*|azure\S*|slack\S*|papertrail|elasticsearch|logtail)|pino-(sentry\S*|loki|cloudwatch|datadog\S*|logflare|elasticsearch)|@scout_apm\/|atatus|glitchtip|@glitchtip\/|posthog-node|@flydotio\/|@errorpulse\/|errsole|@treblle\/|aws-xray-sdk|nestjs-raven|nestjs-sentry|@ntegral\/nestjs-sentry|@pm2\/io|@baselime\/|@openreplay\/|lightrun|@nuxtjs\/sentry|@nestjs\/sentry)/;
/** `scrollbar` speaks of none of them. */
const trackedAround =
  /(?<![a-z])(sentry|bugsnag|rollbar|honeybadger|airbrake|newrelic|dd-trace|datadog|dynatrace|instana|glitchtip|opentelemetry|appsignal)/i;

export function untrackedMatches(model: Model): Match[] {
  const services = untracked(model);
  const [first, ...others] = services;
  if (first === undefined || mentionOf(model.repo, trackedAround) !== null) return [];
  const isWritten = services.every((service) => trackerWay(model, service).kind !== "by-hand");
  return [
    match("no-error-tracking", dependenciesPlace(model, first), {
      message:
        "An error that a user meets goes to a log at best: nobody is told, nobody sees how many met it, and the ones who leave do not write.",
      also: others.map((service) => dependenciesPlace(model, service)),
      anchor: "repo",
      fix: isWritten ? "patch" : "brief",
    }),
  ];
}

/** Services whose users' errors no tracker takes. */
export function untracked(model: Model): Service[] {
  return answeringServices(model).filter((service) => trackerOf(model, service) === null);
}

/** The tracker a service has: `isAtWork` when its own code imports it. */
export function trackerOf(model: Model, service: Service): (Place & { name: string; isAtWork: boolean }) | null {
  for (const file of serverFiles(model, service)) {
    const used = model.summary(file)?.imports.find(({ specifier, typeOnly }) => !typeOnly && tracking.test(specifier));
    if (used !== undefined) return { name: used.specifier, file, line: used.span.line, isAtWork: true };
  }
  const name = [...packagesInReach(model, service)].find((each) => tracking.test(each));
  return name === undefined ? null : { name, ...dependenciesPlace(model, service), isAtWork: false };
}
