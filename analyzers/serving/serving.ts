/** Whether a service answers requests, also where its routes are registered in a way that cannot be read. */
import type { Model, Place, Service } from "../model.ts";
import { serverApis } from "./server-calls.ts";
import { serverFiles } from "./server-files.ts";

/**
 * `routes`: routes were read. `unread`: a server is made or listens at `place`, but no route could be read, so nothing may be
 * said about what its requests do. `none`: nothing here answers requests.
 */
export type Serving = { kind: "routes" } | { kind: "unread"; place: Place } | { kind: "none" };

export function servingOf(model: Model, service: Service): Serving {
  if (model.routes.some((route) => route.service === service.name)) return { kind: "routes" };
  const files = new Set(serverFiles(model, service));
  const [use] = serverApis.flatMap((api) => model.usesOf(api)).filter(({ call }) => files.has(call.file));
  return use === undefined ? { kind: "none" } : { kind: "unread", place: { file: use.call.file, line: use.call.line } };
}

/** The first service whose routes could not be read, when no service's could; null when some were, or nothing serves. */
export function unreadServer(model: Model): Place | null {
  if (model.routes.length > 0) return null;
  const found = model.services.map((service) => servingOf(model, service)).find(({ kind }) => kind === "unread");
  return found?.kind === "unread" ? found.place : null;
}

/** The honest sentence for a verdict where {@link unreadServer} found one. */
export function unreadReason({ file, line }: Place): string {
  return `A server is there (${file}:${line}), but its routes are registered in a way that could not be read.`;
}
