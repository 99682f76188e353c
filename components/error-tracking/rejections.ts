/** Which calls can fail by a rejected promise that the code around them lets through, followed through the app's own functions. */
import { indexIn } from "../../analyzers/ids.ts";
import { callsOf } from "../../analyzers/code/calls-in.ts";
import type { CallSite, Fn, Model, SinkKind, Use } from "../../analyzers/model.ts";

/** Kinds of library calls whose outcome lies with somebody else: networks, disks, databases. */
const outward: ReadonlySet<SinkKind> = new Set([
  "mail",
  "push",
  "model",
  "payment",
  "http",
  "image",
  "pdf",
  "database-read",
  "database-write",
  "cache",
  "queue",
  "storage",
]);

/** Caches in the process itself answer at once and do not fail. */
const remoteCaches = /^(ioredis|redis|@redis\/client|@upstash\/redis)$/;

function goesOut({ kind, api, package: name }: Use): boolean {
  // A channel of amqplib takes a message at once and says so with a boolean.
  if (kind === null || !outward.has(kind) || api.endsWith("Sync") || name === "amqplib") return false;
  return kind !== "cache" || remoteCaches.test(name);
}

export interface Rejections {
  /** The call outside that can fail when this call runs, null when none is known to. */
  failing(call: CallSite): CallSite | null;
  /** The same for what a function waits for or hands back without catching its failure. */
  failingIn(fn: string): CallSite | null;
}

export function rejectionsOf(model: Model): Rejections {
  const known = new Map<string, CallSite | null>();

  function failing(call: CallSite): CallSite | null {
    const uses = model.usesAt(call);
    if (!call.isNew && uses.some(goesOut)) return call;
    // One that catches is enough to be silent: of a wrapper and what it runs, the wrapper decides.
    const sinks = model.targets(call).map((fn) => (fn.async || returnsCall(fn, model) ? failingIn(fn.id) : null));
    return sinks.every((sink) => sink !== null) ? (sinks[0] ?? null) : null;
  }

  function failingIn(fn: string): CallSite | null {
    const answer = known.get(fn);
    if (answer !== undefined) return answer;
    // Until shown otherwise: what calls itself does not fail by that alone.
    known.set(fn, null);
    const found = callsOf(fn, model).find(
      (call) => isWaitedFor(call) && letsThrough(call, model) && failing(call) !== null,
    );
    const sink = found === undefined ? null : failing(found);
    known.set(fn, sink);
    return sink;
  }

  return { failing, failingIn };
}

function isWaitedFor({ awaited, use }: CallSite): boolean {
  return awaited || use === "returned";
}

/** Nothing catches the failure, or every `catch` around it throws again. */
function letsThrough({ file, fn, span, guarded }: CallSite, model: Model): boolean {
  if (!guarded) return true;
  const index = indexIn(fn);
  const around = (model.summary(file)?.tries ?? []).filter(
    (each) => each.fn === index && each.block.start <= span.start && span.end <= each.block.end,
  );
  const catching = around.filter(({ handler }) => handler !== null);
  return catching.length > 0 && catching.every(({ rethrows }) => rethrows);
}

/** A function without `async` that hands back the promise of another. */
function returnsCall({ file, id }: Fn, model: Model): boolean {
  return model.summary(file)?.functions[indexIn(id)]?.returns.some(({ kind }) => kind === "call") ?? false;
}
