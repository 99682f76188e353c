/** Processes that do not begin to listen while something outside is away. */
import { callsOf } from "../../analyzers/code/calls-in.ts";
import { textOf } from "../../analyzers/code/text.ts";
import { composedServices } from "../../analyzers/deployment/compose.ts";
import type { CallSite, Model, Use } from "../../analyzers/model.ts";
import { isBesideTheProduct } from "../../analyzers/serving/product.ts";
import { listenApis } from "../../analyzers/serving/server-calls.ts";
import type { Match } from "../finding.ts";
import { isOwnAddress } from "./own-address.ts";

export const bootRule = "resilience/boot-depends-on-external";

/** Calls that need somebody else to be there. `isDatabase`: the app is of no use without it anyway. */
const needs: readonly { api: string; name: string; isDatabase?: true }[] = [
  { api: "redis:createClient().connect", name: "Redis" },
  { api: "ioredis:().connect", name: "Redis" },
  { api: "ioredis:Redis().connect", name: "Redis" },
  { api: "ioredis:().ping", name: "Redis" },
  { api: "ioredis:Redis().ping", name: "Redis" },
  { api: "amqplib:connect", name: "RabbitMQ" },
  { api: "kafkajs:Kafka().producer().connect", name: "Kafka" },
  { api: "kafkajs:Kafka().consumer().connect", name: "Kafka" },
  { api: "kafkajs:Kafka().admin().connect", name: "Kafka" },
  { api: "nats:connect", name: "NATS" },
  { api: "nodemailer:createTransport().verify", name: "the mail server" },
  { api: "@elastic/elasticsearch:Client().ping", name: "Elasticsearch" },
  { api: "mongoose:connect", name: "MongoDB", isDatabase: true },
  { api: "mongodb:MongoClient().connect", name: "MongoDB", isDatabase: true },
  { api: "mongodb:MongoClient.connect", name: "MongoDB", isDatabase: true },
  { api: "pg:Pool().connect", name: "Postgres", isDatabase: true },
  { api: "pg:Pool().query", name: "Postgres", isDatabase: true },
  { api: "pg:Client().connect", name: "Postgres", isDatabase: true },
  { api: "@prisma/client:PrismaClient().$connect", name: "the database", isDatabase: true },
  { api: "sequelize:Sequelize().authenticate", name: "the database", isDatabase: true },
  { api: "sequelize:Sequelize().sync", name: "the database", isDatabase: true },
  { api: "typeorm:DataSource().initialize", name: "the database", isDatabase: true },
  { api: "typeorm:createConnection", name: "the database", isDatabase: true },
];

interface Need {
  name: string;
  isDatabase: boolean;
  use: Use;
}

export function bootMatches(model: Model): Match[] {
  const wanted = needsOf(model);
  const seen = new Set<string>();
  return listenApis.flatMap((api) =>
    model.usesOf(api).flatMap(({ call }) => {
      const service = model.service(call.file);
      const runs = model.context(call.file) === "server" && service !== null && !isBesideTheProduct(service.root);
      const found = runs && !seen.has(call.id) ? neededBefore(call, wanted, model) : null;
      seen.add(call.id);
      return found === null ? [] : [matchFor(found.site, found.need, call, model)];
    }),
  );
}

/** The needs by the call that has them. */
function needsOf(model: Model): Map<string, Need> {
  const known = needs.flatMap(({ api, name, isDatabase = false }) =>
    model.usesOf(api).map((use) => [use.call.id, { name, isDatabase, use }] as const),
  );
  const outside = model
    .usesOfKind("http")
    .filter(({ call }) => !call.isNew && !isOwnAddress(call, model))
    .map((use) => [use.call.id, { name: "another service", isDatabase: false, use }] as const);
  return new Map([...outside, ...known]);
}

/** A call that stands before the listening one and has to succeed for it to be reached. */
function neededBefore(
  listen: CallSite,
  wanted: ReadonlyMap<string, Need>,
  model: Model,
): { site: CallSite; need: Need } | null {
  const chained = chainAround(listen, model);
  const before = callsOf(listen.fn, model).filter(
    (call) => call.awaited && call.span.end <= listen.span.start && stopsListening(call, listen, model),
  );
  const found = [...chained, ...before].flatMap((site) => {
    const need = needIn(site, wanted, model, new Set());
    return need === null ? [] : [{ site, need }];
  });
  // The database is named only where nothing else is in the way.
  return found.find(({ need }) => !need.isDatabase) ?? found[0] ?? null;
}

/** `mongoose.connect(url).then(() => app.listen(port))`: the call at whose end the listening one hangs. */
function chainAround(listen: CallSite, model: Model): CallSite[] {
  const summary = model.summary(listen.file);
  const holder = model.fn(listen.fn);
  if (summary === null || holder === null || holder.parent === null) return [];
  return summary.calls.flatMap(({ callee, args }) => {
    const isThen = callee.kind === "member" && callee.property === "then" && callee.object.kind === "call";
    const takes = args[0]?.kind === "fn" && `${listen.file}#${args[0].fn}` === holder.id;
    if (!isThen || !takes || callee.kind !== "member" || callee.object.kind !== "call") return [];
    return model.call(`${listen.file}#${callee.object.call}`) ?? [];
  });
}

/** It fails to the outside, or what catches it ends the process, or the listening stands behind it in the same block. */
function stopsListening(call: CallSite, listen: CallSite, model: Model): boolean {
  if (!call.guarded) return true;
  const text = model.repo.read(call.file) ?? "";
  const around = (model.summary(call.file)?.tries ?? []).filter(
    ({ block, handler }) => handler !== null && block.start <= call.span.start && call.span.end <= block.end,
  );
  return around.some(
    ({ block, handler, rethrows }) =>
      rethrows ||
      (block.start <= listen.span.start && listen.span.end <= block.end) ||
      (handler !== null && /process\.exit/.test(text.slice(handler.start, handler.end))),
  );
}

/** Through the app's own functions, as far as they wait and let a failure through; one that tries again is no danger. */
function needIn(call: CallSite, wanted: ReadonlyMap<string, Need>, model: Model, seen: Set<string>): Need | null {
  const own = wanted.get(call.id);
  if (own !== undefined) return own;
  for (const { id, file, span } of model.targets(call)) {
    if (seen.has(id)) continue;
    seen.add(id);
    if (/retr(y|ies)|attempt|backoff|reconnect|setTimeout/i.test(textOf(model, { file, span }))) continue;
    for (const inner of callsOf(id, model)) {
      const waited = inner.awaited || inner.use === "returned";
      const found = waited && letsThrough(inner, model) ? needIn(inner, wanted, model, seen) : null;
      if (found !== null) return found;
    }
  }
  return null;
}

function letsThrough(call: CallSite, model: Model): boolean {
  if (!call.guarded) return true;
  const text = model.repo.read(call.file) ?? "";
  return (model.summary(call.file)?.tries ?? []).some(
    ({ block, handler, rethrows }) =>
      handler !== null &&
      block.start <= call.span.start &&
      call.span.end <= block.end &&
      (rethrows || /process\.exit/.test(text.slice(handler.start, handler.end))),
  );
}

function matchFor(site: CallSite, { name, isDatabase, use }: Need, listen: CallSite, model: Model): Match {
  return {
    rule: bootRule,
    file: site.file,
    line: site.line,
    title: isDatabase
      ? "The app does not start while its database is away"
      : "The app does not start while another service is away",
    confidence:
      isDatabase && isStartedAgain(model) ? "low" : use.certainty === "proven" && !isDatabase ? "high" : "medium",
    message: isDatabase
      ? `A start at the wrong moment finds ${name} away, and the app gives up after one try without ever listening; nothing in the repo starts it again.`
      : `While ${name} is away no instance gets as far as listening: a deploy or a restart at that moment takes the whole app down, also the parts that could do without.`,
    also: [
      { file: listen.file, line: listen.line },
      ...(use.call.id === site.id ? [] : [{ file: use.call.file, line: use.call.line }]),
    ],
    routes: [],
    path: [],
    call: site.id,
    anchor: `${use.api} before listening`,
    fix: "brief",
  };
}

/** Hosts, clusters, process managers and restart policies try again by themselves. */
function isStartedAgain(model: Model): boolean {
  const hosted = model.deploy.some(({ target }) => target !== "docker" && target !== "compose");
  return (
    hosted || composedServices(model.repo).some(({ purpose, build }) => purpose === "production" && build !== null)
  );
}
