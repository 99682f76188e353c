/** Which routes answer questions about the app's health, by their paths. */
import type { Route } from "../../analyzers/model.ts";

/** Read by probes wherever it stands, as long as no parameter comes before it and nothing says that it is for staff. */
const clear =
  /^(?!\/(?:.*\/)?(?:admin|metrics)\/)(\/[\w.*-]+){0,3}\/[._-]{0,2}(livez|liveness|readyz|readiness|healthz?|health-?check)(\/(live(ness)?|ready|readiness|check|status|ping|db))?\/?$/i;
/** Words that also name what people look at (`/streams/live`): only where nothing but `/api` and a version comes before them. */
const ambiguous =
  /^(\/(api|\*|[\w-]+(?=\/v\d)))?(\/v\d+)?\/_{0,2}(live|alive|ready|heartbeat|ping|status|up|check(?=\.))(\.\w+)?\/?$/i;

export function isHealthRoute({ method, path }: Pick<Route, "method" | "path">): boolean {
  return ["GET", "HEAD", "ALL"].includes(method) && (clear.test(path) || ambiguous.test(path));
}
