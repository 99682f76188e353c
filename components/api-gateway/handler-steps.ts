/** The step by which a handler refuses whoever comes too often, and where in it that step belongs. */
import type { Model } from "../../analyzers/model.ts";
import type { Edit } from "../../patches/edit.ts";
import { type Body, bodyOf } from "../../patches/editors/function-body.ts";
import type { Source } from "../../patches/editors/source.ts";
import { insertAfter, insertBefore } from "../../patches/editors/statements.ts";
import { actionRefusal } from "./action-refusal.ts";
import type { OpenRoute } from "./detect.ts";
import { kindOf } from "./limit-numbers.ts";
import { loginStep } from "./login-step.ts";

/** What of the module a handler calls, by the sort of handler. */
export type Form = "tooManyResponse" | "sendTooMany" | "tooMany";

export type Step = { edits: Edit[]; form: Form; kind: string; perUser: boolean; fn: string } | { cannot: string };

interface How {
  /** The local name of what the module exports. */
  named: (form: Form) => string;
  /** Whether the counts can be kept where only web APIs are there. */
  isEdgeReady: boolean;
}

/** Longer lines are broken, as formatters do at 80 to 120. */
const widest = 90;

export function limitHandler(source: Source, { route, limit, match }: OpenRoute, model: Model, how: How): Step {
  const id = route.handlers.at(-1)?.fn ?? null;
  const fn = id === null ? null : model.fn(id);
  if (fn === null || fn.file !== source.file || route.handlers.at(-1)?.api != null)
    return { cannot: "the handler does not stand in the route's own file" };
  if (route.settings?.runtime === "edge" && !how.isEdgeReady)
    return { cannot: "the route runs on an edge runtime, which reaches only stores that speak HTTP" };
  const body = bodyOf(source, fn.span);
  if (body === null || !fn.async) return { cannot: "the handler is no async function with a body" };
  const kind = kindOf[limit];
  const login =
    kind === "expensive" ? loginStep(source, body, match.call === null ? null : model.call(match.call)) : null;
  const put = (code: string): Edit =>
    login === null ? insertBefore(source, body.first, code) : insertAfter(source, login.statement, code);
  const written = JSON.stringify(kind);
  const isPage = /(^|\/)pages\/api\//.test(route.file);
  if (route.via === "action") {
    const refusal = actionRefusal(source, body);
    if (refusal === null)
      return { cannot: "nothing in the action shows how it tells the form that something is wrong" };
    const user = login?.user ?? null;
    const args = user === null ? written : `${written}, ${user}`;
    const asked = `if (await ${how.named("tooMany")}(${args}))`;
    const line = `${asked} ${refusal}`;
    const code = line.length > widest ? `${asked} {\n  ${refusal}\n}` : line;
    return { edits: [put(code)], form: "tooMany", kind, perUser: user !== null, fn: fn.id };
  }
  if (isPage) return pageStep(source, body, { kind, method: route.method, fn: fn.id, name: how.named });
  if (!answersItself(source, body)) return { cannot: "the handler leaves its answers to what it is wrapped in" };
  const user = login?.user ?? null;
  const args = user === null ? written : `${written}, ${user}`;
  const name = body.free("refusal");
  const code = `const ${name} = await ${how.named("tooManyResponse")}(${args});\nif (${name}) return ${name};`;
  return { edits: [put(code)], form: "tooManyResponse", kind, perUser: user !== null, fn: fn.id };
}

function pageStep(
  source: Source,
  { first, params, returns }: Body,
  { kind, method, fn, name }: { kind: string; method: string; fn: string; name: How["named"] },
): Step {
  const [req, res] = params;
  if (req == null || res == null || returns !== null) return { cannot: "the handler's parameters have no plain names" };
  const asks = `await ${name("sendTooMany")}(${JSON.stringify(kind)}, ${req}, ${res})`;
  const code = method === "ALL" ? `if (${asks}) return;` : `if (${req}.method === "${method}" && (${asks})) return;`;
  return { edits: [insertBefore(source, first, code)], form: "sendTooMany", kind, perUser: false, fn };
}

/** Web responses, of no narrower type than any of them. */
function answersItself(source: Source, { range, returns }: Body): boolean {
  if (returns !== null && !/^Promise<(Next)?Response(\s*\|\s*(Next)?Response)*>$/.test(returns)) return false;
  return /\b(Next)?Response\b/.test(source.text.slice(range.start, range.end));
}
