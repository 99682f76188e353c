/** What breaks, or is done twice, when a second copy of a service runs beside the first. */
import type { Model, Place, Service } from "../analyzers/model.ts";
import { declaringFile } from "./declaring-file.ts";
import type { Match } from "./finding.ts";
import { detect as boundToOneProcess } from "./load-balancer/detect.ts";
import { detect as boundToOneDisk } from "./object-storage/detect.ts";
import { detect as boundToTheClock } from "./scheduler/detect.ts";

export interface Obstacle extends Place {
  /** A sentence fragment: "sessions are kept in the memory of one process". */
  why: string;
}

/** Rules whose findings mean that two copies are not one app, however sure the rule is of the harm. */
const obstacles: Readonly<Record<string, string>> = {
  "load-balancer/in-memory-session": "logins are known to one process only",
  "load-balancer/in-memory-state-shared": "what users leave is kept in the memory of one process",
  "load-balancer/ws-local-broadcast": "messages reach only those who are connected to the same process",
  "load-balancer/sqlite-on-local-disk": "the database is a file on one disk",
  "object-storage/upload-to-local-disk": "uploads are kept on one disk",
  "object-storage/generated-file-on-local-disk": "files that the app makes are kept on one disk",
  "scheduler/unguarded-cron": "each copy would run the schedule",
  "scheduler/migrate-or-seed-on-boot": "each copy would change the database when it starts",
};

/** Clients that keep one conversation open: a second one gets the same messages, or throws the first one out. */
const conversations: readonly string[] = [
  "@whiskeysockets/baileys",
  "discord.js",
  "grammy",
  "node-telegram-bot-api",
  "telegraf",
  "whatsapp-web.js",
];

/** In source order; empty when nothing is known that speaks against a second copy. */
export function obstaclesToASecondCopy(model: Model, service: Service): Obstacle[] {
  const found = [boundToOneProcess, boundToOneDisk, boundToTheClock]
    .flatMap((detect) => detect(model))
    .flatMap((match) => obstacleIn(match, model, service));
  const talking = conversations.filter((name) => name in service.dependencies);
  return [
    ...new Map(found.map((each) => [`${each.file}:${each.line}`, each])).values(),
    ...talking.map((name) => ({
      file: declaringFile(service, model),
      line: 1,
      why: `${name} keeps one conversation open, and a second copy would answer it again`,
    })),
  ];
}

/** What lies in a package without a process of its own may run in any. */
function obstacleIn({ rule, file, line }: Match, model: Model, service: Service): Obstacle[] {
  const why = obstacles[rule];
  const owner = model.service(file);
  const isOthers = owner !== null && owner.root !== service.root && owner.entry.length > 0;
  return why === undefined || isOthers ? [] : [{ file, line, why }];
}
