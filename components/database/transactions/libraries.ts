/** Whether the library of the writes can hold them in a transaction, as far as the app shows. */
import type { Model } from "../../../analyzers/model.ts";
import type { Query } from "../../../analyzers/queries/index.ts";
import { clientOf } from "./clients.ts";

/** The obstacle, or null. */
export function obstacleOfLibrary(queries: readonly Query[], model: Model): string | null {
  const [first] = queries;
  if (first === undefined) return "no query could be read";
  const { dialect, call } = first;
  if (queries.some((query) => query.dialect !== dialect)) return "they go through several libraries";
  if (dialect === "mongoose" || dialect === "mongodb")
    return "MongoDB has transactions on a replica set only, and whether this database is one cannot be seen here";
  const client = clientOf(first);
  if (client === null) return "transactions are not yet written for this library";
  if (queries.some(({ use }) => client.never.test(use.api)))
    return "the database's driver is not known to hold a transaction open over several queries";
  const all = { ...model.service(call.file)?.dependencies, ...model.service(call.file)?.devDependencies };
  if (dialect === "prisma" && all["@prisma/adapter-d1"] !== undefined) return "Cloudflare D1 has no transactions";
  return null;
}
