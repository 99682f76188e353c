/** What else happens when something has happened: the kinds of side effects, and which of them a call sets off. */
import { closureOf } from "../../analyzers/closure.ts";
import { isEmit } from "../../analyzers/libraries/registrars.ts";
import type { CallSite, Model, Use } from "../../analyzers/model.ts";
import { isWritingRequest } from "../../analyzers/requests.ts";

/** One kind of side effect in a founder's words; `isOutside`: it waits for somebody else's service. */
export interface Effect {
  kind: string;
  isOutside: boolean;
}

const outside = (kind: string): Effect => ({ kind, isOutside: true });
const inside = (kind: string): Effect => ({ kind, isOutside: false });

const search =
  /^(algoliasearch|meilisearch|typesense|@elastic\/elasticsearch|@opensearch-project\/opensearch)\b.*\.(\w*[sS]ave\w*|addDocuments|updateDocuments|index|upsert|partialUpdate\w*|create|bulk)$/;
const live = /^(socket\.io|ws|pusher|ably|@socket\.io\/[\w-]+)\b.*\.(emit|send|trigger|publish)$/;
const preparing = /(^|\.)(verify|close|setApiKey|createTransport\(\)|use|on|once|verificationChecks\.create)$/;

function effectOf(use: Use): Effect | null {
  if (use.call.isNew || preparing.test(use.api)) return null;
  if (use.kind === "mail") return outside("mail");
  if (use.kind === "push") return outside("notification");
  if (use.kind === "http") return isWritingRequest(use) ? outside(`call to ${hostOf(use)}`) : null;
  if (search.test(use.api)) return outside("search index");
  if (isEmit(use.api) || live.test(use.api)) return inside("live update");
  return use.kind === "cache" && use.api.endsWith(".publish") ? inside("live update") : null;
}

function hostOf({ addresses = [] }: Use): string {
  const host = addresses.flatMap((address) => /^https?:\/\/([\w.-]+\.\w+)/.exec(address)?.[1] ?? [])[0];
  return host ?? addresses.flatMap((address) => /^\$(\w+)/.exec(address)?.[1] ?? [])[0] ?? "another service";
}

const byFunction = new WeakMap<Model, Map<string, Effect[]>>();

/** The side effects of a call itself and of all that it runs, each kind once. */
export function effectsOf(call: CallSite, model: Model): Effect[] {
  const own = model.usesAt(call).flatMap((use) => effectOf(use) ?? []);
  const known = byFunction.get(model) ?? collected(model);
  byFunction.set(model, known);
  const inner = model
    .targets(call)
    .flatMap((target) => [...closureOf(target, model)].flatMap((fn) => known.get(fn) ?? []));
  return [...new Map([...own, ...inner].map((effect) => [effect.kind, effect])).values()];
}

/** Functions in whose bodies side effects stand. */
export function effectFunctions(model: Model): string[] {
  const known = byFunction.get(model) ?? collected(model);
  byFunction.set(model, known);
  return [...known.keys()];
}

function collected(model: Model): Map<string, Effect[]> {
  const found = new Map<string, Effect[]>();
  for (const use of model.uses) {
    const effect = effectOf(use);
    if (effect === null || model.context(use.call.file) !== "server") continue;
    found.set(use.call.fn, [...(found.get(use.call.fn) ?? []), effect]);
  }
  return found;
}
