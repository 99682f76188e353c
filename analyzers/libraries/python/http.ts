/** Python: outgoing HTTP and payments. */
import { client, facts, type ClientFact, type LibraryFact } from "../fact.ts";

const METHODS = "get post put patch delete head options request";

export const pythonHttp: readonly LibraryFact[] = [
  ...[
    "pypi:requests:",
    "pypi:requests:Session()",
    "pypi:requests:session()",
    "pypi:requests:sessions.Session()",
  ].flatMap((made) => facts("http", made, METHODS)),
  ...["pypi:httpx:", "pypi:httpx:Client()", "pypi:httpx:AsyncClient()"].flatMap((made) =>
    facts("http", made, `${METHODS} stream`),
  ),
  ...["pypi:aiohttp:ClientSession()", "pypi:aiohttp:client.ClientSession()"].flatMap((made) =>
    facts("http", made, METHODS),
  ),
  { api: "pypi:aiohttp:request", kind: "http" },
  { api: "pypi:urllib:request.urlopen", kind: "http" },
  { api: "pypi:urllib:request.urlretrieve", kind: "http" },
  ...facts("http", "pypi:urllib3:", "request"),
  ...facts("http", "pypi:urllib3:PoolManager()", "request urlopen"),
  ...facts("http", "pypi:http:client.HTTPSConnection()", "request"),
];

const REQUESTS =
  "Requests documentation, Timeouts: nearly all production code should use timeout; without it a request may hang";

export const pythonHttpClients: readonly ClientFact[] = [
  ...METHODS.split(" ").map((method) =>
    client(`pypi:requests:${method}`, {
      timeoutOption: "timeout",
      timeoutOn: "call",
      timeoutUnit: "s",
      optionsAt: 1,
      defaultTimeoutMs: null,
      source: REQUESTS,
    }),
  ),
  ...["Client", "AsyncClient"].map((name) =>
    client(`pypi:httpx:${name}()`, {
      timeoutOption: "timeout",
      timeoutOn: "either",
      timeoutUnit: "s",
      defaultTimeoutMs: 5_000,
      source: "HTTPX documentation, Timeouts: 5 seconds of network inactivity by default",
    }),
  ),
  client("pypi:aiohttp:ClientSession()", {
    timeoutOption: "timeout",
    timeoutOn: "either",
    timeoutUnit: "s",
    defaultTimeoutMs: 300_000,
    source: "aiohttp client reference: ClientTimeout(total=5*60)",
  }),
];

const STRIPE = "create retrieve modify list cancel confirm capture search pay finalize_invoice send_invoice delete";

export const pythonPayment: readonly LibraryFact[] = [
  ...facts("payment", "pypi:stripe:**", STRIPE),
  ...facts("payment", "pypi:stripe:**", "create_async retrieve_async modify_async update"),
  ...facts("payment", "pypi:razorpay:Client().**", "create fetch all capture refund"),
  ...facts("payment", "pypi:braintree:**", "sale generate find"),
  ...facts("payment", "pypi:paypalrestsdk:**", "create execute find"),
  ...facts("payment", "pypi:mollie:**", "create get"),
];
