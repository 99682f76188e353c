/** Finds events within the process whose listeners do outside work: they run inside the request that emits. */
import { isEmit } from "../../analyzers/libraries/registrars.ts";
import type { CallSite, Model, Reach, Use } from "../../analyzers/model.ts";
import type { Match } from "../finding.ts";

/** One listener is a side matter of the publisher; from two on, one's failure is the other's. */
const several = 2;
const outside = ["mail", "push", "model", "payment", "http", "pdf", "image"] as const;

interface Listener {
  fn: string;
  sink: Use;
  way: Reach;
  isGuarded: boolean;
}

export function busyListeners(model: Model): Match[] {
  const byEmit = new Map<string, { emit: CallSite; listeners: Map<string, Listener> }>();
  for (const sink of model.usesOfKind(...outside)) {
    if (sink.call.isNew || model.context(sink.call.file) !== "server") continue;
    for (const way of model.reach(sink.call)) {
      const at = way.entry.kind === "route" ? way.calls.findIndex((call) => emits(call, model)) : -1;
      const emit = way.calls[at];
      const after = way.calls.slice(at + 1);
      const fn = after[0]?.fn;
      if (emit === undefined || fn === undefined) continue;
      const known = byEmit.get(emit.id) ?? { emit, listeners: new Map<string, Listener>() };
      const isGuarded = after.some(({ guarded }) => guarded);
      if (!known.listeners.has(fn) || !isGuarded) known.listeners.set(fn, { fn, sink, way, isGuarded });
      byEmit.set(emit.id, known);
    }
  }
  return [...byEmit.values()].flatMap(({ emit, listeners }) => matchFor(emit, [...listeners.values()], model));
}

function emits(call: CallSite, model: Model): boolean {
  return model.usesAt(call).some(({ api }) => isEmit(api));
}

function matchFor(emit: CallSite, listeners: readonly Listener[], model: Model): Match[] {
  const [first] = listeners;
  if (first === undefined || listeners.length < several) return [];
  const isAwaited = emit.awaited && model.usesAt(emit).some(({ api }) => /emitAsync$|^emittery:/.test(api));
  const isFatal = listeners.some(({ isGuarded }) => !isGuarded) && !catchesRejections(model);
  if (!isAwaited && !isFatal) return [];
  const routes = [...new Set(listeners.map(({ way }) => way.entry.label))];
  const hurt = isAwaited
    ? "the request waits for all of them, and one that fails fails it"
    : "one that fails ends the whole process, and a restart loses what was under way";
  return [
    {
      rule: "pub-sub/event-fanout-inline",
      file: emit.file,
      line: emit.line,
      confidence: "medium",
      message: `${routes[0] ?? "A request"} emits this event, and ${listeners.length} listeners in the same process call outside services for it: ${hurt}.`,
      also: listeners.map(({ sink }) => ({ file: sink.call.file, line: sink.call.line })),
      routes,
      path: first.way.path,
      call: emit.id,
      anchor: `listeners of ${model.fn(emit.fn)?.name ?? "a function"}`,
      fix: "brief",
    },
  ];
}

function catchesRejections(model: Model): boolean {
  return ["global:process.on", "node:process:on"].some((api) =>
    model
      .usesOf(api)
      .some(({ call: { args } }) => args[0]?.kind === "literal" && args[0].value === "unhandledRejection"),
  );
}
