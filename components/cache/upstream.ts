/** Looks for answers of other services that are the same for everybody and asked for anew with each request. */
import { indexIn } from "../../analyzers/ids.ts";
import { textOf } from "../../analyzers/code/text.ts";
import { isServerless } from "../../analyzers/deployment/hosting.ts";
import type { CallSite, Known, Model, Reach, Use } from "../../analyzers/model.ts";
import { originsOf, type Origin } from "../../analyzers/flow/origins.ts";
import type { Value } from "../../analyzers/summary.ts";
import { adviceOnCall, inWords, waysOf } from "../advice.ts";
import type { Confidence, Match } from "../finding.ts";
import { isKept } from "./kept.ts";

const asking =
  /^(global:fetch|undici:(fetch|request)|node-fetch:|cross-fetch:(fetch)?|isomorphic-fetch:|axios:(default)?|axios:(create\(\))?|got:(got)?|ky:|needle:|superagent:get|(.*[.:])get|ofetch:ofetch)$/;

export function repeatedAsking(model: Model): Match[] {
  return perPage(askings(model));
}

/** A page that asks five times is one thing to mend: the first place counts, the others stand beside it. */
function perPage(matches: readonly Match[]): Match[] {
  const pages = new Map<string, Match>();
  for (const match of matches) {
    const key = match.routes.join("\n");
    const first = pages.get(key);
    if (first === undefined) pages.set(key, match);
    else first.also.push({ file: match.file, line: match.line });
  }
  return [...pages.values()];
}

function askings(model: Model): Match[] {
  return model.usesOfKind("http").flatMap((use) => {
    if (!asking.test(use.api) || use.call.isNew || model.context(use.call.file) !== "server" || !isReading(use.call))
      return [];
    const ways = model.reach(use.call).filter(({ entry }) => entry.kind === "route" && isLookingUp(entry.label));
    const confidence = ways.length === 0 ? null : confidenceOf(model, use);
    if (confidence === null || ways.every((way) => isKept(model, use.call, way))) return [];
    return [matchOf(model, use, ways, confidence)];
  });
}

/** Not checks of how the other service is now, nor callbacks of a login; a POST may be the refresh itself. */
function isLookingUp(label: string): boolean {
  const aside = /health|ready|live|status|ping|\/(oauth|callback|webhooks?|auth)\b/i;
  return /^(GET|QUERY|ALL)\b/.test(label) && !aside.test(label);
}

function isReading({ args }: CallSite): boolean {
  return args.every((arg) => {
    const method = arg.kind === "object" ? arg.entries["method"] : undefined;
    const hasBody = arg.kind === "object" && (arg.entries["body"] !== undefined || arg.entries["data"] !== undefined);
    return !hasBody && (method === undefined || (method.kind === "literal" && /^get$/i.test(String(method.value))));
  });
}

const personal: ReadonlySet<Origin> = new Set([
  "user",
  "headers",
  "cookies",
  "address",
  "body",
  "file",
  "message",
  "derived",
  "request",
  "unknown",
  "computed",
]);
/** Hosts and words of what changes by the hour at most and is nobody's own. */
const publicly =
  /open-meteo|openweathermap|weatherapi|weather|forecast|exchange-?rate|er-api|frankfurter|fixer\.io|currency|coingecko|coinmarketcap|newsapi|restcountries|pokeapi|themoviedb|omdbapi|api\.github\.com\/(repos|users)|contentful|sanity\.io|prismic|jwks|well-known|dictionaryapi|ghibli|openlibrary|spacexdata/i;

/** `high`: the address is written out and nothing in it comes from the request. Null: the answer may be one user's own. */
function confidenceOf(model: Model, { call, construction }: Use): Confidence | null {
  const fact = model.summary(call.file)?.calls[indexIn(call.id)];
  const [address] = fact?.args ?? [];
  if (fact === undefined || address === undefined) return null;
  const origins = new Set(fact.args.flatMap((arg) => [...originsOf(model, call.file, withoutSignal(arg))]));
  if ([...origins].some((origin) => personal.has(origin))) return null;
  const text = addressText(call.args[0]) ?? (construction === null ? null : addressText(baseOf(construction)));
  if (
    text !== null &&
    /localhost|127\.0\.0\.1|0\.0\.0\.0|\.(internal|local)\b|^https?:\/\/[\w-]+(:\d+)?(\/|$)/.test(text)
  )
    return null;
  const isPublic = publicly.test(`${text ?? ""} ${textOf(model, call)}`);
  if (origins.size > 0) return isPublic ? "medium" : null;
  const isWritten = text !== null && /^https?:\/\/[\w-]+\.[\w.-]+/.test(text);
  return isWritten ? (isPublic ? "high" : "medium") : isPublic ? "medium" : "low";
}

/** A time limit says nothing about the answer. */
function withoutSignal(value: Value): Value {
  if (value.kind !== "object") return value;
  return {
    ...value,
    entries: value.entries.filter(({ key }) => !/^(signal|timeout|agent|dispatcher|next|cache)$/.test(key)),
  };
}

function baseOf({ args }: CallSite): Known | undefined {
  const [options] = args;
  return options?.kind === "object" ? (options.entries["baseURL"] ?? options.entries["prefixUrl"]) : undefined;
}

function addressText(known: Known | undefined): string | null {
  if (known?.kind === "literal") return String(known.value);
  if (known?.kind === "template") return known.parts.map((part) => part ?? "*").join("");
  if (known?.kind === "env") return known.default === null ? null : String(known.default);
  if (known?.kind === "object") return addressText(known.entries["url"] ?? known.entries["uri"]);
  return null;
}

function matchOf(model: Model, use: Use, ways: readonly Reach[], confidence: Confidence): Match {
  const { routes, path } = waysOf(ways);
  const service = model.service(use.call.file);
  const where =
    service !== null && isServerless(model, service) ? " (functions share nothing but the host's cache)" : "";
  return adviceOnCall("cache/external-call-on-every-request", use.call, {
    confidence,
    message: `${inWords(routes, "A route")} ${routes.length === 1 ? "asks" : "ask"} another service anew for each visitor, though the answer is the same for everybody${where}: each page waits for it, its limit on calls is used up by your traffic, and when it is down, so are you.`,
    routes,
    path,
    fix: where === "" ? "patch" : "brief",
    anchor: `${use.api} in ${model.fn(use.call.fn)?.name ?? "a function"}`,
  });
}
