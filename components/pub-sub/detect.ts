/** Finds events that their publisher carries to everybody itself, and events that end at the border of a process. */
import type { Model } from "../../analyzers/model.ts";
import type { Match } from "../finding.ts";
import { strayBuses } from "./buses.ts";
import { fanouts } from "./fanout.ts";
import { busyListeners } from "./listeners.ts";

export function detect(model: Model): Match[] {
  return [...fanouts(model), ...busyListeners(model), ...strayBuses(model)];
}
