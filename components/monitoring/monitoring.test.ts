/** Monitoring: its fixtures, and which routes answer a probe. */
import { expect, it } from "vitest";
import { testComponent } from "../testing/test-component.ts";
import { isHealthRoute } from "./detect.ts";
import { monitoring } from "./index.ts";

testComponent(monitoring);

it.each([
  ["GET", "/livez", true],
  ["GET", "/api/v1/healthz", true],
  ["HEAD", "/health", true],
  ["ALL", "/_health", true],
  ["GET", "/*/health", true],
  ["GET", "/api/health/live", true],
  ["GET", "/health-check", true],
  ["GET", "/internal/healthcheck", true],
  ["GET", "/ping", true],
  ["GET", "/api/status", true],
  ["GET", "/admin/metrics/health", false],
  ["GET", "/api/admin/health", false],
  ["GET", "/metrics/health", false],
  ["POST", "/health", false],
  ["GET", "/orders/:id/status", false],
  ["GET", "/streams/live", false],
  ["GET", "/health/records", false],
  ["GET", "/users/:id/health", false],
  ["GET", "/healthy-recipes", false],
])("%s %s answers a probe: %s", (method, path, expected) => {
  expect(isHealthRoute({ method, path })).toBe(expected);
});
