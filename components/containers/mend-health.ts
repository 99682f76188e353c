/** A health check for a container that compose keeps running, where the app has an address to ask. */
import { nodeMajorIn } from "./node-base.ts";
import type { ComposedService } from "../../analyzers/deployment/compose.ts";
import type { ImageFile } from "../../analyzers/deployment/images.ts";
import type { Model, Service } from "../../analyzers/model.ts";
import type { Edit } from "../../patches/edit.ts";
import { healthPath, healthUrl } from "./image.ts";

/** The first major that carries `fetch`. */
const withFetch = 18;

/** Asks with the `fetch` of the image's own Node; null where that is older, another program, or nothing is known to answer. */
export function askForHealth(
  { file, name }: Pick<ComposedService, "file" | "name">,
  { image }: ImageFile,
  service: Service,
  model: Model,
): Edit[] | null {
  const path = healthPath(service, model);
  const major = nodeMajorIn(image.base);
  if (path === null || service.port.value === null || major === null || major < withFetch) return null;
  const code = `fetch(${healthUrl(service, path)}).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))`;
  const check = {
    test: ["CMD", "node", "-e", code],
    interval: "10s",
    timeout: "3s",
    retries: 3,
    start_period: "30s",
  };
  return [{ kind: "yaml", file, path: ["services", name, "healthcheck"], value: check }];
}
