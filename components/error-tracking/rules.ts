/** What can go wrong with errors that nobody planned for. */
import type { Rule } from "../component.ts";

export const rules: readonly Rule[] = [
  {
    id: "error-tracking/no-error-tracking",
    title: "Errors are told to nobody",
    severity: "note",
    advice:
      "Add an error tracker (Sentry or alike) that groups errors, says how many users met each, and writes to somebody when a new one appears.",
  },
  {
    id: "error-tracking/async-handler-unguarded",
    title: "A failing call in a request ends the process",
    severity: "error",
    advice:
      "Hand rejections to next: wrap async handlers once (asyncHandler), or move to Express 5, which does so itself.",
  },
  {
    id: "error-tracking/no-unhandled-rejection-handler",
    title: "A failing call that nobody waits for ends the process",
    severity: "warning",
    advice:
      "Catch at the call what nobody waits for, and handle unhandledRejection once: report it, then stop in order.",
  },
  {
    id: "error-tracking/debug-mode-on",
    title: "Strangers are shown what only developers should see",
    severity: "warning",
    advice: "Answer errors with a sentence and an id, log the rest, and start production with NODE_ENV=production.",
  },
];
