/** Library knowledge, looked up by api path: what a call does, and how long it may take. */
import { patternTable } from "../link/pattern.ts";
import { cache, cacheClients } from "./cache.ts";
import { database, databaseClients } from "./database.ts";
import type { ClientFact, LibraryFact } from "./fact.ts";
import { http, httpClients } from "./http.ts";
import { mail, mailClients } from "./mail.ts";
import { cpu, image, pdf } from "./media.ts";
import { model, modelClients } from "./model.ts";
import { errorTracking, log, rateLimit, schedule, session } from "./operations.ts";
import { orm } from "./orm.ts";
import { payment, paymentClients } from "./payment.ts";
import { push, pushClients } from "./push.ts";
import { pythonClients, pythonFacts } from "./python/index.ts";
import { queue } from "./queue.ts";
import { fileWrites, storage, storageClients } from "./storage.ts";

export type { ClientFact, LibraryFact } from "./fact.ts";

/** Every row, in the order in which they are tried. */
export const libraryFacts: readonly LibraryFact[] = [
  ...mail,
  ...push,
  ...model,
  ...payment,
  ...http,
  ...image,
  ...pdf,
  ...cpu,
  ...database,
  ...orm,
  ...cache,
  ...queue,
  ...storage,
  ...fileWrites,
  ...log,
  ...errorTracking,
  ...rateLimit,
  ...session,
  ...schedule,
  ...pythonFacts,
];

/** Clients whose calls have, or lack, a time limit. */
export const clientFacts: readonly ClientFact[] = [
  ...mailClients,
  ...pushClients,
  ...modelClients,
  ...paymentClients,
  ...httpClients,
  ...databaseClients,
  ...cacheClients,
  ...storageClients,
  ...pythonClients,
];

const findFact = patternTable(libraryFacts);

/** The fact for an api path as in `Use.api`; null when nothing is known of it. */
export function libraryOf(api: string): LibraryFact | null {
  return findFact(api);
}

/** The client that an api path belongs to, the one with the longest path first; null when none is known. */
export function clientOf(api: string): ClientFact | null {
  const found = clientFacts.filter(({ construct }) => isBelow(api, construct));
  return found.toSorted((a, b) => b.construct.length - a.construct.length)[0] ?? null;
}

function isBelow(api: string, construct: string): boolean {
  if (!api.startsWith(construct)) return false;
  const rest = api.slice(construct.length);
  return rest === "" || construct.endsWith(":") || /^[.(]/.test(rest);
}
