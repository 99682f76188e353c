/** Ready-made experiments: a component says what it claims, the design fits itself to the app's scenarios. */
export { everydayUse, steadyLoad, lighterAnswers, rateLimitBites } from "./load.ts";
export { hungMail, hungOutside, failingMail, failingOutside } from "./outside-world.ts";
export {
  killReplica,
  sessionAcrossReplicas,
  rollingRestart,
  workerKilledMidJob,
  oncePerTick,
  keptBeyondDisk,
} from "./copies.ts";
export { type Claim } from "./parts.ts";
export { cacheStopped, lessWork, writeIsSeen } from "./spared-work.ts";
