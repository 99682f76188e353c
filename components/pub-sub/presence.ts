/** Whether the app has a way to tell several parts of itself that something happened, across processes. */
import type { Model, Place } from "../../analyzers/model.ts";
import type { Presence } from "../component.ts";

type Seen = Place & { note: string };

const publishing = [
  "ioredis:**.publish",
  "ioredis:**.xadd",
  "redis:**.publish",
  "redis:**.xAdd",
  "pg-boss:**.publish",
  "amqplib:**.publish",
  "kafkajs:**.send",
  "@google-cloud/pubsub:**.publishMessage",
  "@google-cloud/pubsub:**.publish",
  "@aws-sdk/client-sns:SNSClient().send",
  "nats:**.publish",
  "@nats-io/**:**.publish",
  "@nats-io/transport-node:**.publish",
  "ably:**.publish",
  "pusher:().trigger",
  "inngest:Inngest().send",
];
const listening = [
  "ioredis:**.subscribe",
  "ioredis:**.psubscribe",
  "ioredis:**.xreadgroup",
  "redis:**.subscribe",
  "redis:**.pSubscribe",
  "redis:**.xReadGroup",
  "pg-boss:**.subscribe",
  "amqplib:**.consume",
  "kafkajs:**.run",
  "@google-cloud/pubsub:**.on",
  "nats:**.subscribe",
  "@nats-io/transport-node:**.subscribe",
  "inngest:Inngest().createFunction",
];
/** One call of these is both ends. */
const whole = [
  "@socket.io/redis-adapter:createAdapter",
  "@socket.io/redis-streams-adapter:createAdapter",
  "@socket.io/postgres-adapter:createAdapter",
  "socket.io-redis:",
  "pg-listen:",
];

export function presence(model: Model): Presence {
  const out = seen(publishing, "tells others", model);
  const back = seen(listening, "listens to others", model);
  const both = seen(whole, "joins the copies of the app", model);
  const evidence = [...both, ...out, ...back];
  const works = both.length > 0 || (out.length > 0 && back.length > 0);
  return { status: works ? "in_effect" : evidence.length > 0 ? "present" : "absent", evidence };
}

function seen(apis: readonly string[], does: string, model: Model): Seen[] {
  return apis
    .flatMap((api) => model.usesOf(api))
    .filter(({ call }) => ["server", "worker"].includes(model.context(call.file)))
    .map(({ call, package: name }) => ({ file: call.file, line: call.line, note: `${name} ${does}` }));
}
