/** Looks for answers that are made anew although they are the same, and for memories that never forget. */
import type { Model } from "../../analyzers/model.ts";
import type { Match } from "../finding.ts";
import { onePerCall } from "../one-per-call.ts";
import { hotReads } from "./hot-reads.ts";
import { unboundedCells } from "./unbounded.ts";
import { unboundedLibraryCaches } from "./library-caches.ts";
import { repeatedAsking } from "./upstream.ts";

export function detect(model: Model): Match[] {
  return onePerCall([
    ...hotReads(model),
    ...repeatedAsking(model),
    ...unboundedCells(model),
    ...unboundedLibraryCaches(model),
  ]);
}
