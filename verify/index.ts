/** The lab's door. */
export { deriveScenarios } from "./scenarios/derive.ts";
export { readScenarios, ScenarioFile, type ScenarioReading } from "./scenarios/file.ts";
export { LabError } from "./boot/index.ts";
export { verify } from "./verify.ts";
export type { Verification, VerifyProgress, VerifyRequest } from "./verification.ts";
