/** Which calls are work that should not be done while a user waits, and how the user's request meets them. */
import { isPython } from "../../analyzers/repo/source-file.ts";
import type { CallSite, Fn, Model, Reach, Use } from "../../analyzers/model.ts";
import { answersInside, passesResponse, settlesPromise } from "./continuation.ts";
import { closureOf } from "./moved-code.ts";

/** One call with everything that leads from a route to it. */
export interface Work {
  use: Use;
  kind: "mail" | "model" | "push" | "image" | "pdf" | "http";
  /** Ways from routes on which the answer waits for the call. */
  waiting: Reach[];
  /** Ways from routes on which the answer goes out first. */
  detached: Reach[];
}

const kinds = ["mail", "push", "image", "pdf", "model", "http"] as const;

/** Every call of the kinds that a route can reach, in source order. */
export function workOf(model: Model): Work[] {
  return model.usesOfKind(...kinds).flatMap((use) => {
    const kind = kindOf(use);
    if (kind === null || model.context(use.call.file) !== "server" || startsThread(use.call, model)) return [];
    const ways = model
      .reach(use.call)
      .filter((reach) => reach.entry.kind === "route" && !isTrial(reach.entry.label) && !isQueued(reach, model));
    const detached = ways.filter((reach) => isDetached(reach, use.call, model));
    const waiting = ways.filter((reach) => !detached.includes(reach));
    return ways.length === 0 ? [] : [{ use, kind, waiting, detached }];
  });
}

/** A Python function that also starts a thread sends from there; what it does at once is for its tests. */
function startsThread({ fn, file }: CallSite, model: Model): boolean {
  return isPython(file) && model.usesOf("pypi:threading:Thread").some(({ call }) => call.fn === fn);
}

/** Routes that exist to try the mail settings out: the caller wants to see the mail server's answer. */
function isTrial(label: string): boolean {
  return /[/_-](test|verify|check|debug)[-_]?(mail|email|smtp)|(mail|email|smtp)[-_/]?(test|verify|check|debug)\b/i.test(
    label,
  );
}

/** Whether the way leads through a function that stores jobs: what it runs in this process is its way out when the store is down. */
function isQueued({ path }: Reach, model: Model): boolean {
  return path.some(({ fn }) => {
    const step = model.fn(fn);
    return step !== null && /queue|job|dispatch|defer/i.test(step.name ?? "") && storesJobs(step, model);
  });
}

function storesJobs(step: Fn, model: Model): boolean {
  const inside = closureOf(step, model);
  return model.usesOfKind("queue").some(({ call }) => inside.has(call.fn));
}

/** Parts of an api that prepare or inspect, or answer at once. */
const preparing =
  /(^|\.)(verify|close|isIdle|use|on|once|setApiKey|setClient|createTransport\(\)|models\.(list|retrieve)|embeddings\.create|embed|embedMany|moderations\.create|countTokens|count_tokens|embed_\w+|embedding|aembedding|files\.\w+)$/;
const streaming =
  /(^|[.:])(stream|astream|chat_stream|generate_content_stream|streamText|streamObject|sendMessageStream|generateContentStream|toDataStreamResponse)(\(\))?$/;

function kindOf(use: Use): Work["kind"] | null {
  const path = use.api.slice(use.api.indexOf(":") + 1);
  if (use.call.isNew || preparing.test(path) || staysInside(use)) return null;
  switch (use.kind) {
    case "mail":
    case "push":
    case "image":
    case "pdf":
      return use.kind;
    case "model":
      return streaming.test(path) || asksForStream(use.call) ? null : "model";
    case "http":
      return writes(use) ? "http" : null;
    default:
      return null;
  }
}

/** Mail transports that send nothing: previews and tests. */
function staysInside({ construction }: Use): boolean {
  return (
    construction?.args.some(
      (arg) => arg.kind === "object" && ("jsonTransport" in arg.entries || "streamTransport" in arg.entries),
    ) === true
  );
}

function asksForStream({ args }: CallSite): boolean {
  return args.some(
    (arg) => arg.kind === "object" && arg.entries["stream"] !== undefined && isTruthy(arg.entries["stream"]),
  );
}

function isTruthy(value: CallSite["args"][number]): boolean {
  return value.kind !== "literal" || value.value === true;
}

const writingMethod = /^(POST|PUT|PATCH|DELETE)$/i;

/** Whether an HTTP call is known to change something: by its name or by its literal `method`. */
function writes({ api, call }: Use): boolean {
  if (/[.:](post|put|patch|delete|del)$/.test(api)) return true;
  return call.args.some((arg) => {
    const method = arg.kind === "object" ? arg.entries["method"] : undefined;
    return method?.kind === "literal" && typeof method.value === "string" && writingMethod.test(method.value);
  });
}

/** True when the answer does not wait: a call on the way is let go, and neither it nor its continuation answers. */
function isDetached(reach: Reach, sink: CallSite, model: Model): boolean {
  if (!reach.detached && !isLetGo(sink)) return false;
  const letGo = callsOn(reach, sink).filter(isLetGo);
  return letGo.length === 0 ? reach.detached : letGo.some((call) => !answersLater(call, model));
}

/** The first call on a detached way that nobody waits for. */
export function letGoCall(reach: Reach, sink: CallSite, model: Model): CallSite {
  return callsOn(reach, sink).find((call) => isLetGo(call) && !answersLater(call, model)) ?? sink;
}

function callsOn(reach: Reach, sink: CallSite): CallSite[] {
  return [...reach.calls.filter(({ id }) => id !== sink.id), sink];
}

function isLetGo({ awaited, use }: CallSite): boolean {
  return !awaited && (use === "discarded" || use === "chained");
}

function answersLater(call: CallSite, model: Model): boolean {
  return answersInside(call, model) || settlesPromise(call, model) || passesResponse(call, model);
}
