/** Package functions that hand their callback something worth following: the parameter stands for the call's own result. */
import { patternTable } from "../link/pattern.ts";

/** `parameter`: position in the callback's parameter list. */
const GIVING = [
  { api: "socket.io:**.on", parameter: 0 },
  { api: "socket.io:**.once", parameter: 0 },
  { api: "ws:**.on", parameter: 0 },
  { api: "pg:**.connect", parameter: 1 },
  { api: "mysql:**.getConnection", parameter: 1 },
  { api: "mysql2:**.getConnection", parameter: 1 },
  { api: "mongodb:**.connect", parameter: 1 },
  { api: "h3:defineEventHandler", parameter: 0 },
  { api: "h3:eventHandler", parameter: 0 },
  { api: "nitropack/runtime:defineCachedEventHandler", parameter: 0 },
  { api: "nitropack/runtime:cachedEventHandler", parameter: 0 },
  ...["query", "mutation", "subscription", "use", "middleware"].map((step) => ({
    api: `@trpc/server:**.${step}`,
    parameter: 0,
  })),
];

const findGiving = patternTable(GIVING);

/** True when the callback's parameter at this position is what the call makes. */
export function callbackGives(api: string, parameter: number): boolean {
  return findGiving(api)?.parameter === parameter;
}
