/** What a job does for its own copy alone, which a copy that leaves the tick out would go without. */
import { closureOf } from "../../analyzers/code/closure.ts";
import { textOf } from "../../analyzers/code/text.ts";
import { entriesBehind, isRequest } from "../../analyzers/code/entries-behind.ts";
import type { Model } from "../../analyzers/model.ts";
import { cellsOf } from "../../analyzers/state/cells.ts";
import type { Schedule } from "./schedules.ts";

/** Names of flags and marks by which a job keeps its own runs apart. */
const ownMarks =
  /running|busy|progress|processing|active|flight|working|locked|polling|^is[A-Z_]|last_?(run|tick|sent|check)|timer|interval|count/i;

const adapters = [
  "@socket.io/redis-adapter",
  "@socket.io/redis-streams-adapter",
  "@socket.io/postgres-adapter",
  "@socket.io/mongo-adapter",
  "@socket.io/cluster-adapter",
  "socket.io-redis",
];

/** In words, null when there is nothing of the kind. */
export function copyWork(schedule: Schedule, model: Model): string | null {
  const inside = new Set(schedule.fns.flatMap((id) => [...closureOf({ id }, model)]));
  const cell = cellsOf(model).find(({ shape, name, changes }) => {
    // What requests change by the same code is filled when it is first needed: a client, a cache, a counter.
    const own = changes.filter(({ fn }) => inside.has(fn.id) && !entriesBehind(model, fn).some(isRequest));
    return own.length > 0 && !(shape === "value" && ownMarks.test(name));
  });
  if (cell !== undefined) return `it also changes \`${cell.name}\`, which each copy holds for itself`;
  const { dependencies } = schedule.service;
  if (adapters.some((name) => dependencies[name] !== undefined)) return null;
  const { file, span } = schedule.call;
  const isGiven = /\bio\b/.test(textOf(model, { file, span }));
  const speaks = dependencies["socket.io"] !== undefined && (isGiven || schedule.fns.some((id) => emits(id, model)));
  return speaks
    ? "it also speaks to users over sockets, and each copy reaches only those that are connected to it"
    : null;
}

/** `io.to(room).emit()`, also where `io` is a parameter. */
function emits(id: string, model: Model): boolean {
  const fn = model.fn(id);
  return (
    fn !== null && /\b(io|ioInstance|getIO\(\)|server)\s*\.\s*(to\([^)]*\)\s*\.\s*)?emit\(/.test(textOf(model, fn))
  );
}
