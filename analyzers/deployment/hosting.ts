/** Whether a service runs as a process of its own, or its host calls it function by function. */
import { posix } from "node:path";
import type { Deploy, Model, Service } from "../model.ts";
import { isIn } from "../services/manifest.ts";

/** Hosts that start code per request: nothing listens, nothing is told to stop, no probe asks for health. */
const functionHosts: ReadonlySet<string> = new Set(["vercel", "netlify", "cloudflare", "aws-lambda"]);

/** Whether a host starts code per request. */
export function isFunctionHost(target: string): boolean {
  return functionHosts.has(target);
}

/** The deploy targets that speak of this service: shown by a file of its own, or by one above its folder. */
export function deploysOf(model: Model, service: Service): Deploy[] {
  return model.deploy.filter(({ evidence: { file } }) => {
    const owner = model.service(file);
    if (owner?.root === service.root) return true;
    const folder = file.startsWith(".github/") ? "." : posix.dirname(file);
    return isIn(folder, `${service.root}/package.json`) && (owner === null || owner.root === ".");
  });
}

/** True when every host that is known to run the service runs functions; false when none is known. */
export function isServerless(model: Model, service: Service): boolean {
  const deploys = deploysOf(model, service);
  return deploys.length > 0 && deploys.every(({ target }) => functionHosts.has(target));
}
