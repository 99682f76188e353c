/** What the coding agent is told where the recipe must not edit. */
import type { Model } from "../../analyzers/model.ts";
import type { Brief } from "../../patches/edit.ts";
import type { Finding } from "../finding.ts";
import { queueLibraryOf } from "./presence.ts";

export function briefFor(finding: Finding, obstacle: string, model: Model): Brief {
  const service = model.service(finding.file);
  const library = service === null ? null : queueLibraryOf(model, service);
  return {
    findingId: finding.id,
    where: { file: finding.file, line: finding.line },
    why: `${finding.message} A recipe does not move it because ${obstacle}.`,
    constraints: [
      library === null
        ? `Bring in one queue at most, on a database the app already has${service?.language === "python" ? " (Celery, RQ or Dramatiq on Redis, Procrastinate on Postgres): threads and background tasks within the web process lose their work at a restart" : ""}.`
        : `Use the queue that is there (${library}).`,
      "A job carries plain data (ids, strings, numbers), never a request, a connection or a file.",
      "A job may run twice: look up whether its effect has happened before making it happen.",
      ...(finding.rule === "queue/llm-call-in-request" ? answered : []),
    ],
    acceptance: `${finding.routes[0] ?? "The route"} answers within 500 ms while the outside service hangs, and the work is done once the service is back.`,
  };
}

/** An answer that carries the model's words cannot be sent before they are written. */
const answered = [
  "When the user needs the model's words, either stream them as they come, or answer 202 with the id of the job and let the client ask for the result.",
  "Change the client together with the route.",
];
