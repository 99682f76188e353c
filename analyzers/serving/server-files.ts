/** The files of a service that run in its web process. */
import type { Model, Service } from "../model.ts";
import { isConventional } from "../services/conventions.ts";

const known = new WeakMap<Model, Map<Service, readonly string[]>>();

/** Server code of the service, and of packages beside it that no process starts from: what the service may import. */
export function serverFiles(model: Model, service: Service): readonly string[] {
  const byService = known.get(model) ?? new Map<Service, readonly string[]>();
  known.set(model, byService);
  const files = byService.get(service) ?? listed(model, service);
  byService.set(service, files);
  return files;
}

function listed(model: Model, service: Service): string[] {
  return model.repo.files.filter((file) => {
    if (model.summary(file) === null || model.context(file) !== "server") return false;
    const owner = model.service(file);
    return owner === null || owner.root === service.root || (owner.entry.length === 0 && !isConventional(owner));
  });
}
