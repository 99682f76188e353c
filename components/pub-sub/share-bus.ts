/** Lets a bus reach the other processes: the emitter becomes one that also speaks and listens by Redis. */
import { posix } from "node:path";
import { closureOf } from "../../analyzers/code/closure.ts";
import type { Known, Model, SinkKind, Use } from "../../analyzers/model.ts";
import type { Edit } from "../../patches/edit.ts";
import { callAt } from "../../patches/editors/calls.ts";
import { toDialect } from "../../patches/editors/dialect.ts";
import { restyle } from "../../patches/editors/dialect-style.ts";
import { addImport } from "../../patches/editors/imports.ts";
import { installNote } from "../../patches/editors/package-json.ts";
import { openSource, replace, styleFor, textOf } from "../../patches/editors/source.ts";
import { specifierFor } from "../../patches/editors/specifier.ts";
import { dropUnusedImports } from "../../patches/editors/unused.ts";
import { fill } from "../../patches/fill.ts";
import { newFile } from "../../patches/new-file.ts";
import type { Templates } from "../component.ts";
import type { RedisAccess } from "../redis-access.ts";
import type { Bus } from "./bus.ts";

export type Shared = { edits: Edit[]; notes: string[] } | { cannot: string };

/** `module`: where the written module is, or will be; the buses of one service share it. */
export function shareBus(bus: Bus, module: string, redis: RedisAccess, model: Model): Shared {
  const { construction, service } = bus;
  const cannot = obstacleTo(bus, model);
  if (cannot !== null) return { cannot };
  const source = openSource(model.repo, construction.file);
  const range = source === null ? null : callAt(source, construction.span);
  if (source === null || range === null || !/^new\s+[\w$.]+\s*\(\s*\)$/.test(textOf(source, construction.span)))
    return { cannot: "the emitter is made with options or types of its own, which the shared one would not keep" };
  const channel = JSON.stringify(`${service.name}:${posix.basename(construction.file).replace(/\..*$/, "")}`);
  const text = restyle(`new SharedBus(${channel})`, source.style);
  return {
    edits: [
      replace(source, construction.span, text),
      ...dropUnusedImports(source, [construction.span], [text], true),
      ...addImport(source, { from: specifierFor(construction.file, module, source.style), names: ["SharedBus"] }),
      ...redis.edits,
    ],
    notes: [
      ...(redis.services.length > 0 ? [installNote(service)] : []),
      `Set ${redis.address} wherever a process of the app runs. Without it, and while Redis is down, events are heard in their own process only, and the log says so.`,
      "To other processes events travel as JSON: a Date arrives as text, a document of the database as plain values.",
    ],
  };
}

/** The module's path and text for the services' first bus. */
export function busModule(
  { construction: { file: beside } }: Bus,
  { library, address }: RedisAccess,
  model: Model,
  templates: Templates,
): { file: string; edit: Edit } {
  const file = newFile(model.repo, posix.dirname(beside), "shared-bus", beside);
  const text = fill(templates("shared-bus.ts"), { ioredis: library === "ioredis", ADDRESS: address });
  return { file, edit: { kind: "create", file, text: toDialect(text, styleFor(model.repo, file)) } };
}

/** Work that must be done once for an event, not once in every process. */
const onceOnly: readonly SinkKind[] = [
  "mail",
  "push",
  "model",
  "payment",
  "http",
  "database-write",
  "queue",
  "storage",
];

function obstacleTo({ api, emits, listens }: Bus, model: Model): string | null {
  if (!/^node:events:(EventEmitter)?$/.test(api))
    return `it is made by ${api.replace(/:.*/, "")}, not by Node's own EventEmitter`;
  const listeners = listens.map((listen) => listenerOf(listen));
  if (listeners.includes(null))
    return "one of its listeners cannot be followed, and each listener would run in every process";
  const worker = listeners.find((fn) => fn !== null && worksOnce(fn, model));
  if (worker !== undefined && worker !== null) {
    const { file, line } = model.fn(worker) ?? { file: "", line: 0 };
    return `a listener (${file}:${line}) does work that belongs to one process, and would do it in each: that is a job for a queue`;
  }
  const live = emits.find(({ call }) => call.args.slice(1).some(isAlive));
  return live === undefined
    ? null
    : `what is emitted at ${live.call.file}:${live.call.line} is alive in its process (a function, a connection) and cannot travel`;
}

/** A callback, or something with a connection behind it; what a database gave is plain enough. */
function isAlive(arg: Known): boolean {
  return arg.kind === "fn" || (arg.kind === "external" && /^(express|fastify|koa|ws|socket\.io|node:)\b/.test(arg.api));
}

/** The function that a registration hands over, null when it is not known. */
function listenerOf({ call: { args } }: Use): string | null {
  const found = args.find(({ kind }) => kind === "fn");
  return found?.kind === "fn" ? found.fn : null;
}

function worksOnce(fn: string, model: Model): boolean {
  const inside = closureOf({ id: fn }, model);
  return model.usesOfKind(...onceOnly).some(({ call }) => inside.has(call.fn));
}
