/** Decorators that make a method an entry of its own: schedules, jobs, messages, sockets, listeners. */
import { patternTable } from "../link/pattern.ts";
import type { Entry } from "../model.ts";

/** `name`: position of the argument that names the entry; an object there is asked for its `name` or `cmd`. */
export interface DecoratedEntry {
  api: string;
  kind: Entry["kind"];
  label: string;
  name: number | null;
}

const entry = (kind: Entry["kind"], label: string, apis: string, name: number | null = 0): DecoratedEntry[] =>
  apis.split(" ").map((api) => ({ api, kind, label, name }));

const ofMethods: readonly DecoratedEntry[] = [
  ...entry("schedule", "cron", "@nestjs/schedule:Cron"),
  ...entry("schedule", "every", "@nestjs/schedule:Interval"),
  ...entry("schedule", "after", "@nestjs/schedule:Timeout"),
  ...entry("worker-job", "job", "@nestjs/bull:Process nestjs-graphile-worker:Task @nestjs-enhanced/pg-boss:Job"),
  ...entry("worker-job", "job", "nestjs-temporal-core:ActivityMethod nestjs-temporal:Activity"),
  ...entry(
    "event",
    "event",
    "@nestjs/bull:OnQueueCompleted @nestjs/bull:OnQueueFailed @nestjs/bull:OnQueueError @nestjs/bull:OnQueueStalled " +
      "@nestjs/bull:OnQueueActive @nestjs/bull:OnQueueProgress @nestjs/bull:OnGlobalQueueCompleted " +
      "@nestjs/bull:OnGlobalQueueFailed @nestjs/bullmq:OnWorkerEvent @nestjs/bullmq:OnQueueEvent",
  ),
  ...entry("event", "event", "@nestjs/event-emitter:OnEvent @nestjs/cqrs:Saga"),
  ...entry("socket", "socket", "@nestjs/websockets:SubscribeMessage"),
  ...entry("worker-job", "message", "@nestjs/microservices:MessagePattern @nestjs/microservices:EventPattern"),
  ...entry("worker-job", "call", "@nestjs/microservices:GrpcMethod @nestjs/microservices:GrpcStreamMethod", 1),
  ...entry("worker-job", "message", "@golevelup/nestjs-rabbitmq:RabbitSubscribe @golevelup/nestjs-rabbitmq:RabbitRPC"),
  ...entry("worker-job", "message", "@ssut/nestjs-sqs:SqsMessageHandler @nestjs-packages/sqs:SqsProcess"),
];

/** What a class decorator makes of the methods that it knows by name. */
const ofClasses: readonly (DecoratedEntry & { methods: readonly string[] })[] = [
  ...entry("worker-job", "job", "@nestjs/bullmq:Processor").map((each) => ({ ...each, methods: ["process"] })),
  ...entry("event", "event", "@nestjs/cqrs:EventsHandler", null).map((each) => ({ ...each, methods: ["handle"] })),
  ...entry("event", "error", "@nestjs/common:Catch", null).map((each) => ({ ...each, methods: ["catch"] })),
  ...entry("socket", "socket", "@nestjs/websockets:WebSocketGateway", null).map((each) => ({
    ...each,
    methods: ["handleConnection", "handleDisconnect", "afterInit"],
  })),
];

/** Methods that a framework runs when the process starts. */
export const startHooks: readonly string[] = ["onModuleInit", "onApplicationBootstrap"];

const findMethod = patternTable(ofMethods);
const findClass = patternTable(ofClasses);

/** How a decorator of a method makes it an entry; null when it does not. */
export function entryOfMethod(api: string): DecoratedEntry | null {
  return findMethod(api);
}

/** How a decorator of a class makes entries of some of its methods; null when it does not. */
export function entriesOfClass(api: string): (DecoratedEntry & { methods: readonly string[] }) | null {
  return findClass(api);
}
