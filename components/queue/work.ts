/** Which calls are work that should not be done while a user waits, and how the user's request meets them. */
import { textOf } from "../../analyzers/code/text.ts";
import { conditionsOf, isForDevelopment } from "../../analyzers/code/conditions.ts";
import { closureOf } from "../../analyzers/code/closure.ts";
import { isPython } from "../../analyzers/repo/source-file.ts";
import type { CallSite, Fn, Model, Reach, Use } from "../../analyzers/model.ts";
import { serviceRouteFinder } from "../../analyzers/audience/called-by-services.ts";
import { isPassedOnce } from "../../analyzers/code/done-once.ts";
import { isWritingRequest } from "../../analyzers/code/requests.ts";
import { answersInside, feedsStream, isSeenThrough, passesResponse, settlesPromise } from "./continuation.ts";
import { isStreamed, streamsAnswer } from "./streaming.ts";

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

const known = new WeakMap<Model, Work[]>();

/** Every call of the kinds that a route can reach, in source order. */
export function workOf(model: Model): Work[] {
  const works = known.get(model) ?? model.usesOfKind(...kinds).flatMap((use) => workBehind(use, model));
  known.set(model, works);
  return works;
}

function workBehind(use: Use, model: Model): Work[] {
  const kind = kindOf(use, model);
  if (kind === null || startsThread(use.call, model)) return [];
  if (conditionsOf(model.repo.read(use.call.file) ?? "", use.call.span).some(isForDevelopment)) return [];
  const { waiting, detached } = routeWays(use.call, model);
  const silent = kind === "model" ? waiting.filter((way) => !streamsAnswer(way, model)) : waiting;
  return silent.length + detached.length === 0 ? [] : [{ use, kind, waiting: silent, detached }];
}

/** A Python function that also starts a thread sends from there; what it does at once is for its tests. */
function startsThread({ fn, file }: CallSite, model: Model): boolean {
  return isPython(file) && model.usesOf("pypi:threading:Thread").some(({ call }) => call.fn === fn);
}

/** The ways from routes to a call of server code, by whether the answer waits for it. */
export function routeWays(call: CallSite, model: Model): Pick<Work, "waiting" | "detached"> {
  if (model.context(call.file) !== "server") return { waiting: [], detached: [] };
  const isForServices = routesForServices(model);
  const ways = model
    .reach(call)
    .filter(({ entry, deferred }) => entry.kind === "route" && !deferred && !isTrial(entry.label))
    .filter((way) => !forTheClock.test(way.entry.label) && !isPassedOnce(way, model))
    .filter((reach) => !isQueued(reach, model) && !callsOn(reach, call).some((each) => isSeenThrough(each, model)));
  const detached = ways.filter((reach) => isDetached(reach, call, model));
  const waiting = ways.filter((reach) => !detached.includes(reach) && !isForServices(reach.entry.routeId));
  return { waiting, detached };
}

const forServices = new WeakMap<Model, Map<string | null, boolean>>();

/** Jobs that a queue or a schedule hands in by a request: the work is all that it is for, and no user waits. */
function routesForServices(model: Model): (id: string | null) => boolean {
  const found = forServices.get(model) ?? new Map<string | null, boolean>();
  if (!forServices.has(model)) {
    const isForServices = serviceRouteFinder(model);
    for (const route of model.routes)
      found.set(route.id, !/web-?hook|callback/i.test(route.path) && isForServices(route));
    forServices.set(model, found);
  }
  return (id) => found.get(id) ?? false;
}

/** Routes that exist to try a service's settings out: the caller wants to see what it says. */
function isTrial(label: string): boolean {
  return trial.test(label);
}

/** Routes that a scheduler calls: no user waits there. */
const forTheClock = /[/_-]cron(jobs?)?([/_-]|$)|[a-z][-_]job$|[/_-]scheduled?[-_](jobs?|tasks?)\b/i;

const services =
  "(e?mails?|smtp|sms|push|notifications?|reminders?|whatsapp|slack|webhooks?|openai|gemini|claude|llm|ai)";
const trial = new RegExp(
  `[/_-](test|debug|demo)[-_/]?${services}\\b|[/_-]${services}[-_/]?(test|debug|demo|verify|check)\\b|[/_-](verify|check)[-_]?(mail|email|smtp)\\b|[/_-](send-test|test-send)\\b|[/_-]test$`,
  "i",
);

/**
 * Whether the way leads through a function that stores jobs: what it runs in this process is its way out when the store is down,
 * or what it tries first before it leaves it to the store.
 */
function isQueued({ path }: Reach, model: Model): boolean {
  return path.some(({ fn }) => {
    const step = model.fn(fn);
    return step !== null && (namesJobs.test(step.name ?? "") || catches(step, model)) && storesJobs(step, model);
  });
}

const namesJobs = /queue|job|dispatch|defer/i;

/** `send(mail).catch(() => enqueue(mail))`, in a function that does little else. */
function catches(fn: Fn, model: Model): boolean {
  const text = textOf(model, fn);
  return text.length < 1500 && /\.catch\(|\bcatch\b/.test(text) && namesJobs.test(text);
}

function storesJobs(step: Fn, model: Model): boolean {
  const inside = closureOf(step, model);
  return model.usesOfKind("queue").some(({ call }) => inside.has(call.fn));
}

/** Parts of an api that prepare or inspect, or answer at once. */
const preparing =
  /(^|\.)(verify|close|isIdle|use|on|once|setApiKey|setClient|createTransport\(\)|models\.(list|retrieve)|embeddings\.create|embed|embedMany|moderations\.create|countTokens|count_tokens|embed_\w+|embedding|aembedding|files\.\w+|verificationChecks\.create)$/;
/** Constructions that are the work itself. */
const drawing = /^(pdfkit|jspdf|jspdf:jsPDF):$/;

function kindOf(use: Use, model: Model): Work["kind"] | null {
  const path = use.api.slice(use.api.indexOf(":") + 1);
  if (use.call.isNew && !(use.kind === "pdf" && drawing.test(use.api))) return null;
  if (preparing.test(path) || staysInside(use) || isOnlyBegun(use, model)) return null;
  switch (use.kind) {
    case "mail":
    case "push":
    case "image":
    case "pdf":
      return use.kind;
    case "model":
      return isStreamed(use, model) ? null : "model";
    case "http":
      return isWritingRequest(use) ? "http" : null;
    default:
      return null;
  }
}

/** `predictions.create`: Replicate answers with a ticket at once, and the words or pictures are fetched by other requests. */
function isOnlyBegun({ api, call }: Use, model: Model): boolean {
  if (!api.startsWith("replicate:") || !api.endsWith(".predictions.create")) return false;
  const waits = model.usesOf("replicate").some((use) => use.call.fn === call.fn && fetchesIt.test(use.api));
  const [options] = call.args;
  return !waits && !(options?.kind === "object" && "wait" in options.entries);
}

const fetchesIt = /\.(wait|predictions\.get)$/;

/** Mail transports that send nothing: previews and tests. */
function staysInside({ construction }: Use): boolean {
  return (
    construction?.args.some(
      (arg) => arg.kind === "object" && ("jsonTransport" in arg.entries || "streamTransport" in arg.entries),
    ) === true
  );
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
  return [answersInside, settlesPromise, passesResponse, feedsStream].some((answers) => answers(call, model));
}
