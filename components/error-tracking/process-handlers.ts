/** Whether a service's process looks after promises that fail with nobody waiting. */
import type { Model, Service } from "../../analyzers/model.ts";
import { serverFiles } from "../../analyzers/serving/server-files.ts";

/** Trackers whose start puts a handler in place. */
const handlers =
  /^(@sentry\/|@bugsnag\/|rollbar$|@honeybadger-io\/|newrelic$|dd-trace|applicationinsights$|@highlight-run\/node|@google-cloud\/error-reporting)/;

export function handlesRejections(model: Model, service: Service): boolean {
  if (isHeldByFramework(service)) return true;
  return serverFiles(model, service).some((file) => {
    const imports = model.summary(file)?.imports ?? [];
    return (
      /["'`]unhandledRejection["'`]/.test(model.repo.read(file) ?? "") ||
      imports.some(({ specifier, typeOnly }) => !typeOnly && handlers.test(specifier))
    );
  });
}

/** Servers that put a handler in place themselves: Nitro's (`trapUnhandledNodeErrors`), and what `next start` runs. */
function isHeldByFramework({ frameworks, start }: Service): boolean {
  return frameworks.some(
    ({ name }) => name === "nuxt" || name === "nitro" || (name === "next" && /\bnext\s+start\b/.test(start ?? "")),
  );
}
