/** Writes a bus that crosses the border of the process; what one request tells everybody is a brief, or work for the queue. */
import type { Model, Service } from "../../analyzers/model.ts";
import type { Brief, Edit } from "../../patches/edit.ts";
import type { Draft, Templates } from "../component.ts";
import type { Finding } from "../finding.ts";
import { busBrief, fanoutBrief } from "./briefs.ts";
import { busesOf } from "./bus.ts";
import { busModule, shareBus } from "./share-bus.ts";

export function recipe(findings: readonly Finding[], model: Model, templates: Templates): Draft {
  const buses = new Map(busesOf(model).map((bus) => [bus.construction.id, bus]));
  const modules = new Map<Service, ReturnType<typeof busModule>>();
  const draft = { edits: [] as Edit[], briefs: [] as Brief[], fixes: [] as string[], notes: new Set<string>() };
  const env = new Map<string, Draft["env"][number]>();
  for (const finding of findings) {
    const bus = finding.call === null ? undefined : buses.get(finding.call);
    if (finding.rule !== "pub-sub/in-process-bus-across-services" || bus === undefined) {
      draft.briefs.push(fanoutBrief(finding));
      continue;
    }
    const module = modules.get(bus.service) ?? busModule(bus, model, templates);
    const shared = shareBus(bus, module.file, model);
    if ("cannot" in shared) {
      draft.briefs.push(busBrief(finding, shared.cannot));
      continue;
    }
    modules.set(bus.service, module);
    draft.edits.push(...shared.edits);
    draft.fixes.push(finding.id);
    for (const note of shared.notes) draft.notes.add(note);
    for (const each of shared.env) env.set(each.name, each);
  }
  return {
    edits: [...[...modules.values()].map(({ edit }) => edit), ...draft.edits],
    briefs: draft.briefs,
    fixes: draft.fixes,
    review: {
      level: "read",
      reason: "Listeners hear events of every process: check that each may run in all of them.",
    },
    services: draft.fixes.length > 0 ? ["redis"] : [],
    env: [...env.values()],
    notes: [...draft.notes],
  };
}
