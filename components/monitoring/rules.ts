/** What can be missing to notice that the app is not well before its users do. */
import type { Rule } from "../component.ts";

export const rules: readonly Rule[] = [
  {
    id: "monitoring/no-health-endpoint",
    title: "Nothing can ask the app whether it is alive",
    severity: "warning",
    advice:
      "Add an address that says whether the process is alive, and one that says whether it wants requests; neither asks the database.",
  },
  {
    id: "monitoring/health-is-shallow",
    title: "The health check says yes while the database is out of reach",
    severity: "note",
    advice:
      "Keep this address for whether the process lives, and let the host ask a second one that is not ready until the database has answered once.",
  },
  {
    id: "monitoring/no-metrics",
    title: "Nobody can say how fast the app answers, or how often it fails",
    severity: "note",
    advice:
      "Count requests, durations and failures per route: prom-client on a server of your own, OpenTelemetry where a backend takes it.",
  },
  {
    id: "monitoring/no-structured-logs",
    title: "The logs cannot be searched",
    severity: "note",
    advice:
      "Log through one logger that writes JSON with a time, a level and the request's id (pino), console stays for scripts.",
  },
];
