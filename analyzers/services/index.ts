/** Services, deploy targets and contexts of a repo: pure functions over its files and summaries. */
export { classifyContexts } from "./classify-contexts.ts";
export { mixesSides } from "./conventions.ts";
export { findDeploy } from "./find-deploy.ts";
export { findServices } from "./find-services.ts";
export { readManifests } from "./manifest.ts";
