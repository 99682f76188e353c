/** What else happens when something has happened: the kinds of side effects, and which of them a call sets off. */
import { isEmit } from "../../analyzers/libraries/registrars.ts";
import type { CallSite, Model, Use } from "../../analyzers/model.ts";
import { isWritingRequest } from "../../analyzers/code/requests.ts";
import { spreadUp, type Spread } from "../../analyzers/code/spread.ts";

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

const spreads = new WeakMap<Model, Spread<Effect>>();

/** By function, the side effects of running it, each kind once. */
export function effectsByFunction(model: Model): Spread<Effect> {
  const known = spreads.get(model) ?? spreadUp(model, effectsIn(model));
  spreads.set(model, known);
  return known;
}

function effectsIn(model: Model): { fn: string; key: string; thing: Effect }[] {
  return model.uses.flatMap((use) => {
    const effect = effectOf(use);
    if (effect === null || model.context(use.call.file) !== "server") return [];
    return [{ fn: use.call.fn, key: effect.kind, thing: effect }];
  });
}

/** The side effects that a call itself and what it runs set off. */
export function effectsOf(call: CallSite, model: Model): Effect[] {
  const own = model.usesAt(call).flatMap((use) => effectOf(use) ?? []);
  const byFunction = effectsByFunction(model);
  const inner = model.targets(call).flatMap(({ id }) => [...(byFunction.get(id)?.values() ?? [])]);
  return [...new Map([...own, ...inner].map((effect) => [effect.kind, effect])).values()];
}
