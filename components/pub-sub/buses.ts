/** Finds event buses within a process that are meant to reach another one. */
import type { CallSite, Entry, Model, Use } from "../../analyzers/model.ts";
import { replicasOf, type Replicas } from "../../analyzers/deployment/replicas.ts";
import type { Match } from "../finding.ts";
import { busesOf, type Bus } from "./bus.ts";

const rule = "pub-sub/in-process-bus-across-services";
export function strayBuses(model: Model): Match[] {
  return busesOf(model).flatMap((bus) => apart(bus, model) ?? live(bus, model) ?? []);
}

/** An event that is emitted in one process and listened to in another only: it never arrives. */
function apart({ construction, emits, listens }: Bus, model: Model): Match | null {
  for (const emit of emits) {
    const name = eventOf(emit);
    const heard = listens.filter((listen) => name !== null && eventOf(listen) === name);
    const from = processesOf(emit.call, model);
    const to = new Set(heard.flatMap(({ call }) => [...processesOf(call, model)]));
    if (from.size === 0 || to.size === 0 || [...from].some((each) => to.has(each))) continue;
    const [listener] = heard;
    return {
      ...placeOf(construction, model),
      confidence: "high",
      message: `\`${name ?? ""}\` is emitted in ${[...from].join(" and ")} and listened to in ${[...to].join(" and ")}. Each process has a bus of its own, so the event never arrives.`,
      also: [emit.call, ...(listener === undefined ? [] : [listener.call])].map(({ file, line }) => ({ file, line })),
    };
  }
  return null;
}

/** Users who listen (a stream of events, a socket) hear only what happens in the copy that they are connected to. */
function live({ construction, service, emits, listens }: Bus, model: Model): Match | null {
  const streams = listens.filter(({ call }) =>
    model.reach(call).some(({ entry }) => entry.kind === "route" || entry.kind === "socket"),
  );
  const [stream] = streams;
  const [emit] = emits;
  const replicas = replicasOf(model, service);
  // What a request or an object makes for itself is no bus for everybody.
  const isShared = model.fn(construction.fn)?.isModule === true;
  if (!isShared || stream === undefined || emit === undefined || replicas.kind === "one") return null;
  const routes = model.reach(stream.call).flatMap(({ entry }) => (entry.kind === "route" ? [entry.label] : []));
  return {
    ...placeOf(construction, model),
    confidence: replicas.kind === "several" ? "medium" : "low",
    message: `Users who are connected to one copy of the app hear nothing of what happens in another${copies(replicas)}.`,
    also: [stream.call, emit.call, ...(replicas.kind === "several" ? [replicas] : [])].map(({ file, line }) => ({
      file,
      line,
    })),
    routes: [...new Set(routes)],
  };
}

function copies(replicas: Replicas): string {
  return replicas.kind === "several" ? `, and there are several (${replicas.note})` : "";
}

function placeOf({ id, file, line }: CallSite, model: Model): Omit<Match, "message" | "confidence"> {
  const name = model.summary(file)?.functions[0]?.bindings ?? {};
  return {
    rule,
    file,
    line,
    also: [],
    routes: [],
    path: [],
    call: id,
    anchor: `bus beside ${Object.keys(name)[0] ?? "nothing"}`,
    fix: "patch",
  };
}

function eventOf({ call: { args } }: Use): string | null {
  const [first] = args;
  return first?.kind === "literal" ? String(first.value) : null;
}

/** The processes in which a call can run, by name. */
function processesOf(call: CallSite, model: Model): Set<string> {
  return new Set(model.reach(call).map(({ entry }) => processOf(entry, model)));
}

function processOf({ kind, file }: Entry, model: Model): string {
  const apart = model.services
    .flatMap(({ processes }) => processes)
    .find(({ entry = [] }) => kind === "process" && entry.includes(file));
  if (apart !== undefined) return `the process ${apart.name}`;
  if (kind === "process" || kind === "route" || model.context(file) !== "worker") return "the web process";
  const [only, another] = model.services.flatMap(({ processes }) => processes);
  return only !== undefined && another === undefined ? `the process ${only.name}` : "a worker process";
}
