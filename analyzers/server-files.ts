/** The files of a service that run in its web process. */
import type { Model, Service } from "./model.ts";
import { isConventional } from "./services/conventions.ts";

/** Server code of the service, and of packages beside it that no process starts from: what the service may import. */
export function serverFiles(model: Model, service: Service): string[] {
  return model.repo.files.filter((file) => {
    if (model.summary(file) === null || model.context(file) !== "server") return false;
    const owner = model.service(file);
    return owner === null || owner.root === service.root || (owner.entry.length === 0 && !isConventional(owner));
  });
}
