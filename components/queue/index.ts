/** Queue: slow outside work leaves the request and survives restarts. */
import type { Model } from "../../analyzers/model.ts";
import { unreadReason, unreadServer } from "../../analyzers/serving/serving.ts";
import { defineComponent } from "../component.ts";
import type { Verdict } from "../component.ts";
import { detect } from "./detect.ts";
import { experiments } from "./experiments.ts";
import { presence } from "./presence.ts";
import { recipe } from "./recipe.ts";

export const queue = defineComponent({
  id: "queue",
  title: "Queue",
  folder: import.meta.dirname,
  judgesPython: "whole",
  rules: [
    {
      id: "queue/mail-in-request",
      title: "Mail is sent while the user waits",
      severity: "warning",
      advice: "Store a job and answer; let a worker send the mail, with retries.",
    },
    {
      id: "queue/llm-call-in-request",
      title: "A model is asked while the user waits",
      severity: "warning",
      advice: "Let a worker ask the model, or stream its words to the user as they come.",
    },
    {
      id: "queue/push-in-request",
      title: "A notification is sent while the user waits",
      severity: "warning",
      advice: "Store a job and answer; let a worker send the notification, with retries.",
    },
    {
      id: "queue/image-processing-in-request",
      title: "Images or media are processed while the user waits",
      severity: "warning",
      advice: "Store the original and answer; let a worker make the other sizes and formats.",
    },
    {
      id: "queue/pdf-in-request",
      title: "A document is made while the user waits",
      severity: "warning",
      advice: "Let a worker make the document, keep it where all instances can read it, and hand out a link.",
    },
    {
      id: "queue/long-work-in-request",
      title: "A request does work that grows with the data",
      severity: "warning",
      advice: "Answer at once with the id of a job; let a worker go through the rows and keep its place.",
    },
    {
      id: "queue/heavy-cpu-in-request",
      title: "A request blocks all others",
      severity: "warning",
      advice: "Use the asynchronous form of the call, or let a worker do it.",
    },
    {
      id: "queue/external-http-in-request",
      title: "Another service is told something while the user waits",
      severity: "warning",
      advice: "Store a job and answer; let a worker make the call, with retries.",
    },
    {
      id: "queue/worker-in-web-process",
      title: "Jobs run in the process that answers requests",
      severity: "note",
      advice: "Give the worker an entry file and a process of its own, from the same image.",
    },
    {
      id: "queue/worker-never-started",
      title: "Jobs are stored and never done",
      severity: "error",
      advice: "Start the worker as a process of its own, and have it deployed with the web process.",
    },
    {
      id: "queue/detached-background-work",
      title: "Background work is lost at every restart",
      severity: "warning",
      advice: "Store a job, so that the work survives a restart and is tried again when it fails.",
    },
  ],
  notesAreAsides: true,
  services: ["postgres", "redis", "mongodb"],
  presence,
  detect,
  whenQuiet: (model) =>
    model.routes.length === 0
      ? withoutRoutes(model)
      : {
          verdict: "not_yet",
          reason: "No request waits for mail, a model or other outside work that could be done later.",
          tripWire:
            "A route whose 95th percentile passes 500 ms because it waits for outside work: see its timings in the access log or the tracing.",
        },
  recipe,
  experiments,
});

function withoutRoutes(model: Model): Verdict {
  const server = unreadServer(model);
  return server === null
    ? {
        verdict: "not_applicable",
        reason: "Nothing here answers requests, so no user waits for background work.",
        tripWire: null,
      }
    : { verdict: "unknown", reason: unreadReason(server), tripWire: null };
}
