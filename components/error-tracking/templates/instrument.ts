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
    // @if !nest
    queues: false,
    // @end
    stackFrameVariables: false,
  },
  // @if nest
  integrations: [
    // Version 10 takes along what clients send, whatever is said above.
    Sentry.httpIntegration({ maxIncomingRequestBodySize: "none" }),
    // @if console
    // Errors that a handler catches and prints are reported, too.
    Sentry.captureConsoleIntegration({ levels: ["error"] }),
    // @end
  ],
  // @end
  // @if !nest
  // @if console
  // Errors that a handler catches and prints are reported, too.
  integrations: [Sentry.captureConsoleIntegration({ levels: ["error"] })],
  // @end
  // @end
  // @if printsItself
  // A printed stack is of an error that has been reported already.
  beforeSend: (event) =>
    event.logger === "console" && /\n +at /.test(event.message ?? "") ? null : event,
  // @end
});
