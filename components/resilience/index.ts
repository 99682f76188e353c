/** Resilience: a slow or failing service outside does not take the app with it. */
import { defineComponent } from "../component.ts";
import { detect } from "./detect.ts";
import { experiments } from "./experiments.ts";
import { presence } from "./presence.ts";
import { whenQuiet } from "./quiet.ts";
import { recipe } from "./recipe.ts";

export const resilience = defineComponent({
  id: "resilience",
  title: "Resilience",
  folder: import.meta.dirname,
  rules: [
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
  ],
  services: [],
  presence,
  detect,
  whenQuiet,
  recipe,
  experiments,
});
