/** Event buses in the memory of one process: where they are made, who emits and who listens. */
import { isEmit, registrarOf } from "../../analyzers/libraries/registrars.ts";
import type { CallSite, Model, Service, Use } from "../../analyzers/model.ts";

const made = [
  "node:events:EventEmitter",
  "node:events:",
  "eventemitter2:",
  "eventemitter2:EventEmitter2",
  "eventemitter3:",
  "eventemitter3:EventEmitter",
  "mitt:",
  "emittery:",
];

export interface Bus {
  construction: CallSite;
  /** What it was made by: `node:events:EventEmitter`. */
  api: string;
  service: Service;
  emits: Use[];
  listens: Use[];
}

/** Those of servers and workers that are both spoken and listened to. */
export function busesOf(model: Model): Bus[] {
  const constructions = new Map(made.flatMap((api) => model.usesOf(api)).map((use) => [use.call.id, use]));
  return [...constructions.values()].flatMap(({ api, call: construction }) => {
    const service = model.service(construction.file);
    if (service === null || !["server", "worker"].includes(model.context(construction.file))) return [];
    const uses = model.usesOn(construction);
    const emits = uses.filter((use) => isEmit(use.api));
    const listens = uses.filter((use) => registrarOf(use.api)?.kind === "event");
    return emits.length === 0 || listens.length === 0 ? [] : [{ construction, api, service, emits, listens }];
  });
}
