/** Python's HTTP clients: which calls nothing bounds, and what happens then. */
import type { CallSite, Known, Use } from "../../analyzers/model.ts";
import type { HttpClient } from "./http-clients.ts";

/** Sources: Requests docs (Timeouts: none by default), urllib.request docs (global default: none), urllib3 docs (Timeout default none). */
const forever = "never gives up";
/** aiohttp client reference: ClientTimeout(total=5*60). */
const fiveMinutes = "gives up after five minutes";

const requests = /^((sessions\.)?[Ss]ession\(\)\.)?(get|post|put|patch|delete|head|options|request)$/;

const httpx = /^((Async)?Client\(\)\.)?(get|post|put|patch|delete|head|options|request|stream)$/;

/** Null for clients that bound themselves (HTTPX: 5 s) and those we do not know. */
export function pythonClientOf(use: Use): HttpClient | null {
  const { api, call } = use;
  const [, name = "", path = ""] = /^pypi:([^:]+):(.*)$/.exec(api) ?? [];
  switch (name) {
    case "requests":
      return requests.test(path) ? client(`requests.${path.slice(path.lastIndexOf(".") + 1)}`, forever) : null;
    case "urllib":
      // The third positional argument is the timeout.
      return path === "request.urlopen" && call.args.filter(({ kind }) => kind !== "object").length < 3
        ? client("urlopen", forever)
        : null;
    case "urllib3":
      return /^(PoolManager\(\)\.)?(request|urlopen)$/.test(path) ? client("urllib3", forever) : null;
    case "aiohttp":
      return /^(client\.)?ClientSession\(\)\.(get|post|put|patch|delete|head|options|request)$/.test(path)
        ? client("aiohttp", fiveMinutes)
        : null;
    case "httpx":
      return httpx.test(path) && isUnlimited(use) ? { ...client("httpx", forever), bounds: [] } : null;
    default:
      return null;
  }
}

function client(name: string, otherwise: string): HttpClient {
  return { name, index: null, bounds: ["timeout"], option: (milliseconds) => ({ timeout: milliseconds }), otherwise };
}

/** `timeout=None`, at the call or else where its client is made, switches HTTPX's own limit off. */
function isUnlimited({ call, construction }: Use): boolean {
  const timeout = timeoutIn(call) ?? (construction === null ? undefined : timeoutIn(construction));
  return timeout?.kind === "literal" && timeout.value === null;
}

function timeoutIn({ args }: CallSite): Known | undefined {
  const options = args.find((arg) => arg.kind === "object" && "timeout" in arg.entries);
  return options?.kind === "object" ? options.entries["timeout"] : undefined;
}
