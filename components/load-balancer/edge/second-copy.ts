/** The second copy of an app that stands behind a proxy already, once nothing is left that it would break. */
import { composedServices } from "../../../analyzers/deployment/compose.ts";
import type { Model } from "../../../analyzers/model.ts";
import { record } from "../../../analyzers/services/container-files.ts";
import { composedServer } from "../../../analyzers/serving/composed-server.ts";
import type { Everything } from "../../component.ts";
import type { Finding } from "../../finding.ts";
import type { Outcome } from "../outcome.ts";
import { obstacleTo } from "./obstacles.ts";

/** Null where no proxy looks the copies up by name: then another one would get no request. */
export function secondCopy({ file, anchor }: Finding, model: Model, everything: Everything): Outcome | null {
  const composed = composedServices(model.repo).find(
    (each) =>
      each.file === file &&
      record(each.block["deploy"])["replicas"] === 1 &&
      !("ports" in each.block) &&
      composedServer(model, each)?.service.name === anchor &&
      isLookedUp(each.name, model),
  );
  const service = model.services.find(({ name }) => name === anchor);
  if (composed === undefined || service === undefined) return null;
  const obstacle = obstacleTo({ service, composed }, model, everything());
  if (obstacle !== null) return { edits: [], notes: [], remains: obstacle };
  const path = ["services", composed.name, "deploy", "replicas"];
  return {
    edits: [{ kind: "yaml", file, path, value: 2, force: true }],
    notes: ["`docker compose up -d` starts the second copy; the proxy finds it within seconds."],
  };
}

function isLookedUp(name: string, { repo }: Model): boolean {
  const asks = new RegExp(`^[ \\t]*dynamic a ${name.replaceAll(/\W/g, String.raw`\$&`)} `, "m");
  return repo.files.some((file) => /(^|\/)Caddyfile[^/]*$/.test(file) && asks.test(repo.read(file) ?? ""));
}
