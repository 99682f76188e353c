/** Looks for everything that works on one process and breaks on two. */
import type { Model } from "../../analyzers/model.ts";
import type { Match } from "../finding.ts";
import { onePerCall } from "../one-per-call.ts";
import { proxyTrouble } from "./behind-proxy.ts";
import { localBroadcasts } from "./broadcasts.ts";
import { localSessions } from "./sessions.ts";
import { sharedState } from "./shared-state.ts";
import { singleInstances } from "./single-instance.ts";
import { sqliteFiles } from "./sqlite.ts";

export function detect(model: Model): Match[] {
  return onePerCall([
    ...localSessions(model),
    ...sharedState(model),
    ...localBroadcasts(model),
    ...sqliteFiles(model),
    ...proxyTrouble(model),
    ...singleInstances(model),
  ]);
}
