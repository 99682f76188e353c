/** From a source tree to the linked model of the app: the one door of the analyzers. */
export { analyze, type AnalyzeOptions } from "./analyze.ts";
