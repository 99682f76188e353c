/** Where a service of Express keeps its middleware: what recipes write for the way of a request belongs there. */
import { posix } from "node:path";
import type { Model, Service } from "../analyzers/model.ts";
import { expressApps } from "../analyzers/serving/express-apps.ts";
import { serverFiles } from "../analyzers/serving/server-files.ts";
import { newFile } from "../patches/new-file.ts";

/** A free path for a module of this name: among the app's middleware where it has a folder for it, else beside the app. */
export function middlewareFile(model: Model, service: Service, name: string): string {
  const beside =
    expressApps(model, service)[0]?.creation.file ?? service.entry[0] ?? posix.join(service.root, "index.js");
  const folders = serverFiles(model, service)
    .filter((file) => model.service(file)?.root === service.root)
    .map((file) => posix.dirname(file))
    .filter((folder) => /(^|\/)middlewares?$/i.test(folder));
  const [shortest] = folders.toSorted((a, b) => a.length - b.length || a.localeCompare(b));
  return newFile(model.repo, shortest ?? posix.dirname(beside), name, beside);
}
