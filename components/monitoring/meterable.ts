/** Which services a module can count the requests of that their start file imports. */
import { isHeldBelow } from "../../analyzers/deployment/node-version.ts";
import type { Model, Service } from "../../analyzers/model.ts";
import { isSource } from "../../analyzers/repo/source-file.ts";

/** What tells of requests is there since 18 (Node's documentation, diagnostics_channel). */
const oldestNode = 18;

/** Whether a service says which file it starts from, on a Node that tells of its requests. */
export function isMeterable(model: Model, service: Service): boolean {
  const [entry] = service.entry;
  const isNode = service.language !== "python" && !/\bbunx?\b/.test(service.start ?? "");
  return (
    isNode &&
    entry !== undefined &&
    isSource(entry) &&
    model.repo.has(entry) &&
    !isHeldBelow(model, service, oldestNode)
  );
}
