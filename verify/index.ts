/** The lab's door. */
export { readScenarios, type ScenarioReading } from "./scenarios/file.ts";
export { verify } from "./verify.ts";
export type { Verification } from "./verification.ts";
export { lockfilesFor, type LockedFile } from "./workspace/lockfiles.ts";
export { openTrial, type Trial } from "./trial.ts";
export type { Comparison } from "./own-checks/comparison.ts";
export { LabError } from "./boot/lab-error.ts";
