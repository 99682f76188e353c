/** From which entries a function runs: the requests, sockets, jobs and timers behind it. */
import { callsIn } from "./calls-in.ts";
import type { Entry, Fn, Model } from "../model.ts";

interface Known {
  own: Map<string, Entry[]>;
  behind: Map<string, readonly Entry[]>;
}

const known = new WeakMap<Model, Known>();

/** Every entry from which the function can run, each once; empty where no way to it is known. */
export function entriesBehind(model: Model, fn: Fn): readonly Entry[] {
  const memory = known.get(model) ?? { own: byFunction(model.entries), behind: new Map() };
  known.set(model, memory);
  const found = memory.behind.get(fn.id);
  if (found !== undefined) return found;
  // Whoever asks again on the way round a cycle of callers gets nothing new.
  memory.behind.set(fn.id, []);
  const entries = search(model, fn, memory);
  memory.behind.set(fn.id, entries);
  return entries;
}

/** Whether a framework itself calls the function. */
export function isEntry(model: Model, fn: Fn): boolean {
  entriesBehind(model, fn);
  return known.get(model)?.own.has(fn.id) === true;
}

/** Whether something from outside starts it, again and again: a request, or a message on a socket. */
export function isRequest({ kind }: Pick<Entry, "kind">): boolean {
  return kind === "route" || kind === "socket";
}

function search(model: Model, fn: Fn, { own }: Known): readonly Entry[] {
  const [call] = callsIn(model, fn);
  const sites = call === undefined ? model.callers(fn.id) : [call];
  const found = [...(own.get(fn.id) ?? []), ...sites.flatMap((site) => model.reach(site).map((way) => way.entry))];
  if (found.length > 0) return unique(found);
  const parent = fn.parent === null ? null : model.fn(fn.parent);
  return parent === null || parent.isModule ? [] : entriesBehind(model, parent);
}

function unique(entries: readonly Entry[]): Entry[] {
  return [...new Map(entries.map((entry) => [`${entry.kind} ${entry.fn} ${entry.label}`, entry])).values()];
}

function byFunction(entries: readonly Entry[]): Map<string, Entry[]> {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const group = groups.get(entry.fn);
    if (group === undefined) groups.set(entry.fn, [entry]);
    else group.push(entry);
  }
  return groups;
}
