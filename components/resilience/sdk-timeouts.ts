/** SDK clients left on defaults made for batch jobs: minutes per try, and several tries. */
import { clientOf } from "../../analyzers/libraries/index.ts";
import type { ClientFact } from "../../analyzers/libraries/index.ts";
import type { CallSite, Known, Model, Reach, SinkKind, Use } from "../../analyzers/model.ts";
import { isPython } from "../../analyzers/repo/source-file.ts";
import { placesOf } from "../advice.ts";
import type { Confidence, Match } from "../finding.ts";
import { budgets } from "./budgets.ts";
import { evidenceOf } from "../evidence.ts";
import { confidenceOf, waitersIn, waysTo } from "./reached.ts";

export const sdkRule = "resilience/sdk-default-timeout";

/** A client whose calls may take longer than any user waits. */
export interface Sdk {
  fact: ClientFact;
  /** The option that bounds its calls; dotted when nested. */
  option: string;
  budget: { milliseconds: string; retries: string };
}

/** Longest time with all tries that a default may take before it is worth a word. */
export const bearableMs = 60_000;

/** The client that this construction makes, when its defaults are longer than bearable and can be set there or at its calls. */
export function sdkOf(use: Use, kind: SinkKind | null): Sdk | null {
  const made = `${use.api}()`;
  const fact = clientOf(made);
  const budget = budgetOf(use, kind);
  if (fact === null || budget === null || fact.construct !== made) return null;
  if (fact.timeoutOption === null || fact.timeoutUnit === "signal") return null;
  return longestMs(fact) > bearableMs ? { fact, option: fact.timeoutOption, budget } : null;
}

function budgetOf({ package: name }: Use, kind: SinkKind | null): Sdk["budget"] | null {
  if (kind === "model") return budgets.model;
  if (kind === "payment") return budgets.payment;
  return name === "googleapis" && kind !== null ? budgets.google : null;
}

function longestMs({ defaultTimeoutMs, retries }: ClientFact): number {
  return defaultTimeoutMs === null ? Number.POSITIVE_INFINITY : defaultTimeoutMs * (1 + (retries?.default ?? 0));
}

/** A client whose calls nothing bounds. */
interface OpenClient {
  use: Use;
  sdk: Sdk;
  calls: Use[];
  ways: Reach[];
  confidence: Confidence;
  fix: Match["fix"];
}

export function sdkTimeouts(model: Model): Match[] {
  return groupsOf(model).map((group) => matchFor(group, model));
}

/** All clients that one finding is about: it stands at the first of them. */
export function clientsToBound(call: CallSite, model: Model): Use[] {
  const group = groupsOf(model).find(([lead]) => lead.use.call.id === call.id);
  return (group ?? []).map(({ use }) => use);
}

type Group = readonly [OpenClient, ...OpenClient[]];

const known = new WeakMap<Model, readonly Group[]>();

/** The clients of one SDK in one service are one matter, the surest first; those that cannot be edited are another. */
function groupsOf(model: Model): readonly Group[] {
  const found = known.get(model) ?? grouped(openClients(model), model);
  known.set(model, found);
  return found;
}

function grouped(clients: readonly OpenClient[], model: Model): Group[] {
  const groups = new Map<string, [OpenClient, ...OpenClient[]]>();
  const surest = (["high", "medium", "low"] as const).flatMap((each) =>
    clients.filter(({ confidence }) => confidence === each),
  );
  for (const client of surest) {
    const { use, fix, confidence } = client;
    const service = model.service(use.call.file)?.name ?? "";
    const key = JSON.stringify([service, use.package, fix, confidence === "low"]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [client]);
    else group.push(client);
  }
  return [...groups.values()];
}

function openClients(model: Model): OpenClient[] {
  return model.uses.flatMap((use) => {
    if (!clientOf(`${use.api}()`)) return [];
    const sdk = sdkOf(use, kindOf(use, model));
    if (sdk === null || isBounded(use, sdk.fact, model) || isBoundedForAll(use, model)) return [];
    const calls = openCalls(use, model);
    const ways = calls.flatMap(({ call }) => waysTo(call, model));
    if (ways.length === 0) return [];
    // What carries files to Google takes as long as they are large: its author knows how large.
    const isKnown = !isPython(use.call.file) && use.package !== "googleapis";
    const fix = isKnown && isWritable(use.call.args, sdk.fact, calls) ? "patch" : "brief";
    return [{ use, sdk, calls, ways, confidence: confidenceOf(use.certainty, ways), fix }];
  });
}

/** The calls on the client that set no limit of their own. */
export function openCalls({ call: made }: Use, model: Model): Use[] {
  const runs = ({ file }: CallSite): boolean => ["server", "worker"].includes(model.context(file));
  return model
    .usesOn(made)
    .filter((use) => use.kind !== null && runs(use.call) && !isBoundedCall(use.call) && !isBoundedCopy(use, model));
}

/** `client.withOptions({ timeout: 15_000 }).chat...`: the copy has a limit of its own, or options that cannot be read. */
function isBoundedCopy(use: Use, model: Model): boolean {
  return model.callsIn(use).some((call) => {
    const [options] = call.args;
    return (
      model.usesAt(call).some(({ api }) => api.endsWith(".withOptions")) &&
      (options?.kind !== "object" || options.open || "timeout" in options.entries)
    );
  });
}

/** What the calls on the client do: `model`, `payment`; null when none is known. */
export function kindOf({ call }: Use, model: Model): SinkKind | null {
  return model.usesOn(call).find(({ kind }) => kind !== null)?.kind ?? null;
}

function matchFor(group: Group, model: Model): Match {
  const [{ use, sdk, confidence, fix }, ...others] = group;
  const { file, line } = use.call;
  const ways = group.flatMap((each) => each.ways);
  const beside = [
    ...others.map((other) => other.use.call),
    ...group.flatMap(({ calls }) => calls.map(({ call }) => call)),
  ];
  const more = others.length === 0 ? "" : ` So it is with ${others.length} more of its clients here.`;
  return {
    rule: sdkRule,
    file,
    line,
    confidence,
    message: `While ${hostNamed(use)} hangs, ${waitersIn(ways)} hangs too: the client is made without a timeout and ${patienceOf(sdk.fact, isOlder(use, sdk.fact, model))}.${more}`,
    also: placesOf(beside, use.call),
    ...evidenceOf(ways),
    call: use.call.id,
    anchor: `${use.api} in ${model.fn(use.call.fn)?.name ?? "a module"}`,
    fix,
  };
}

const hosts = new Map([
  ["@anthropic-ai/sdk", "Anthropic"],
  ["anthropic", "Anthropic"],
  ["openai", "OpenAI"],
  ["stripe", "Stripe"],
  ["groq", "Groq"],
  ["googleapis", "Google"],
  ["@langchain/openai", "the model"],
  ["@langchain/groq", "Groq"],
]);

function hostNamed({ package: name }: Use): string {
  const plain = name.replace(/^pypi:/, "");
  return hosts.get(plain) ?? plain;
}

/** Before the versions of which the fact is told: what came first was no repetition. */
function isOlder({ call, package: name }: Use, { versions }: ClientFact, model: Model): boolean {
  const [, least] = /^>=(\d+)/.exec(versions ?? "") ?? [];
  const [, own] = /(\d+)/.exec(model.service(call.file)?.dependencies[name] ?? "") ?? [];
  return least !== undefined && own !== undefined && Number(own) < Number(least);
}

/** `waits up to 10 minutes, 3 times over`. */
function patienceOf({ defaultTimeoutMs, retries }: ClientFact, isOlder: boolean): string {
  if (defaultTimeoutMs === null) return "never gives up";
  const seconds = defaultTimeoutMs / 1000;
  const time = seconds > 90 ? `${Math.round(seconds / 60)} minutes` : `${seconds} seconds`;
  return `waits up to ${time}${isOlder || retries === null || retries.default === 0 ? "" : `, ${1 + retries.default} times over`}`;
}

/** Whether the options can be set where they stand: a literal, or the next argument. */
function isWritable(
  args: readonly Known[],
  { optionsAt, timeoutOption, timeoutOn }: ClientFact,
  calls: readonly Use[],
) {
  if (timeoutOption?.includes(".") === true) return false;
  if (timeoutOn === "call") return calls.every(({ call }) => call.args.length === optionsAt);
  const given = args[optionsAt];
  return given === undefined ? args.length === optionsAt : given.kind === "object";
}

/** Options that cannot be read count as bounded: silence rather than a guess. */
function isBounded({ call: { args } }: Use, fact: ClientFact, model: Model): boolean {
  const { timeoutOption, timeoutOn, optionsAt } = fact;
  if (timeoutOn === "call") return args.length > 1 || sharedOptions(args[0], model);
  const options = args[optionsAt];
  if (options === undefined) return false;
  const [head = ""] = (timeoutOption ?? "").split(".");
  return options.kind !== "object" || options.open || head in options.entries || "http_client" in options.entries;
}

/** `google.options({ timeout: 10_000 })` holds for every client of Google. */
function isBoundedForAll({ package: name }: Use, model: Model): boolean {
  if (name !== "googleapis") return false;
  return maySet(model.usesOf("googleapis:google.options"), "timeout");
}

/** Clients made from a configuration object of their package, whose `baseOptions` hold for every call. */
function sharedOptions(configuration: Known | undefined, model: Model): boolean {
  if (configuration?.kind !== "external") return configuration !== undefined && configuration.kind !== "object";
  return maySet(model.usesOf(configuration.api.replace(/\(\)$/, "")), "baseOptions");
}

/** Whether one of the calls is given this option, or something that cannot be read. */
function maySet(uses: readonly Use[], option: string): boolean {
  return uses.some(({ call: { args } }) =>
    args.some((arg) => arg.kind !== "object" || arg.open || option in arg.entries),
  );
}

function isBoundedCall({ args, file }: CallSite): boolean {
  const last = args.at(-1);
  return (
    (args.length > 1 || isPython(file)) &&
    last?.kind === "object" &&
    ("timeout" in last.entries || "signal" in last.entries)
  );
}
