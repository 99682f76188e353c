/** Which of the app's servers a service of a compose file runs. */
import type { ComposedService } from "../deployment/compose.ts";
import { nodeImages, packedService, type ImageFile } from "../deployment/images.ts";
import type { Model, Service } from "../model.ts";
import { answeringServices } from "./product.ts";

/** The image it is built from and the server in it; null for workers, databases and what is no Node. */
export function composedServer(
  model: Model,
  { dockerfile, target }: ComposedService,
): { built: ImageFile; service: Service } | null {
  const own = nodeImages(model).filter(({ file }) => file === dockerfile);
  const built =
    own.find(({ image }) => image.stage === target?.toLowerCase()) ?? (target === null ? own[0] : undefined);
  const service = built === undefined ? null : packedService(model, built.file, built.image);
  if (built === undefined || service === null) return null;
  return answeringServices(model).includes(service) ? { built, service } : null;
}
