/** Handing work to a queue or a broker. */
import { facts, type LibraryFact } from "./fact.ts";

export const queue: readonly LibraryFact[] = [
  ...facts("queue", "bullmq:Queue()", "add addBulk upsertJobScheduler"),
  ...facts("queue", "bullmq:FlowProducer()", "add addBulk"),
  ...facts("queue", "bull:()", "add addBulk"),
  ...["pg-boss:()", "pg-boss:PgBoss()"].flatMap((made) =>
    facts("queue", made, "send sendAfter sendThrottled sendDebounced insert publish schedule"),
  ),
  ...["agenda:()", "agenda:Agenda()"].flatMap((made) => facts("queue", made, "now schedule every create().save")),
  ...facts("queue", "bee-queue:().createJob().**", "save"),
  ...facts("queue", "kue:createQueue().create().**", "save"),
  ...facts("queue", "inngest:Inngest()", "send"),
  ...facts("queue", "@upstash/qstash:Client()", "publish publishJSON enqueue enqueueJSON batchJSON"),
  ...facts("queue", "@trigger.dev/sdk/*:**", "trigger triggerAndWait batchTrigger"),
  ...facts("queue", "amqplib:**", "sendToQueue publish"),
  ...facts("queue", "kafkajs:Kafka().producer()", "send sendBatch"),
  ...facts("queue", "@aws-sdk/client-sqs:SQSClient()", "send"),
  ...facts("queue", "@google-cloud/tasks:CloudTasksClient()", "createTask"),
  ...facts("queue", "@google-cloud/pubsub:PubSub().**", "publishMessage publish"),
  ...facts("queue", "graphile-worker:**", "addJob"),
  ...["ClientProxy", "ClientKafka", "ClientRMQ", "ClientRedis"].flatMap((name) =>
    facts("queue", `@nestjs/microservices:${name}()`, "emit"),
  ),
];
