/** Calls to other services that nothing bounds in time. */
import { textOf } from "../../analyzers/code/text.ts";
import { indexIn } from "../../analyzers/ids.ts";
import { isPython } from "../../analyzers/repo/source-file.ts";
import type { CallSite, Known, Model, Reach, Use } from "../../analyzers/model.ts";
import { mayBeOlder } from "../../analyzers/deployment/node-version.ts";
import type { Value } from "../../analyzers/summary.ts";
import type { Match } from "../finding.ts";
import { clientOf, makerOf, signalNeeds } from "./http-clients.ts";
import type { HttpClient } from "./http-clients.ts";
import { evidenceOf } from "../evidence.ts";
import { beginningOf, staysAtHome } from "./own-address.ts";
import { confidenceOf, isLetGo, waitersIn, waysTo } from "./reached.ts";

export const httpRule = "resilience/external-http-no-timeout";

export function httpTimeouts(model: Model): Match[] {
  return perFunction(perClient(unboundedCalls(model), model)).map(({ use, client, ways, fix, others }) => ({
    rule: httpRule,
    file: use.call.file,
    line: use.call.line,
    confidence:
      isKept(use.call) || ways.every((way) => isLetGo(way, model))
        ? "low"
        : confidenceOf(use.certainty, ways, use.call),
    message: `${waitersIn(waitingIn(ways, model))} waits for ${hostIn(use) ?? "another service"} without a limit of its own: \`${client.name}\` ${client.otherwise}, and every request that hangs keeps its connection and memory.`,
    also: others.map(({ file, line }) => ({ file, line })),
    ...evidenceOf(waitingIn(ways, model)),
    call: use.call.id,
    anchor: `${use.api} in ${model.fn(use.call.fn)?.name ?? "a function"}`,
    fix,
  }));
}

/** Those who wait; all of them where the work is let go and nobody does. */
function waitingIn(ways: readonly Reach[], model: Model): readonly Reach[] {
  const waiting = ways.filter((way) => !isLetGo(way, model));
  return waiting.length > 0 ? waiting : ways;
}

interface Unbounded {
  use: Use;
  client: HttpClient;
  ways: ReturnType<typeof waysTo>;
  fix: Match["fix"];
}

/** Calls of a client that was made for one service are one matter: it has options of its own, which hold for all of them. */
function perClient(found: readonly Unbounded[], model: Model): (Unbounded & { others?: CallSite[] })[] {
  const byMaker = new Map<string, Unbounded[]>();
  for (const each of found) {
    const key = each.use.construction?.id ?? each.use.call.id;
    byMaker.set(key, [...(byMaker.get(key) ?? []), each]);
  }
  return [...byMaker.values()].flatMap((group) => {
    const [first] = group;
    const made = first?.use.construction ?? null;
    const maker = made === null ? undefined : model.usesAt(made).find((use) => makerOf(use) !== null);
    if (first === undefined || maker === undefined || group.length < 2) return group;
    const ways = [...new Map(group.flatMap((each) => each.ways).map((way) => [way.entry.label, way])).values()];
    const fix = group.every((each) => each.fix === "patch") ? "patch" : "brief";
    const others = group.map(({ use }) => use.call);
    return [{ ...first, use: { ...maker, addresses: first.use.addresses ?? [] }, ways, fix, others }];
  });
}

/** The branches of one Python function (`requests.get`, `requests.post`, ...) are one matter: which of them a route takes is not read. */
function perFunction(found: readonly (Unbounded & { others?: CallSite[] })[]): (Unbounded & { others: CallSite[] })[] {
  const first = new Map<string, Unbounded & { others: CallSite[] }>();
  for (const each of found) {
    const { call } = each.use;
    const key = isPython(call.file) ? call.fn : call.id;
    const known = first.get(key);
    if (known === undefined) first.set(key, { ...each, others: each.others ?? [] });
    else if (known.use.call.id !== call.id) known.others.push(call);
  }
  return [...first.values()];
}

function unboundedCalls(model: Model): Unbounded[] {
  return model.uses.flatMap((use) => {
    const client = use.call.isNew ? null : clientOf(use);
    if (client === null || isBounded(use, client, model) || staysAtHome(use.call, model)) return [];
    const ways = waysTo(use.call, model);
    return ways.length === 0 ? [] : [{ use, client, ways, fix: fixFor(use, client, model) }];
  });
}

/** Bounded at the call, at the instance, or around it; unknown options count as bounded. */
function isBounded(use: Use, client: HttpClient, model: Model): boolean {
  const options = client.index === null ? use.call.args : use.call.args.slice(client.index, client.index + 1);
  if (options.some((arg) => mayHold(arg, client.bounds, client.index === null))) return true;
  if (use.construction?.args.some((arg) => mayHold(arg, client.bounds, client.index === null)) === true) return true;
  if (hasOwnAdapter(use, model)) return true;
  return isBoundedAround(use.call, client, model);
}

/** `session.mount("https://", TimeoutAdapter())`: an adapter of the app's own may bound every call. */
function hasOwnAdapter({ api, construction }: Use, model: Model): boolean {
  if (construction === null || !api.startsWith("pypi:requests:")) return false;
  const mounts = model.usesOn(construction).filter(({ api: on }) => on.endsWith(".mount"));
  return mounts.some(({ call }) => call.args.some(({ kind }) => kind === "class" || kind === "unknown"));
}

function mayHold(arg: Known, keys: readonly string[], knownOnly: boolean): boolean {
  if (arg.kind === "object") return arg.open || keys.some((key) => key in arg.entries);
  return !knownOnly && (arg.kind === "unknown" || arg.kind === "external");
}

/** Bounded by the app's defaults, or by what is wrapped around the call. */
export function isBoundedAround(call: CallSite, client: Pick<HttpClient, "name">, model: Model): boolean {
  return hasDefaults(client, model) || isWrapped(call, model) || isTimedLater(call, model);
}

/** `axios.defaults.timeout = 5000`, an interceptor that sets it, undici's global dispatcher. */
function hasDefaults({ name }: Pick<HttpClient, "name">, model: Model): boolean {
  if (name === "axios") return model.repo.files.some((file) => setsTimeout(file, model));
  if (name === "HttpService") return nestDefaults.some((api) => model.usesOf(api).some(({ call }) => mayLimit(call)));
  return /fetch|request/.test(name) && model.usesOf("undici:setGlobalDispatcher").length > 0;
}

/** `HttpModule.register({ timeout: 5000 })`; what is made by a factory cannot be read, and counts. */
const nestDefaults = ["@nestjs/axios:HttpModule.register", "@nestjs/axios:HttpModule.registerAsync"];

function mayLimit({ args: [options] }: CallSite): boolean {
  return options !== undefined && (options.kind !== "object" || options.open || !isOnlyOther(options.entries));
}

function isOnlyOther(entries: Record<string, Known>): boolean {
  return (
    !("timeout" in entries) && !("useFactory" in entries) && !("useClass" in entries) && !("useExisting" in entries)
  );
}

function setsTimeout(file: string, model: Model): boolean {
  const summary = model.summary(file);
  const axios = summary?.imports.some(({ specifier }) => specifier === "axios") === true;
  return axios && summary.writes.some(({ target }) => target.kind === "member" && target.property === "timeout");
}

/** `Promise.race([fetch(url), later])`, `withTimeout(fetch(url), 5000)`. */
function isWrapped({ file, span }: CallSite, model: Model): boolean {
  const calls = model.summary(file)?.calls ?? [];
  return calls.some(
    (outer) =>
      outer.span.start < span.start &&
      span.end <= outer.span.end &&
      /(^|\.)race$|(^|\.)wait_for$|timeout|deadline/i.test(nameOf(outer.callee)),
  );
}

function nameOf(value: Value): string {
  if (value.kind === "member") return `${nameOf(value.object)}.${value.property}`;
  if (value.kind === "imported") return value.name === "default" ? value.specifier : value.name;
  return value.kind === "name" ? value.name : "";
}

/** `req.setTimeout(...)`, an abort timer or rxjs's `timeout(...)` in the same function. */
function isTimedLater({ file, fn }: CallSite, model: Model): boolean {
  const index = indexIn(fn);
  const calls = model.summary(file)?.calls.filter((call) => call.fn === index) ?? [];
  return calls.some(
    ({ callee }) =>
      (callee.kind === "member" && /^(setTimeout|timeout|setdefaulttimeout)$/.test(callee.property)) ||
      (callee.kind === "imported" && /^timeout(With)?$/.test(callee.name)),
  );
}

/** Next keeps what comes back and asks again in the background: `fetch(url, { next: { revalidate: 60 } })`. */
function isKept({ args }: CallSite): boolean {
  return args.some((arg) => {
    const { next, cache } = arg.kind === "object" ? arg.entries : {};
    const revalidate = next?.kind === "object" ? next.entries["revalidate"] : undefined;
    return (
      (cache?.kind === "literal" && cache.value === "force-cache") ||
      (revalidate?.kind === "literal" && revalidate.value !== 0)
    );
  });
}

function hostIn({ call: { args }, addresses = [] }: Use): string | null {
  return /^https?:\/\/([\w.-]+\.\w+)/.exec(addresses[0] ?? beginningOf(args[0]))?.[1] ?? null;
}

/** A response that is streamed on lives longer than any limit for the whole call. */
function fixFor({ call }: Use, client: HttpClient, model: Model): Match["fix"] {
  if (client.index === null || call.args.length < client.index || lacksSignals(call, client, model)) return "brief";
  const own = model.fn(call.fn);
  const text = own === null ? "" : textOf(model, own);
  return /\.body\b\s*(\.|,|\)|\?\.)|responseType:\s*["']stream|getReader\(|stream:\s*true/.test(
    text.replace(/req(uest)?\.body/g, ""),
  )
    ? "brief"
    : "patch";
}

/** Whether the app may run on a Node without `AbortSignal.timeout`; a `fetch` that is Node's own proves a newer one. */
function lacksSignals({ file }: CallSite, client: HttpClient, model: Model): boolean {
  const service = model.service(file);
  if (service === null || !("signal" in client.option("0"))) return false;
  const polyfilled = ["node-fetch", "cross-fetch", "isomorphic-fetch", "whatwg-fetch"];
  if (client.name === "fetch" && !polyfilled.some((name) => name in service.dependencies)) return false;
  return mayBeOlder(model, service, signalNeeds);
}
