/** What the coding agent is told where the recipe must not edit. */
import type { Model } from "../../analyzers/model.ts";
import type { Brief } from "../../patches/edit.ts";
import type { Finding } from "../finding.ts";
import { queueLibraryOf } from "./presence.ts";

/** Rules that no recipe covers: why, and what shows that it is done. */
const byHand: Readonly<Record<string, { because: string; acceptance: string; constraints?: readonly string[] }>> = {
  "queue/image-processing-in-request": {
    because: "files have to lie where the worker can read them first",
    acceptance: "The upload answers before the picture is worked on, and the result is there a moment later.",
  },
  "queue/pdf-in-request": {
    because: "files have to lie where every instance can read them first",
    acceptance: "The request answers with a job or a link, and the document is there a moment later.",
  },
  "queue/long-work-in-request": {
    because: "how far the work has come must be kept, so that a second try goes on instead of beginning anew",
    acceptance: "The route answers within 500 ms with ten times the rows, and every row is worked on exactly once.",
  },
  "queue/heavy-cpu-in-request": {
    because: "its result is used, and the functions around it have to become asynchronous",
    constraints: [
      "Where the library has an asynchronous form of the same call (`bcrypt.compare`, `crypto.scrypt`), awaiting that is the whole change; its result and its errors reach the same lines as before.",
      "Whoever calls a function that has become asynchronous awaits it.",
      "Work of one's own goes to a worker thread where the answer needs it, to the app's queue where nobody waits for it.",
    ],
    acceptance: "While ten such requests run, a light route still answers within 100 ms.",
  },
  "queue/external-http-in-request": {
    because: "what is sent has to be checked for values that a job cannot carry",
    acceptance: "The route answers within 500 ms while the other service hangs, and the call is made once it is back.",
  },
  "queue/worker-in-web-process": {
    because: "how many processes there are is decided where the app is deployed",
    acceptance: "The web process answers requests and takes up no job; the worker process takes up all of them.",
  },
  "queue/worker-never-started": {
    because: "how the process is started is decided where the app is deployed",
    acceptance: "A job that is put into the queue is done within a minute, without a command by hand.",
  },
};

/** The brief for a finding that no recipe covers; null when one does. */
export function briefByHand(finding: Finding, model: Model): Brief | null {
  const hand = Object.hasOwn(byHand, finding.rule) ? byHand[finding.rule] : undefined;
  if (hand === undefined) return null;
  const brief = briefFor(finding, hand.because, model);
  return { ...brief, acceptance: hand.acceptance, constraints: [...(hand.constraints ?? brief.constraints)] };
}

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
