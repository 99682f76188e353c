/** Whether something carries what happens in one process to the others: an adapter, a channel, or the database that all of them watch. */
import type { Model, Use } from "../../analyzers/model.ts";

const adapters =
  /^(@socket\.io\/(redis-|redis-streams-|mongo-|postgres-|cluster-|gcp-pubsub-|azure-)?(adapter|emitter|streams-adapter)|@socket\.io\/.*(adapter|emitter)$|socket\.io-(redis|mongo|adapter-mongo|emitter)|mongo-adapter|socket\.io-amqp|@socket\.io\/sticky|graphql-[\w-]+-subscriptions$|@graphql-yoga\/redis-event-target)/;

const channels = [
  "redis:createClient().**.subscribe",
  "redis:createClient().**.pSubscribe",
  "ioredis:**.subscribe",
  "ioredis:**.psubscribe",
  "@upstash/redis:**.subscribe",
  "nats:**.subscribe",
  "kafkajs:**.subscribe",
  "amqplib:**.consume",
  "pg-listen:**.listenTo",
  "pg-listen:**.listen",
  "postgres:().listen",
  // A change stream of MongoDB tells every process that watches.
  "mongodb:**.watch",
  "mongoose:**.watch",
];
/** Clients to which `LISTEN orders` is sent as a query. */
const asked = ["pg:**.query", "postgres:().unsafe"];

export function speaksAcross(model: Model): boolean {
  const imports = model.repo.files.some(
    (file) =>
      runsIn(model, file) &&
      (model.summary(file)?.imports.some(({ specifier, typeOnly }) => !typeOnly && adapters.test(specifier)) ?? false),
  );
  if (imports) return true;
  const isHeard = (use: Use): boolean => runsIn(model, use.call.file);
  return (
    channels.some((api) => model.usesOf(api).some(isHeard)) ||
    asked.some((api) => model.usesOf(api).some((use) => isHeard(use) && listens(use)))
  );
}

function listens({ call: { args } }: Use): boolean {
  const [first] = args;
  const text = first?.kind === "literal" ? first.value : first?.kind === "template" ? first.parts[0] : null;
  return typeof text === "string" && /^\s*LISTEN\s/i.test(text);
}

function runsIn(model: Model, file: string): boolean {
  return ["server", "worker"].includes(model.context(file));
}
