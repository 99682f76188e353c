/** What can make a slow or failing service outside take the app along. */
import type { Rule } from "../component.ts";

export const rules: readonly Rule[] = [
  {
    id: "resilience/external-http-no-timeout",
    title: "A call to another service has no time limit",
    severity: "warning",
    advice: "Give the call a timeout that its users would accept.",
  },
  {
    id: "resilience/smtp-no-timeout",
    title: "A hanging mail server hangs the app",
    severity: "warning",
    advice: "Set connection, greeting and socket timeouts on the mail transport.",
  },
  {
    id: "resilience/sdk-default-timeout",
    title: "An SDK waits for minutes by default",
    severity: "warning",
    advice: "Give the client a timeout and a number of tries that a request can bear.",
  },
  {
    id: "resilience/secondary-failure-breaks-primary",
    title: "A failing side matter fails the whole request",
    severity: "error",
    advice: "Catch and log the failure of the side matter, or move it to a queue.",
  },
  {
    id: "resilience/no-retry-on-external",
    title: "One hiccup of another service fails the request",
    severity: "note",
    advice:
      "Repeat reads once or twice with a short pause, inside the time that the user would wait; hand messages to a queue that repeats them.",
  },
  {
    id: "resilience/swallow-error",
    title: "A failure is thrown away",
    severity: "warning",
    advice: "Log the error with what it was about, and either answer that it failed or keep the work to try it again.",
  },
  {
    id: "resilience/boot-depends-on-external",
    title: "The app does not start while another service is away",
    severity: "note",
    advice:
      "Listen first and connect beside it, trying again with growing pauses; readiness tells the host when requests may come.",
  },
  {
    id: "resilience/hardcoded-service-address",
    title: "The address of another service is written into the code",
    severity: "warning",
    advice: "Read the address from the environment, with the present one as the default for development only.",
  },
];
