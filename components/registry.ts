/** Every component there is: one import and one entry each. */
import type { Component } from "./component.ts";
import { apiGateway } from "./api-gateway/index.ts";
import { ciCd } from "./ci-cd/index.ts";
import { containers } from "./containers/index.ts";
import { monitoring } from "./monitoring/index.ts";
import { queue } from "./queue/index.ts";
import { resilience } from "./resilience/index.ts";
import { shutdown } from "./shutdown/index.ts";
import { errorTracking } from "./error-tracking/index.ts";
import { cache } from "./cache/index.ts";
import { objectStorage } from "./object-storage/index.ts";
import { cdn } from "./cdn/index.ts";
import { loadBalancer } from "./load-balancer/index.ts";
import { scheduler } from "./scheduler/index.ts";
import { pubSub } from "./pub-sub/index.ts";
import { database } from "./database/index.ts";

/** Ids are unique; the order is the one in which answers list them. */
export const components: readonly Component[] = [
  // One line each: `npm run new-component` adds the next.
  queue,
  resilience,
  apiGateway,
  shutdown,
  monitoring,
  containers,
  ciCd,
  errorTracking,
  cache,
  objectStorage,
  cdn,
  loadBalancer,
  scheduler,
  pubSub,
  database,
];
