/** What breaks, or is done twice, when a second copy of a service runs beside the first. */
import type { Model, Place, Service } from "../analyzers/model.ts";
import { declaringFile } from "./declaring-file.ts";
import type { Match } from "./finding.ts";
import { oneCopyRules } from "./one-copy.ts";
import { detect as boundToOneProcess } from "./load-balancer/detect.ts";
import { detect as boundToOneDisk } from "./object-storage/detect.ts";
import { detect as boundToTheClock } from "./scheduler/detect.ts";

export interface Obstacle extends Place {
  /** A sentence fragment: "sessions are kept in the memory of one process". */
  why: string;
}

const talks = "keeps one conversation open, and a second copy would answer it again";

/** Clients of which one at a time is at work: what a package does that stands among the dependencies. */
const oneAtATime: Readonly<Record<string, string>> = {
  "@whiskeysockets/baileys": talks,
  "discord.js": talks,
  grammy: talks,
  "node-nats-streaming": "has an id of its own, and a second copy with the same one is turned away",
  "node-telegram-bot-api": talks,
  telegraf: talks,
  "whatsapp-web.js": talks,
};

/** In source order; empty when nothing is known that speaks against a second copy. */
export function obstaclesToASecondCopy(model: Model, service: Service): Obstacle[] {
  const found = [boundToOneProcess, boundToOneDisk, boundToTheClock]
    .flatMap((detect) => detect(model))
    .flatMap((match) => obstacleIn(match, model, service));
  const alone = Object.entries(oneAtATime).filter(([name]) => name in service.dependencies);
  return [
    ...new Map(found.map((each) => [`${each.file}:${each.line}`, each])).values(),
    ...alone.map(([name, does]) => ({ file: declaringFile(service, model), line: 1, why: `${name} ${does}` })),
  ];
}

/** What lies in a package without a process of its own may run in any. */
function obstacleIn({ rule, file, line }: Match, model: Model, service: Service): Obstacle[] {
  const why = Object.hasOwn(oneCopyRules, rule) ? oneCopyRules[rule] : undefined;
  const owner = model.service(file);
  const isOthers = owner !== null && owner.root !== service.root && owner.entry.length > 0;
  return why === undefined || isOthers ? [] : [{ file, line, why }];
}
