/** Outgoing HTTP. */
import { client, facts, type ClientFact, type LibraryFact } from "./fact.ts";
import { ANY_VERB } from "./verbs.ts";

const METHODS = `get post put patch delete head options request ${ANY_VERB}`;

export const http: readonly LibraryFact[] = [
  { api: "global:fetch", kind: "http" },
  { api: "axios:", kind: "http" },
  ...facts("http", "axios:", `${METHODS} postForm putForm patchForm`),
  ...facts("http", "axios:default", METHODS),
  ...["axios:create()", "axios:Axios()"].flatMap((made) => [
    { api: made, kind: "http" as const },
    ...facts("http", made, METHODS),
  ]),
  ...["got:", "got:got"].flatMap((made) => [
    { api: made, kind: "http" as const },
    ...facts("http", made, `${METHODS} stream`),
  ]),
  ...["got:extend()", "got:got.extend()"].flatMap((made) => [
    { api: made, kind: "http" as const },
    ...facts("http", made, METHODS),
  ]),
  ...["ky:", "ky:create()", "ky:extend()"].flatMap((made) => [
    { api: made, kind: "http" as const },
    ...facts("http", made, METHODS),
  ]),
  ...facts("http", "undici:", "fetch request stream pipeline"),
  ...["undici:Pool()", "undici:Client()", "undici:Agent()"].flatMap((made) =>
    facts("http", made, "request stream pipeline"),
  ),
  ...[
    "node-fetch:",
    "cross-fetch:",
    "cross-fetch:fetch",
    "isomorphic-fetch:",
    "make-fetch-happen:",
    "ofetch:ofetch",
    "ofetch:$fetch",
    "ofetch:create()",
    "ofetch:ofetch.create()",
    "ofetch:$fetch.create()",
    "ofetch:$fetch.raw",
    "ofetch:ofetch.raw",
  ].map((api) => ({ api, kind: "http" as const })),
  ...["RequestEvent", "LoadEvent", "ServerLoadEvent"].map((each) => ({
    api: `@sveltejs/kit:${each}().fetch`,
    kind: "http" as const,
  })),
  ...facts("http", "superagent:", `get post put patch del delete head ${ANY_VERB}`),
  ...facts("http", "node:http:", "request get"),
  ...facts("http", "node:https:", "request get"),
  ...["request:", "request-promise:", "request-promise-native:", "needle:", "bent:()"].map((api) => ({
    api,
    kind: "http" as const,
  })),
  ...facts("http", "request:", "get post put patch del delete"),
  ...facts("http", "request-promise:", "get post put patch del delete"),
  ...facts("http", "needle:", `get post put patch delete request ${ANY_VERB}`),
  ...["@nestjs/axios:HttpService()", "@nestjs/axios:HttpService().axiosRef"].flatMap((made) => [
    { api: made, kind: "http" as const },
    ...facts("http", made, METHODS),
  ]),
  ...["@apollo/datasource-rest:RESTDataSource()", "apollo-datasource-rest:RESTDataSource()"].flatMap((made) =>
    facts("http", made, "get post put patch delete head fetch"),
  ),
  ...["ClientProxy", "ClientKafka", "ClientRMQ", "ClientRedis"].flatMap((name) =>
    facts("http", `@nestjs/microservices:${name}()`, "send"),
  ),
  ...facts("http", "graphql-request:", "request rawRequest batchRequests default"),
  ...facts("http", "graphql-request:GraphQLClient()", "request rawRequest batchRequests"),
  ...facts("http", "@octokit/rest:Octokit().**", "request get list create update"),
  ...facts("http", "googleapis:google.**", "insert list get update patch delete send append"),
];

const AXIOS = "axios documentation, request config: timeout 0 (no timeout)";
const UNDICI = "undici documentation: headersTimeout and bodyTimeout 300 s";
const NONE = "the request has no timeout of its own";

function perCall(construct: string, optionsAt: number, source: string, fact: Partial<ClientFact> = {}): ClientFact {
  return client(construct, {
    timeoutOption: "timeout",
    timeoutOn: "call",
    optionsAt,
    defaultTimeoutMs: null,
    source,
    ...fact,
  });
}

function bySignal(construct: string, source: string): ClientFact {
  return perCall(construct, 1, source, { timeoutOption: "signal", timeoutUnit: "signal", defaultTimeoutMs: 300_000 });
}

/** Services of Google whose clients apps make: `google.calendar({ version: "v3", auth })`. */
const GOOGLE = "calendar drive gmail sheets docs slides youtube people tasks forms searchconsole".split(" ");

export const httpClients: readonly ClientFact[] = [
  ...GOOGLE.map((name) =>
    client(`googleapis:google.${name}()`, {
      timeoutOption: "timeout",
      timeoutOn: "either",
      defaultTimeoutMs: null,
      source:
        "gaxios README: a request has no timeout of its own; googleapis hands on the options that a client is made with",
    }),
  ),
  bySignal("global:fetch", `Node's fetch is undici; ${UNDICI}`),
  bySignal("undici:fetch", UNDICI),
  perCall("undici:request", 1, UNDICI, { timeoutOption: "headersTimeout", defaultTimeoutMs: 300_000 }),
  perCall("node-fetch:", 1, "node-fetch README: no timeout; signal since 2.3, timeout option up to 2", {
    timeoutOption: "signal",
    timeoutUnit: "signal",
  }),
  perCall("axios:", 1, AXIOS, { timeoutOn: "either" }),
  client("axios:create()", { timeoutOption: "timeout", timeoutOn: "either", defaultTimeoutMs: null, source: AXIOS }),
  perCall("got:", 1, "got documentation, timeout: none by default, retry.limit 2", {
    retries: { option: "retry.limit", default: 2 },
  }),
  perCall("got:got", 1, "got documentation, timeout: none by default, retry.limit 2", {
    retries: { option: "retry.limit", default: 2 },
  }),
  perCall("ky:", 1, "ky README: timeout 10 s, retry.limit 2", {
    defaultTimeoutMs: 10_000,
    retries: { option: "retry.limit", default: 2 },
  }),
  perCall("superagent:", 1, `superagent: ${NONE}; .timeout() sets one`, { timeoutOption: null }),
  perCall("node:http:request", 0, `Node documentation, http.request: ${NONE}`),
  perCall("node:https:request", 0, `Node documentation, https.request: ${NONE}`),
  perCall("node:http:get", 1, `Node documentation, http.get: ${NONE}`),
  perCall("node:https:get", 1, `Node documentation, https.get: ${NONE}`),
  perCall("request:", 0, `request: ${NONE}`),
];
