/** Graceful shutdown: a deploy, a scale-down or a restart loses no request. */
import { isServerless } from "../../analyzers/deployment/hosting.ts";
import type { Model } from "../../analyzers/model.ts";
import { servesByCommand } from "../../analyzers/services/conventions.ts";
import { unreadReason, unreadServer } from "../../analyzers/serving/serving.ts";
import { defineComponent, type Verdict } from "../component.ts";
import { hasPythonService, withoutPython } from "../without-python.ts";
import { detect, presence } from "./detect.ts";
import { experiments } from "./experiments.ts";
import { recipe } from "./recipe.ts";

export const shutdown = defineComponent({
  id: "shutdown",
  title: "Graceful shutdown",
  folder: import.meta.dirname,
  judgesPython: "whole",
  rules: [
    {
      id: "shutdown/no-graceful-shutdown",
      title: "Every deploy cuts off the requests in flight",
      severity: "warning",
      advice:
        "On SIGTERM report not ready, finish the requests under way, close what is open, and exit before the platform kills.",
    },
    {
      id: "shutdown/incomplete-shutdown",
      title: "The signal to stop is heard, but not followed to the end",
      severity: "warning",
      advice:
        "In the handler: stop taking requests, let those under way finish, close what is open, then exit, with a deadline for all of it.",
    },
  ],
  services: [],
  presence,
  detect,
  whenQuiet,
  recipe,
  experiments,
});

function whenQuiet(model: Model): Verdict {
  const unread = unreadServer(model);
  if (unread !== null) return { verdict: "unknown", reason: unreadReason(unread), tripWire: null };
  const { services, routes } = withoutPython(model) ?? { services: [], routes: [] };
  const processes = services.filter((service) => !isServerless(model, service));
  const unjudged = routes.flatMap((route) => {
    const service = processes.find(({ name }) => name === route.service);
    return service === undefined ? [] : [{ route, service }];
  });
  const byHand = unjudged.find(({ service }) => !servesByCommand(service))?.route;
  if (byHand !== undefined)
    return {
      verdict: "unknown",
      reason: `Requests are answered (${byHand.file}:${byHand.line}), but where the process begins to listen was not found.`,
      tripWire: null,
    };
  if (unjudged.length > 0)
    return {
      verdict: "not_yet",
      reason: "The framework's own command runs the server and hears the signal to stop; no code of the app has to.",
      tripWire:
        "A deploy during which users see failed requests: then look how long the host waits, and what stands between it and the server.",
    };
  if (hasPythonService(model))
    return {
      verdict: "not_applicable",
      reason: "Python's servers (uvicorn, gunicorn) finish their requests themselves when they are told to stop.",
      tripWire: null,
    };
  const hosted = model.services.length > 0 && model.services.every((service) => isServerless(model, service));
  return {
    verdict: "not_applicable",
    reason: hosted
      ? "The host runs functions and ends them between requests; no process is told to stop."
      : "No process here listens for requests.",
    tripWire: null,
  };
}
