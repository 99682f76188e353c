/** The HTTP clients we can judge: where their options stand, what bounds a call, and how a bound is written. */
import { ANY_VERB } from "../../analyzers/libraries/verbs.ts";
import type { Use } from "../../analyzers/model.ts";
import { budgets, defaults } from "./budgets.ts";
import { pythonClientOf } from "./python-clients.ts";

export interface HttpClient {
  name: string;
  /** Where the options stand among the arguments; null when the recipe does not write them. */
  index: number | null;
  /** Options of which any one bounds the call. */
  bounds: readonly string[];
  /** What the recipe adds. */
  option: (milliseconds: string) => Record<string, string>;
  /** What happens without a bound. */
  otherwise: string;
}

const signal = (milliseconds: string): Record<string, string> => ({ signal: `AbortSignal.timeout(${milliseconds})` });
const timeout = (milliseconds: string): Record<string, string> => ({ timeout: milliseconds });

/** Where `AbortSignal.timeout` appeared: Node 17.3, and 16.14 of the line before (Node documentation, globals). */
export const signalNeeds = { major: 16, minor: 14 } as const;

/** Null for clients that bound themselves (ky: 10 s) and those we do not know. */
export function clientOf(use: Use): HttpClient | null {
  const { api, call } = use;
  if (api.startsWith("pypi:")) return pythonClientOf(use);
  const [name = "", path = ""] = split(api);
  switch (name) {
    case "global":
      return path === "fetch" ? fetchLike("fetch", defaults.fetch) : null;
    case "undici":
      return /^(fetch|request)$/.test(path) ? fetchLike(path, defaults.fetch, ["headersTimeout", "dispatcher"]) : null;
    case "node-fetch":
    case "cross-fetch":
      return path === "" || path === "default" || path === "fetch"
        ? fetchLike(name, defaults["node-fetch"], ["timeout"])
        : null;
    case "@sveltejs/kit":
      return path.endsWith(".fetch") ? fetchLike("fetch", defaults.fetch) : null;
    case "graphql-request":
      return /^(GraphQLClient\(\)\.)?(request|rawRequest|batchRequests|default)$/.test(path)
        ? { ...fetchLike("graphql-request", defaults.fetch, ["fetch"]), index: null }
        : null;
    case "ofetch":
      return ofetch;
    case "axios":
      return axios(path, call.args.length > 0 && call.args[0]?.kind === "object");
    case "@nestjs/axios":
      return nestAxios(path);
    case "got":
      return /^(got\.?)?(extend\(\)\.?)?(get|post|put|patch|delete|head|anyVerb)?$/.test(path) ? got : null;
    case "node:http":
    case "node:https":
      return /^(request|get)$/.test(path) ? node : null;
    default:
      return null;
  }
}

/** Calls that make a client with options of its own, which bound all of its calls; null for others. */
export function makerOf({ api }: Pick<Use, "api">): HttpClient | null {
  const [name = "", path = ""] = split(api);
  if (name === "axios" && /^(default\.)?create$/.test(path)) {
    const client = axios("", true);
    return client === null ? null : { ...client, index: 0 };
  }
  return name === "got" && /^(got\.)?extend$/.test(path) ? { ...got, index: 0 } : null;
}

function split(api: string): string[] {
  const at = api.indexOf(":", api.startsWith("node:") ? 5 : 0);
  return [api.slice(0, at), api.slice(at + 1)];
}

function fetchLike(name: string, otherwise: string, more: readonly string[] = []): HttpClient {
  return { name, index: 1, bounds: ["signal", ...more], option: signal, otherwise };
}

function axios(path: string, configFirst: boolean): HttpClient | null {
  const method = /^(?:default\.)?(?:create\(\)\.?)?(\w*)$/.exec(path)?.[1];
  if (method === undefined) return null;
  const index = {
    get: 1,
    delete: 1,
    head: 1,
    options: 1,
    post: 2,
    put: 2,
    patch: 2,
    request: 0,
    "": configFirst ? 0 : 1,
    [ANY_VERB]: null,
  }[method];
  return index === undefined
    ? null
    : { name: "axios", index, bounds: ["timeout", "signal"], option: timeout, otherwise: defaults.axios };
}

/** Nest's HttpService hands the same options on to axios. */
function nestAxios(path: string): HttpClient | null {
  const method = /^HttpService\(\)\.(?:axiosRef\.)?(\w+)$/.exec(path)?.[1];
  const client = method === undefined ? null : axios(method, true);
  return client === null ? null : { ...client, name: "HttpService" };
}

const got: HttpClient = {
  name: "got",
  index: 1,
  bounds: ["timeout", "signal"],
  option: (milliseconds) => ({ timeout: `{ request: ${milliseconds} }` }),
  otherwise: defaults.got,
};

const ofetch: HttpClient = {
  name: "$fetch",
  index: 1,
  bounds: ["timeout", "signal"],
  option: timeout,
  otherwise: defaults.fetch,
};

/** A framework's own `fetch` takes addresses of the app itself, for which no request is made: these must be known to be others'. */
export function reachesItself({ api }: Pick<Use, "api">): boolean {
  return /^(@sveltejs\/kit|ofetch):/.test(api);
}

/** Node's own `timeout` only emits an event: what is to happen then is the author's to say. */
const node: HttpClient = {
  name: "http.request",
  index: null,
  bounds: ["timeout", "signal"],
  option: signal,
  otherwise: defaults["node:http"],
};

const models =
  /openai|anthropic|together\.|groq|mistral|hugging|generativelanguage|cohere|ollama|openrouter|deepseek|chat\/completions|replicate\.com/i;
const payments = /stripe\.com|paypal|adyen|mollie|razorpay|braintree|square(up)?\.com|paystack|flutterwave/i;
const downloads = /\.(arrayBuffer|blob)\(\)|responseType:\s*["'](arraybuffer|blob)/;

/** Milliseconds for a call, as code: by the services and answers that its function speaks of. */
export function budgetFor(functionText: string): string {
  if (models.test(functionText)) return budgets.model.milliseconds;
  if (payments.test(functionText)) return budgets.payment.milliseconds;
  return downloads.test(functionText) ? budgets.download : budgets.http;
}
