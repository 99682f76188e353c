/** What the coding agent is told where only somebody who knows the app should edit. */
import type { Brief } from "../../patches/edit.ts";
import type { Finding } from "../finding.ts";
import type { TrackerWay } from "./tracker-way.ts";

type Words = Pick<Brief, "why" | "constraints" | "acceptance">;

const words: Readonly<Record<string, Words>> = {
  "error-tracking/async-handler-unguarded": {
    why: "The handlers do not stand in the calls that register them, so the wrapper cannot simply be put around each.",
    constraints: [
      "One wrapper for all: `(req, res, next) => Promise.resolve(handler(req, res, next)).catch(next)`; or Express 5, which does this itself.",
      "The answers of handlers that succeed, and of those that answer their errors themselves, stay the same.",
      "The app's error handler (four parameters) comes after all routes.",
    ],
    acceptance: "With the database stopped, each of these routes answers 500 and the process goes on to answer others.",
  },
  "error-tracking/no-unhandled-rejection-handler": {
    why: "Whether the work may fail unseen, or the request has to wait for it, is not in the code.",
    constraints: [
      "What the user needs is awaited; what may fail is caught at the call and logged with what it was about.",
      "One `unhandledRejection` handler for what is left: it reports, then stops the process in order.",
    ],
    acceptance: "With the call made to fail, the process lives on and the failure is in the log.",
  },
  "error-tracking/debug-mode-on": {
    why: "What the developers need to see, and where, is theirs to say.",
    constraints: [
      "Strangers get a sentence and an id under which the log has the rest.",
      "The developers' view stays available where NODE_ENV says development.",
    ],
    acceptance:
      "A request made to fail in production's settings answers without a stack trace, a path or a query in it.",
  },
};

/** Null for the tracker itself, which has a brief of its own. */
export function briefFor({ id, file, line, rule }: Finding): Brief | null {
  const own = words[rule];
  return own === undefined ? null : { findingId: id, where: { file, line }, ...own };
}

export function trackerBrief(
  { id, file, line }: Finding,
  { cannot, instead }: Extract<TrackerWay, { kind: "by-hand" }>,
): Brief {
  return {
    findingId: id,
    where: { file, line },
    why: `No tracker was started because ${cannot}.`,
    constraints: [
      ...instead,
      "The tracker's address comes from the environment; without it nothing is sent.",
      "What users type, cookies, headers and the values of variables are left out until somebody decides otherwise.",
      "Errors that handlers catch and only print are reported, too.",
    ],
    acceptance:
      "A handler made to fail answers 500, the process lives on, and the error is in the tracker within a minute.",
  };
}
