/** Writes a bus that crosses the border of the process; what one request tells everybody is a brief, or work for the queue. */
import type { Model, Service } from "../../analyzers/model.ts";
import type { Brief, Edit } from "../../patches/edit.ts";
import type { Draft, Templates } from "../component.ts";
import type { Finding } from "../finding.ts";
import { type RedisAccess, redisByAddress } from "../redis-access.ts";
import { busBrief, fanoutBrief } from "./briefs.ts";
import { busesOf, type Bus } from "./bus.ts";
import { busModule, shareBus } from "./share-bus.ts";

/** What all buses of a service share. */
interface Carrier {
  redis: RedisAccess;
  module: ReturnType<typeof busModule>;
}

/** `known`: the carrier that the service's first bus has brought. */
function carried(
  bus: Bus,
  known: Carrier | undefined,
  model: Model,
  templates: Templates,
): { carrier: Carrier; edits: Edit[]; notes: string[] } | { cannot: string } {
  const carrier = known ?? carrierOf(bus, model, templates);
  if ("cannot" in carrier) return carrier;
  const shared = shareBus(bus, carrier.module.file, carrier.redis, model);
  return "cannot" in shared ? shared : { carrier, ...shared };
}

function carrierOf(bus: Bus, model: Model, templates: Templates): Carrier | { cannot: string } {
  const redis = redisByAddress(model, bus.service);
  return "cannot" in redis ? redis : { redis, module: busModule(bus, redis, model, templates) };
}

export function recipe(findings: readonly Finding[], model: Model, templates: Templates): Draft {
  const buses = new Map(busesOf(model).map((bus) => [bus.construction.id, bus]));
  const carriers = new Map<Service, Carrier>();
  const draft = { edits: [] as Edit[], briefs: [] as Brief[], fixes: [] as string[], notes: new Set<string>() };
  for (const finding of findings) {
    const bus = finding.call === null ? undefined : buses.get(finding.call);
    if (finding.rule !== "pub-sub/in-process-bus-across-services" || bus === undefined) {
      draft.briefs.push(fanoutBrief(finding));
      continue;
    }
    const shared = carried(bus, carriers.get(bus.service), model, templates);
    if ("cannot" in shared) {
      draft.briefs.push(busBrief(finding, shared.cannot));
      continue;
    }
    carriers.set(bus.service, shared.carrier);
    draft.edits.push(...shared.edits);
    draft.fixes.push(finding.id);
    for (const note of shared.notes) draft.notes.add(note);
  }
  const used = [...carriers.values()];
  return {
    edits: [...used.map(({ module }) => module.edit), ...draft.edits],
    briefs: draft.briefs,
    fixes: draft.fixes,
    review: {
      level: "read",
      reason: "Listeners hear events of every process: check that each may run in all of them.",
    },
    services: [...new Set(used.flatMap(({ redis }) => redis.services))],
    env: [...new Map(used.flatMap(({ redis }) => redis.env).map((each) => [each.name, each])).values()],
    notes: [...draft.notes],
  };
}
