/** How often a function asks the database, itself and through what it calls. */
import { callsIn, withInner } from "../../analyzers/code/calls-in.ts";
import { textOf } from "../../analyzers/code/text.ts";
import type { CallSite, Fn, Model, SinkKind } from "../../analyzers/model.ts";
import { queriesByCall } from "./made-of.ts";
import { keepsAnswers } from "./kept.ts";

export interface Reads {
  /** Places that read, those of functions that it calls counted once per call. */
  count: number;
  /** Places that change or send something. */
  writes: number;
  /** The first call in the function's own text that leads to a read. */
  first: CallSite | null;
  /** The first such call that stands in a loop. */
  looped: CallSite | null;
  /** The first such call that adds up a whole table: it costs more with every row. */
  whole: CallSite | null;
  /** Whether something that it calls keeps what it has read. */
  keeps: boolean;
}

/** What is done, not read: whoever asks for it wants it done each time. */
const acting: ReadonlySet<SinkKind> = new Set([
  "database-write",
  "mail",
  "push",
  "payment",
  "model",
  "queue",
  "file-write",
]);
const nothing: Reads = { count: 0, writes: 0, first: null, looped: null, whole: null, keeps: false };
/** Handler, controller, service, repository, wrapper, driver. */
const maxDepth = 6;
const known = new WeakMap<Model, Map<string, Reads>>();

export function readsOf(model: Model, fn: Fn, depth = 0): Reads {
  const memory = known.get(model) ?? new Map<string, Reads>();
  known.set(model, memory);
  const found = memory.get(fn.id);
  if (found !== undefined || depth > maxDepth) return found ?? nothing;
  memory.set(fn.id, nothing);
  const reads = withInner(model, fn)
    .flatMap((each) => callsIn(model, each))
    .reduce((sum, call) => added(sum, call, readsAt(model, call, depth)), nothing);
  memory.set(fn.id, reads);
  return reads;
}

function added(sum: Reads, call: CallSite, reads: Reads): Reads {
  const isRead = reads.count > 0;
  return {
    count: sum.count + reads.count,
    writes: sum.writes + reads.writes,
    first: sum.first ?? (isRead ? call : null),
    looped: sum.looped ?? (isRead && (call.inLoop || reads.looped !== null) ? call : null),
    whole: sum.whole ?? (reads.whole === null ? null : call),
    keeps: sum.keeps || reads.keeps,
  };
}

function readsAt(model: Model, call: CallSite, depth: number): Reads {
  const kinds = model.usesAt(call).map(({ kind }) => kind);
  if (kinds.some((kind) => kind !== null && acting.has(kind))) return { ...nothing, writes: 1 };
  if (kinds.includes("database-read")) return { ...nothing, count: 1, whole: addsUpAll(model, call) ? call : null };
  if (kinds.includes("cache")) return { ...nothing, keeps: true };
  const inner = model.targets(call).map((fn) => ({
    ...readsOf(model, fn, depth + 1),
    keeps: readsOf(model, fn, depth + 1).keeps || keepsAnswers(model, fn),
  }));
  return inner.sort((a, b) => b.count - a.count)[0] ?? nothing;
}

/** `aggregate([{ $group }])`, `distinct("tag")`, `SELECT avg(stars) FROM reviews`: sums and groups without a condition. */
function addsUpAll(model: Model, call: CallSite): boolean {
  const queries = queriesByCall(model).get(call.id) ?? [];
  return (
    queries.length > 0 &&
    queries.every(({ operation, filters, open }) => operation === "aggregate" && filters.length === 0 && !open) &&
    /\$group\b|distinct|group\s*by|\b(sum|avg)\s*\(/i.test(textOf(model, call)) &&
    !/\$(match|limit|sample)\b|\bwhere\b/i.test(textOf(model, call))
  );
}
