/** Counts and times the requests that this process answers, for Prometheus: at METRICS_PORT. */
import { subscribe } from "node:diagnostics_channel";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { collectDefaultMetrics, Histogram, register } from "prom-client";

/** What Node tells of each request that an http server of this process gets. */
interface Exchange {
  request: IncomingMessage & { baseUrl?: string; route?: { path?: unknown } };
  response: ServerResponse;
  server: unknown;
}

const port = Number(process.env.METRICS_PORT ?? 0);
if (port > 0) serveMetrics(port);

function serveMetrics(at: number): void {
  collectDefaultMetrics();
  const seconds = new Histogram({
    name: "http_request_duration_seconds",
    help: "Time from the arrival of a request to the end of its answer.",
    labelNames: ["method", "route", "status"],
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  });
  const started = new WeakMap<object, number>();
  const server = createServer((_, response) => {
    register.metrics().then(
      (text) => response.setHeader("Content-Type", register.contentType).end(text),
      () => response.writeHead(500).end(),
    );
  });
  subscribe("http.server.request.start", (message) => {
    const exchange = message as Exchange;
    if (exchange.server !== server) started.set(exchange.request, performance.now());
  });
  subscribe("http.server.response.finish", (message) => {
    const { request, response } = message as Exchange;
    const start = started.get(request);
    if (start === undefined) return;
    const { method = "" } = request;
    const labels = { method, route: routeOf(request), status: response.statusCode };
    seconds.observe(labels, (performance.now() - start) / 1000);
  });
  server.on("error", (error) => console.error("No metrics are served:", error.message));
  // Metrics alone keep no process alive.
  server.listen(at).unref();
}

/** The pattern, never the address itself: one time series per route, not per user. */
function routeOf({ baseUrl = "", route }: Exchange["request"]): string {
  // Where a router hangs, Express says the address: `/shops/42` for `/shops/:id`.
  const base = baseUrl.replace(/\/(\d+|[\da-f-]{20,})(?=\/|$)/gi, "/:id");
  return typeof route?.path === "string" ? `${base}${route.path}` : "other";
}
