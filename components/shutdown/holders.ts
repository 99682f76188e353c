/** What keeps a process alive, or works in it, for as long as it is open. */
import type { CallSite, Model, Place, Service } from "../../analyzers/model.ts";
import { serverFiles } from "../../analyzers/serving/server-files.ts";

interface Holder {
  api: string;
  name: string;
  /** Each one has to be closed itself: another thing of the same package that is closed says nothing of it. */
  isOwn?: boolean;
  /** It has work in hand that the end of the process cuts off. */
  works?: boolean;
}

/** Pools of `pg` and Prisma are not here: they let go by themselves. */
const holders: readonly Holder[] = [
  { api: "mongoose:connect", name: "the connection of mongoose" },
  { api: "mongodb:MongoClient().connect", name: "the MongoDB client" },
  { api: "bullmq:Worker", name: "the BullMQ worker", isOwn: true, works: true },
  { api: "bullmq:QueueEvents", name: "the BullMQ queue's events", isOwn: true },
  { api: "bullmq:Queue", name: "the BullMQ queue" },
  { api: "bull:", name: "the Bull queue" },
  { api: "ioredis:", name: "the Redis connection" },
  { api: "ioredis:Redis", name: "the Redis connection" },
  { api: "redis:createClient().connect", name: "the Redis connection" },
  { api: "amqplib:connect", name: "the RabbitMQ connection" },
];

export type Open = Place & { name: string };

/** The first thing that starts with the process and that none of the calls closes; `worksOnly` where the process ends in any case. */
export function openHolder(ends: readonly CallSite[], model: Model, service: Service, worksOnly: boolean): Open | null {
  const files = new Set(serverFiles(model, service));
  const uses = ends.flatMap((call) => model.usesAt(call));
  const packages = new Set(uses.map((use) => use.package));
  const closed = (api: string): boolean => uses.some((use) => use.api.startsWith(`${api}().`));
  for (const { api, name, isOwn = false, works = false } of holders) {
    if (worksOnly && !works) continue;
    const open = model
      .usesOf(api)
      .find(
        ({ call, package: from }) =>
          files.has(call.file) && (isOwn ? !closed(api) : !packages.has(from)) && startsWithProcess(call, model),
      );
    if (open !== undefined) return { file: open.call.file, line: open.call.line, name };
  }
  return null;
}

function startsWithProcess(call: CallSite, model: Model): boolean {
  return model.reach(call).some(({ entry }) => entry.kind === "process");
}
