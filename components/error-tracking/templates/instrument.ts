/** Starts the error tracker: imported first, so that it sees the packages that come after it. */
// @if dotenv
import "dotenv/config";
// @end
import * as Sentry from "__SDK__";

Sentry.init({
  // Without an address nothing is sent: on developers' machines, in tests.
  dsn: process.env.SENTRY_DSN,
  environment: process.env.NODE_ENV,
  // What users type and who they are stays here. Turn on what you need and may keep.
  dataCollection: {
    userInfo: false,
    cookies: false,
    httpHeaders: false,
    httpBodies: [],
    urlQueryParams: false,
    databaseQueryData: false,
    graphQL: { document: false, variables: false },
    genAI: { inputs: false, outputs: false },
    // @if queues
    queues: false,
    // @end
    stackFrameVariables: false,
  },
  // @if console
  // Errors that a handler catches and prints are reported, too.
  integrations: [Sentry.captureConsoleIntegration({ levels: ["error"] })],
  // @end
  // @if printsItself
  // What the framework prints because nobody took it has been reported by then.
  beforeSend: (event) =>
    event.logger === "console" && /\n +at /.test(event.message ?? "") ? null : event,
  // @end
});
