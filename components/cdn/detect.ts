/** Looks for files that travel further, larger and more often than they need. */
import type { Model } from "../../analyzers/model.ts";
import type { Match } from "../finding.ts";
import { onePerCall } from "../one-per-call.ts";
import { servedFiles } from "./files.ts";
import { unpacked } from "./packing.ts";

export function detect(model: Model): Match[] {
  return onePerCall([...servedFiles(model), ...unpacked(model).map(({ match }) => match)]);
}
