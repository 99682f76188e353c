/** The lab's door. */
export { readScenarios, type ScenarioReading } from "./scenarios/file.ts";
export { verify } from "./verify.ts";
export type { Verification } from "./verification.ts";
export { lockfilesFor, type LockedFile } from "./workspace/lockfiles.ts";
