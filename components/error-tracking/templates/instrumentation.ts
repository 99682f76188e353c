/** Next.js calls this at the start and for every request that fails: errors go to the tracker. */
import * as Sentry from "@sentry/nextjs";

export function register() {
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
      genAI: { inputs: false, outputs: false },
      stackFrameVariables: false,
    },
    // Errors that a handler catches and prints are reported, too.
    integrations: [Sentry.captureConsoleIntegration({ levels: ["error"] })],
  });
}

export const onRequestError = Sentry.captureRequestError;
