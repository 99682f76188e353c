/** The folders that multer writes into, with all that writes there. */
import { entryOf } from "../../../analyzers/code/written-values.ts";
import { sourcesOf } from "../../../analyzers/flow/sources.ts";
import { indexIn } from "../../../analyzers/ids.ts";
import type { CallSite, Model, Service, Use } from "../../../analyzers/model.ts";
import type { Value } from "../../../analyzers/summary.ts";
import { knownFolder, writtenPaths } from "../../../analyzers/code/written-path.ts";

/** `multer.diskStorage({...})`, or `multer({ dest })` where there is no storage. */
export interface Storage {
  call: CallSite;
  form: "storage" | "dest";
  /** The known folders of all destinations; null where one of them cannot be read. */
  folders: string[] | null;
  /** Whether files lie in folders below, whose names are made at run time. */
  isDeeper: boolean;
}

/** Calls of multer's own storage, by its name or by that of Koa's wrapper. */
export function diskStorages(model: Model): Use[] {
  return ["multer:diskStorage", "@koa/multer:diskStorage"].flatMap((api) => model.usesOf(api));
}

/** Every storage of the service, in source order. */
export function storagesOf(model: Model, service: Service): Storage[] {
  const made = diskStorages(model).map(({ call }) => ({ call, form: "storage" as const }));
  const short = ["multer:", "multer:default", "@koa/multer:"]
    .flatMap((api) => model.usesOf(api))
    .filter(({ call: { args } }) => args[0]?.kind === "object" && "dest" in args[0].entries)
    .map(({ call }) => ({ call, form: "dest" as const }));
  return [...made, ...short]
    .filter(({ call }) => model.context(call.file) === "server" && model.service(call.file)?.root === service.root)
    .map((each) => ({ ...each, ...foldersOf(model, each.call, each.form) }));
}

/** The storage that a call makes, or that a parser is given. */
export function storageOf(model: Model, storages: readonly Storage[], id: string): Storage | null {
  const made = storages.find(({ call }) => call.id === id);
  if (made !== undefined) return made;
  const file = id.slice(0, id.lastIndexOf("#"));
  const [options] = model.summary(file)?.calls[indexIn(id)]?.args ?? [];
  const value = options === undefined ? null : entryOf(model, { file, value: options }, "storage");
  const sources = value === null ? [] : sourcesOf(model, { ...value, frame: null });
  const ids = new Set(sources.flatMap((source) => (source.kind === "call" ? [source.call.id] : [])));
  return storages.find(({ call }) => ids.has(call.id)) ?? null;
}

const unread = { folders: null, isDeeper: false };

function foldersOf(model: Model, { file, id }: CallSite, form: Storage["form"]): Pick<Storage, "folders" | "isDeeper"> {
  const [options] = model.summary(file)?.calls[indexIn(id)]?.args ?? [];
  if (options?.kind !== "object" || options.spreads.length > 0) return unread;
  const key = form === "dest" ? "dest" : "destination";
  const value = options.entries.find((entry) => entry.key === key)?.value;
  if (value === undefined) return unread;
  const fn = functionOf(model, file, value);
  const paths = fn === null ? writtenPaths(model, file, value) : answered(model, file, fn);
  const folders = paths.map(knownFolder);
  const known = folders.flatMap((folder) => folder ?? []);
  if (known.length < folders.length || known.length === 0) return unread;
  return { folders: [...new Set(known)], isDeeper: paths.some((path) => !known.includes(path)) };
}

/** A function that is written here or named here. */
function functionOf(model: Model, file: string, value: Value): number | null {
  if (value.kind === "fn") return value.fn;
  if (value.kind !== "name") return null;
  const [given, ...others] = model.summary(file)?.functions[value.fn]?.bindings[value.name] ?? [];
  return given?.kind === "fn" && others.length === 0 ? given.fn : null;
}

/** What a `destination` function hands to its callback, itself or in a callback of its own; refusals hand over nothing. */
function answered(model: Model, file: string, fn: number): string[] {
  const calls = model.summary(file)?.calls ?? [];
  const isAnswer = (callee: Value): boolean => callee.kind === "param" && callee.fn === fn && callee.index === 2;
  return calls
    .filter(({ callee }) => isAnswer(callee))
    .flatMap(({ args: [, value] }) =>
      value === undefined || isNothing(value) ? [] : writtenPaths(model, file, value),
    );
}

function isNothing(value: Value): boolean {
  return value.kind === "literal" && (typeof value.value !== "string" || value.value === "");
}
