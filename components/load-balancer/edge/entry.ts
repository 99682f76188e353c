/** Looks for the app's one container that a production compose file opens to the world, with nothing before it. */
import { composedServices, type ComposedService } from "../../../analyzers/deployment/compose.ts";
import { severalOf } from "../../../analyzers/deployment/replicas.ts";
import { standingBefore } from "../../../analyzers/deployment/standing-before.ts";
import type { Model, Service } from "../../../analyzers/model.ts";
import { record } from "../../../analyzers/services/container-files.ts";
import { composedServer } from "../../../analyzers/serving/composed-server.ts";
import { isBesideTheProduct } from "../../../analyzers/serving/product.ts";

export interface Entry {
  service: Service;
  composed: ComposedService;
}

/** Where nobody brings a load balancer along. */
const ownMachines: ReadonlySet<string> = new Set(["docker", "compose", "vm"]);

/** One per server that is open to the world; those behind a proxy, on a platform or on a developer's machine are none. */
export function openEntries(model: Model): Entry[] {
  if (model.deploy.some(({ target }) => !ownMachines.has(target))) return [];
  const open = composedServices(model.repo).flatMap((composed): Entry[] => {
    const service =
      isOpen(composed) && isKept(composed, model) ? (composedServer(model, composed)?.service ?? null) : null;
    return service === null ? [] : [{ service, composed }];
  });
  return open.filter(({ service, composed }) => {
    const copies = open.filter((each) => each.service === service && each.composed.file === composed.file);
    const standsAlone = copies.length === 1 && severalOf(model, service) === null;
    return standsAlone && !isBesideTheProduct(service.root) && standingBefore(model, service).length === 0;
  });
}

/** Something on this machine or in another network may stand before what is bound to one address or joins that network. */
function isOpen({ block, environment }: ComposedService): boolean {
  const { ports } = block;
  if (!Array.isArray(ports) || ports.length === 0 || "network_mode" in block) return false;
  const isBound = ports.some((each) => /^(127\.|localhost:|\[|::1)/.test(String(each)) || "host_ip" in record(each));
  return !isBound && !["VIRTUAL_HOST", "LETSENCRYPT_HOST"].some((name) => name in environment);
}

/** Kept running for users: not a developer's container, not a task of a swarm, which spreads requests itself. */
function isKept({ purpose, runsOnce, block, command, target, environment, file }: ComposedService, { repo }: Model) {
  const deploy = record(block["deploy"]);
  const isSwarm = ["mode", "placement", "update_config", "endpoint_mode"].some((key) => key in deploy);
  const isDeveloped =
    /^(dev|test|local)/i.test(environment["NODE_ENV"] ?? "") ||
    /\b(dev|watch|nodemon|debug)\b/i.test(`${command ?? ""} ${target ?? ""}`);
  const text = repo.read(file) ?? "";
  return (
    purpose === "production" &&
    !runsOnce &&
    !isSwarm &&
    !isDeveloped &&
    !("profiles" in block) &&
    !speaksOfDevelopment(text) &&
    !/^[ \t]+external:\s*(true|\{)/m.test(networksOf(text))
  );
}

/** What the comments at the top say. */
function speaksOfDevelopment(text: string): boolean {
  const [head = ""] = text.split(/^[^#\s]/m);
  return /\b(local(ly)?|dev|development|demo|testing)\b/i.test(head);
}

function networksOf(text: string): string {
  return /^networks:[^]*?(?=^\S|(?![^]))/m.exec(text)?.[0] ?? "";
}
