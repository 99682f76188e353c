/** Calls by which a handler asks its request for a part of it: `c.req.query("limit")`, `c.req.valid("json")` of Hono. */
import type { Use } from "../model.ts";
import type { Call } from "../summary.ts";

const asking = /^(?:hono|@hono\/[\w-]+):(?:.*\.)?req\.(valid|query|queries|param|json|parseBody|formData)$/;

/** Where other frameworks keep what each target of Hono's validator checks. */
const targets: Readonly<Record<string, string>> = {
  query: "query",
  param: "params",
  json: "body",
  form: "body",
  header: "headers",
  cookie: "cookies",
};

/** The part as a path within the request (`["query", "limit"]`); null for every other call. */
export function askedPart(uses: readonly Use[], { args: [first] }: Pick<Call, "args">): string[] | null {
  const method = uses.flatMap(({ api }) => asking.exec(api)?.[1] ?? [])[0];
  if (method === undefined) return null;
  const name = first?.kind === "literal" && typeof first.value === "string" ? first.value : null;
  if (method === "valid") return name !== null && Object.hasOwn(targets, name) ? [targets[name] ?? name] : null;
  if (/^(json|parseBody|formData)$/.test(method)) return ["body"];
  return [method === "param" ? "params" : "query", ...(name === null ? [] : [name])];
}
