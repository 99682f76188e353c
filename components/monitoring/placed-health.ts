/** Apps of frameworks that serve files by their place, run from an image of their own, without an address for probes. */
import { deploysOf, isFunctionHost } from "../../analyzers/deployment/hosting.ts";
import { packedService, shippedImages } from "../../analyzers/deployment/images.ts";
import type { Model, Place, Service } from "../../analyzers/model.ts";
import { processServices } from "../../analyzers/serving/product.ts";
import { probesIn } from "./shallow.ts";

/** Frameworks of which every address is known once their folders are read. */
const placed: ReadonlySet<string> = new Set(["next", "nuxt", "sveltekit", "remix", "react-router", "nitro"]);

/** The image of each such app; none where somebody asks one of its pages already, or a host of functions may run it. */
export function placedApps(model: Model): { service: Service; place: Place }[] {
  const images = shippedImages(model);
  if (images.length === 0 || probesIn(model).length > 0) return [];
  return processServices(model).flatMap((service) => {
    const routes = model.routes.filter((route) => route.service === service.name && route.via !== "rpc");
    const image = images.find(({ file }) => packedService(model, file) === service);
    if (image === undefined || routes.length === 0) return [];
    if (!routes.every(({ framework }) => placed.has(framework))) return [];
    if (deploysOf(model, service).some(({ target }) => isFunctionHost(target))) return [];
    const place = { file: image.file, line: 1 };
    return asksItself(model, place) ? [] : [{ service, place }];
  });
}

function asksItself({ repo }: Model, { file }: Place): boolean {
  return /^[ \t]*HEALTHCHECK\s+(?!NONE\b)/im.test(repo.read(file) ?? "");
}
