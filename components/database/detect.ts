/** Finds what makes the database slow, wrong or unreachable once more than a few people use the app. */
import type { Model } from "../../analyzers/model.ts";
import { isPython } from "../../analyzers/repo/source-file.ts";
import type { Match } from "../finding.ts";
import { onePerCall } from "../one-per-call.ts";
import { besidePython } from "../without-python.ts";
import { aggregatesInApp } from "./aggregate.ts";
import { takenAfterCheck } from "./check-then-take.ts";
import { doubleBookings } from "./double-booking.ts";
import { genericLists } from "./generic-lists.ts";
import { insertsTwice } from "./insert-twice.ts";
import { lazyRelations } from "./lazy-relations.ts";
import { unpaginatedLists } from "./lists.ts";
import { withoutMigrations } from "./migrations.ts";
import { missingIndexes } from "./missing-index.ts";
import { multiWrites } from "./multi-write.ts";
import { nPlusOnes } from "./n-plus-one.ts";
import { unboundedPageSizes } from "./page-size.ts";
import { nextNumbers } from "./next-number.ts";
import { openPools, poolsPerRequest } from "./pools.ts";
import { racesOnRows } from "./race.ts";
import { serializerQueries } from "./serializers.ts";
import { settledTwice } from "./settled-twice.ts";
import { takenTwice } from "./taken-twice.ts";
import { directConnections } from "./serverless.ts";
import { unawaitedWrites } from "./unawaited.ts";

export function detect(model: Model): Match[] {
  return onePerCall([
    ...besidePython(model, ofJavascript),
    // Python's queries are read for these two alone so far.
    ...[
      ...nPlusOnes(model),
      ...lazyRelations(model),
      ...serializerQueries(model),
      ...unpaginatedLists(model),
      ...genericLists(model),
    ].filter(({ file }) => isPython(file)),
  ]);
}

function ofJavascript(model: Model): Match[] {
  const aggregates = aggregatesInApp(model);
  const asNumbers = new Set(aggregates.map(({ call }) => call));
  return [
    ...nPlusOnes(model),
    // A list of which only a number is wanted needs no pages.
    ...unpaginatedLists(model).filter(({ call }) => !asNumbers.has(call)),
    ...unboundedPageSizes(model),
    ...missingIndexes(model),
    ...poolsPerRequest(model),
    ...openPools(model),
    ...directConnections(model),
    ...racesOnRows(model),
    ...takenAfterCheck(model),
    ...nextNumbers(model),
    ...takenTwice(model),
    ...settledTwice(model),
    ...insertsTwice(model),
    ...doubleBookings(model),
    ...multiWrites(model),
    ...unawaitedWrites(model),
    ...aggregates,
    ...withoutMigrations(model),
  ];
}
