/** Calls to other services that nothing bounds in time. */
import { textOf } from "../../analyzers/code/text.ts";
import { indexIn } from "../../analyzers/ids.ts";
import { isPython } from "../../analyzers/repo/source-file.ts";
import type { CallSite, Known, Model, Reach, Use } from "../../analyzers/model.ts";
import { mayBeOlder } from "../../analyzers/deployment/node-version.ts";
import type { Value } from "../../analyzers/summary.ts";
import type { Match } from "../finding.ts";
import { defaults } from "./budgets.ts";
import { clientOf, signalNeeds } from "./http-clients.ts";
import type { HttpClient } from "./http-clients.ts";
import { evidenceOf } from "../evidence.ts";
import { groupsOf, hostIn, placesBeside, type HttpGroup, type Unbounded } from "./http-groups.ts";
import { staysAtHome } from "./own-address.ts";
import { pythonHttpEdit } from "./python-edits.ts";
import { confidenceOf, isLetGo, waitersIn, waysTo } from "./reached.ts";

export const httpRule = "resilience/external-http-no-timeout";

export function httpTimeouts(model: Model): Match[] {
  return unboundedGroups(model).map((group) => {
    const { lead, members, made } = group;
    const { use, client } = lead;
    const place = made ?? use.call;
    const ways = waitingIn(
      members.flatMap((each) => each.ways),
      model,
    );
    const beside = placesBeside(group).map(({ file, line }) => ({ file, line }));
    const more =
      members.length === 1
        ? ""
        : ` So it is with ${members.length - 1} more ${made === null ? "in this file" : "through this client"}.`;
    return {
      rule: httpRule,
      file: place.file,
      line: place.line,
      confidence: lead.confidence,
      message: `${waitersIn(ways)} waits for ${hostIn(use) ?? "another service"} without a limit of its own: \`${client.name}\` ${otherwise(client, model)}, and every request that hangs keeps its connection and memory.${more}`,
      also: beside,
      ...evidenceOf(ways),
      call: place.id,
      anchor: `${use.api} in ${model.fn(use.call.fn)?.name ?? "a function"}`,
      fix: made === null ? lead.fix : "patch",
    };
  });
}

/** On Cloudflare `fetch` is not Node's: a Worker may wait as long as its caller does (Cloudflare docs, Workers limits, duration). */
function otherwise({ name, otherwise: known }: HttpClient, { deploy }: Model): string {
  return name === "fetch" && deploy.some(({ target }) => target === "cloudflare") ? defaults["node-fetch"] : known;
}

const groups = new WeakMap<Model, HttpGroup[]>();

function unboundedGroups(model: Model): HttpGroup[] {
  const known = groups.get(model) ?? groupsOf(perFunction(unboundedCalls(model)), model);
  groups.set(model, known);
  return known;
}

/** All calls that one finding is about, or the one place that bounds them. */
export function callsToBound(call: CallSite, model: Model): CallSite[] {
  const group = unboundedGroups(model).find(({ lead, made }) => (made ?? lead.use.call).id === call.id);
  if (group === undefined || group.made !== null) return [call];
  return group.members.flatMap(({ use, others }) => [use.call, ...others]);
}

/** Those who wait; all of them where the work is let go and nobody does. */
function waitingIn(ways: readonly Reach[], model: Model): readonly Reach[] {
  const waiting = ways.filter((way) => !isLetGo(way, model));
  return waiting.length > 0 ? waiting : ways;
}

/** The branches of one Python function (`requests.get`, `requests.post`, ...) are one matter: which of them a route takes is not read. */
function perFunction(found: readonly Unbounded[]): Unbounded[] {
  const first = new Map<string, Unbounded>();
  for (const each of found) {
    const { call } = each.use;
    const key = isPython(call.file) ? call.fn : call.id;
    const known = first.get(key);
    if (known === undefined) first.set(key, each);
    else if (known.use.call.id !== call.id) {
      known.others.push(call);
      if (each.fix === "brief") known.fix = "brief";
    }
  }
  return [...first.values()];
}

function unboundedCalls(model: Model): Unbounded[] {
  return model.uses.flatMap((use) => {
    const client = use.call.isNew ? null : clientOf(use);
    if (client === null || isBounded(use, client, model) || staysAtHome(use.call, model)) return [];
    const ways = waysTo(use.call, model);
    if (ways.length === 0) return [];
    const isHidden = isKept(use.call) || ways.every((way) => isLetGo(way, model));
    const confidence = isHidden ? "low" : confidenceOf(use.certainty, ways, use.call);
    return [{ use, client, ways, fix: fixFor(use, client, model), confidence, others: [] }];
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

/** A response that is streamed on lives longer than any limit for the whole call. */
function fixFor({ call }: Use, client: HttpClient, model: Model): Match["fix"] {
  if (isPython(call.file)) return pythonHttpEdit(call, model) === null ? "brief" : "patch";
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
