/** Work that nobody waits for and nobody catches: when it fails, Node from 15 on ends the process. */
import type { CallSite, Model, Service, Use } from "../../analyzers/model.ts";
import { isHeldBelow } from "../../analyzers/deployment/node-version.ts";
import { isBesideTheProduct } from "../../analyzers/serving/product.ts";
import type { Match } from "../finding.ts";
import { match } from "./match.ts";
import { handlesRejections } from "./process-handlers.ts";
import { rejectionsOf, type Rejections } from "./rejections.ts";

/** The first Node on which a rejection that nobody handles ends the process (Node documentation, --unhandled-rejections). */
const endsProcess = 15;

/** Calls that run a callback later and do not look at what it returns. Schedulers and queues catch, so they are not here. */
const forgetful = [
  "socket.io:**.on",
  "ws:**.on",
  "node:events:**.on",
  "node:events:**.once",
  "eventemitter2:**.on",
  "eventemitter3:**.on",
  "global:setInterval",
  "global:setTimeout",
  "global:setImmediate",
];

interface Loose {
  /** Where the work is let go. */
  place: CallSite;
  /** The call outside that can fail. */
  sink: CallSite;
  how: string;
}

export function detachedMatches(model: Model): Match[] {
  const rejections = rejectionsOf(model);
  return model.services.flatMap((service) => {
    if (
      isBesideTheProduct(service.root) ||
      isHeldBelow(model, service, endsProcess) ||
      handlesRejections(model, service)
    )
      return [];
    const loose = [...letGo(model, service, rejections), ...inCallbacks(model, service, rejections)];
    const sorted = loose.toSorted((a, b) => a.place.file.localeCompare(b.place.file) || a.place.line - b.place.line);
    return sorted.length === 0 ? [] : [matchFor(sorted, service, model)];
  });
}

/** Calls of asynchronous work in running code whose promise is dropped where it comes up. */
function letGo(model: Model, service: Service, rejections: Rejections): Loose[] {
  return running(model, service).flatMap((file) =>
    (model.summary(file)?.calls ?? []).flatMap((fact, index) => {
      if (fact.guarded || fact.awaited || !(fact.use === "discarded" || fact.use === "chained")) return [];
      const call = model.call(`${file}#${index}`);
      const sink = call === null || answersByCallback(call) ? null : rejections.failing(call);
      if (call === null || sink === null || !isReached(call, model)) return [];
      return [{ place: call, sink, how: "nobody waits for it" }];
    }),
  );
}

/** With a callback the failure comes as its argument, not as a rejection. */
function answersByCallback({ args }: CallSite): boolean {
  return args.some(({ kind }) => kind === "fn");
}

/** Async callbacks of emitters, sockets and timers. */
function inCallbacks(model: Model, service: Service, rejections: Rejections): Loose[] {
  const files = new Set(running(model, service));
  return forgetful
    .flatMap((api) => model.usesOf(api))
    .filter(({ call }) => files.has(call.file))
    .flatMap((use) => looseCallback(use, model, rejections) ?? []);
}

function looseCallback({ call, api }: Use, model: Model, rejections: Rejections): Loose | null {
  for (const arg of call.args) {
    const fn = arg.kind === "fn" ? model.fn(arg.fn) : null;
    const sink = fn?.async === true ? rejections.failingIn(fn.id) : null;
    if (sink !== null)
      return {
        place: call,
        sink,
        how: api.startsWith("global:") ? "the timer does not look at it" : "the emitter does not look at it",
      };
  }
  return null;
}

function running(model: Model, service: Service): string[] {
  return model.repo.files.filter(
    (file) =>
      model.summary(file) !== null &&
      ["server", "worker"].includes(model.context(file)) &&
      model.service(file)?.root === service.root,
  );
}

/** By a request, a job or an event: what only the start of the process runs may well end it. */
function isReached(call: CallSite, model: Model): boolean {
  return model.reach(call).some(({ entry }) => entry.kind !== "process");
}

function matchFor(loose: readonly Loose[], service: Service, model: Model): Match {
  const [first, ...others] = loose;
  if (first === undefined) throw new Error("called with what was found");
  const { place, sink, how } = first;
  const routes = model.reach(place).flatMap(({ entry }) => (entry.kind === "route" ? [entry.label] : []));
  const where = sink.id === place.id ? "this call" : `the call at ${sink.file}:${sink.line}`;
  const more = others.length === 0 ? "" : ` (and ${others.length} more like it)`;
  return match("no-unhandled-rejection-handler", place, {
    message: `When ${where} fails, ${how}${more}, and nothing in the app handles unhandledRejection: Node ends the process, with every request in it.`,
    also: others.slice(0, 20).map((each) => ({ file: each.place.file, line: each.place.line })),
    routes: [...new Set(routes)],
    call: place.id,
    anchor: `detached work in ${service.name}`,
  });
}
