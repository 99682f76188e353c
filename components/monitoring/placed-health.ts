/** Apps of frameworks that serve files by their place, run as a process of their own, without an address for probes. */
import { deploysOf, isFunctionHost } from "../../analyzers/deployment/hosting.ts";
import type { Model, Place, Service } from "../../analyzers/model.ts";
import { processServices } from "../../analyzers/serving/product.ts";
import { probesIn } from "./shallow.ts";

/** Frameworks of which every address is known once their folders are read. */
const placed: ReadonlySet<string> = new Set(["next", "nuxt", "sveltekit", "remix", "react-router", "nitro"]);

/** Where each such app is told to run; none where somebody asks one of its pages already, or a host of functions may run it. */
export function placedApps(model: Model): { service: Service; place: Place }[] {
  return processServices(model).flatMap((service) => {
    const routes = model.routes.filter((route) => route.service === service.name && route.via !== "rpc");
    if (routes.length === 0 || !routes.every(({ framework }) => placed.has(framework))) return [];
    const deploys = deploysOf(model, service);
    const [first] = deploys;
    if (first === undefined || deploys.some(({ target }) => isFunctionHost(target))) return [];
    if (probesIn(model).length > 0 || deploys.some(({ evidence }) => asksItself(model, evidence))) return [];
    return [{ service, place: first.evidence }];
  });
}

function asksItself({ repo }: Model, { file }: Place): boolean {
  return /^[ \t]*HEALTHCHECK\s+(?!NONE\b)/im.test(repo.read(file) ?? "");
}
