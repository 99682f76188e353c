/** Finds what is done by the clock or at the start, and goes wrong with a second copy, a slow run or a host without processes. */
import type { Model } from "../../analyzers/model.ts";
import type { Match } from "../finding.ts";
import { bootWork } from "./boot.ts";
import { overlapping } from "./overlapping.ts";
import { timersOnFunctions } from "./serverless.ts";
import { unguarded } from "./unguarded.ts";

export function detect(model: Model): Match[] {
  return [...unguarded(model), ...overlapping(model), ...timersOnFunctions(model), ...bootWork(model)];
}
