/** Outgoing HTTP calls: whether they change something at the other end. */
import type { Use } from "../model.ts";

const writingMethod = /^(POST|PUT|PATCH|DELETE)$/i;

/** Whether an HTTP call is known to change something: by its name or by its literal `method`. */
export function isWritingRequest({ api, call }: Use): boolean {
  if (/[.:](post|put|patch|delete|del)$/.test(api)) return true;
  return call.args.some((arg) => {
    const method = arg.kind === "object" ? arg.entries["method"] : undefined;
    return method?.kind === "literal" && typeof method.value === "string" && writingMethod.test(method.value);
  });
}
