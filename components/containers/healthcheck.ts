/** Containers that compose keeps running without ever asking whether they still answer. */
import { composedServices, type ComposedService } from "../../analyzers/deployment/compose.ts";
import { shippedImage } from "../../analyzers/deployment/dockerfile.ts";
import type { Model } from "../../analyzers/model.ts";
import { composedServer } from "../../analyzers/serving/composed-server.ts";
import type { Edit } from "../../patches/edit.ts";
import type { Match } from "../finding.ts";
import { match } from "./match.ts";
import { askForHealth } from "./mend-health.ts";

/** Targets on which the container's own check is what anybody looks at; platforms and Kubernetes have probes of their own. */
const ownChecks: ReadonlySet<string> = new Set(["docker", "compose", "vm"]);

export function healthcheckMatches(model: Model): Match[] {
  if (model.deploy.some(({ target }) => !ownChecks.has(target))) return [];
  return composedServices(model.repo).flatMap((service) => {
    const served = service.purpose === "production" ? answering(service, model) : null;
    if (served === null || isChecked(service, model)) return [];
    const waiting = service.awaitedBy.map(({ name }) => name);
    const who =
      waiting.length === 0 ? "the proxy and whoever looks at it take" : `${waiting.join(", ")} and the proxy take`;
    return [
      match("no-container-healthcheck", service, {
        message: `Nothing asks the container ${service.name} whether it still answers: ${who} it for well as long as its process exists, also when it hangs.`,
        anchor: `${service.file} ${service.name}`,
        fix: healthEdits(service, model) === null ? "brief" : "patch",
      }),
    ];
  });
}

/** The edits that give this container of a compose file its check; null where somebody has to say what to ask. */
export function healthEdits(composed: ComposedService, model: Model): Edit[] | null {
  const served = answering(composed, model);
  return served === null ? null : askForHealth(composed, served.built, served.service, model);
}

/** The image it is built from and the app's server in it, where something connects to it. */
function answering(composed: ComposedService, model: Model): ReturnType<typeof composedServer> {
  const isReached = ["ports", "expose", "labels"].some((key) => key in composed.block);
  return isReached ? composedServer(model, composed) : null;
}

function isChecked({ healthcheck, dockerfile, target, block }: ComposedService, { repo }: Model): boolean {
  if (healthcheck !== null || "healthcheck" in block || "extends" in block) return true;
  const image = dockerfile === null ? null : shippedImage(repo.read(dockerfile) ?? "", target);
  return image === null || image.steps.some(({ keyword }) => keyword === "HEALTHCHECK");
}
