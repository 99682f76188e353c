/** Limits of an Express service: a limiter at each registration, and the setting without which it would count the proxy. */
import { isServerless } from "../../analyzers/deployment/hosting.ts";
import { isHeldBelow } from "../../analyzers/deployment/node-version.ts";
import type { Model, Service } from "../../analyzers/model.ts";
import { addEnv } from "../../patches/editors/dotenv.ts";
import { limitRoutes } from "./limit-routes.ts";
import { type Limit, refused } from "./limit-work.ts";
import { ownLimits } from "./own-limits.ts";
import { reuseOwnLimits } from "./reuse.ts";
import { sharedRedis } from "../shared-redis.ts";
import { believesAllText, hopsVariable, trustProxy, type TrustProxy } from "../trust-proxy.ts";

export const limitExpress: Limit = (service, wanted, model, templates) => {
  const own = ownLimits(model, service);
  if (own.length > 0) return { ...reuseOwnLimits(wanted, own, model), env: [] };
  const proxy = trustProxy(model, service);
  const cannot = obstacle(proxy, service, model);
  if (cannot !== null) return refused(wanted, cannot);
  const work = { ...limitRoutes(service, wanted, model, templates), env: [] };
  if (work.edits.length === 0 || proxy.kind !== "added") return work;
  return {
    ...work,
    edits: [...work.edits, ...proxy.edits, ...addEnv(model.repo, service.root, [hopsVariable])],
    notes: [...work.notes, proxy.note],
    env: [hopsVariable],
  };
};

/** Why limits would do harm or nothing here; null when they help. */
function obstacle(proxy: TrustProxy, service: Service, model: Model): string | null {
  if (proxy.kind === "impossible")
    return "the app object could not be found, and without `trust proxy` a limit may count the proxy instead of its clients";
  if (proxy.kind === "believes-all") return believesAllText(proxy);
  if (isHeldBelow(model, service, 18))
    return "the app runs on a Node older than 18, which no longer gets security fixes: raise Node first";
  return forgetsCounts(model, service);
}

/** Whether counts in memory would die with each function, and nothing else is there to keep them. */
export function forgetsCounts(model: Model, service: Service): string | null {
  return isServerless(model, service) && sharedRedis(model, service) === null
    ? "the host runs functions, which forget their counts: its own firewall rules or a hosted Redis keep them"
    : null;
}
