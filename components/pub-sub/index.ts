/** Pub-sub: what has happened is announced once, and everybody who cares hears of it without the publisher waiting. */
import type { Model } from "../../analyzers/model.ts";
import { unreadReason, unreadServer } from "../../analyzers/serving/serving.ts";
import { defineComponent, type Verdict } from "../component.ts";
import { detect } from "./detect.ts";
import { presence } from "./presence.ts";
import { recipe } from "./recipe.ts";

export const pubSub = defineComponent({
  id: "pub-sub",
  title: "Pub-sub",
  folder: import.meta.dirname,
  rules: [
    {
      id: "pub-sub/event-fanout-inline",
      title: "One request does what several listeners should do",
      severity: "warning",
      advice: "Store one event with the order, and let each listener take it up by itself, with retries.",
    },
    {
      id: "pub-sub/in-process-bus-across-services",
      title: "Events end at the border of the process",
      severity: "warning",
      advice: "Carry them by what all processes share: Redis, or the database.",
    },
  ],
  services: ["redis"],
  presence,
  detect,
  whenQuiet,
  recipe,
  experiments: [],
});

function whenQuiet(model: Model): Verdict {
  const server = unreadServer(model);
  if (server !== null) return { verdict: "unknown", reason: unreadReason(server), tripWire: null };
  if (!model.entries.some(({ kind }) => /^(route|worker-job|schedule|socket)$/.test(kind)))
    return { verdict: "not_applicable", reason: "Nothing here answers requests or runs jobs.", tripWire: null };
  return {
    verdict: "not_yet",
    reason: "No request was seen to tell three or more others itself, and no event needs to reach another process.",
    tripWire:
      "The third thing that has to happen for one event (a mail, a chat, a hook), or live updates with a second copy of the app: see the handler, and the number of instances at your host.",
  };
}
