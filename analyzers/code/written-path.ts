/** Paths as the code writes them: followed through names, joins and templates, as seen from the service's folder. */
import { posix } from "node:path";
import { indexIn } from "../ids.ts";
import type { CallSite, Model } from "../model.ts";
import type { Value } from "../summary.ts";
import { textOf } from "./text.ts";
import { entryOf, exportedValue } from "./written-values.ts";

/** What nobody knows in advance: a name, or a whole path. */
const open = "*";
/** Names within names; deeper ones stay open. */
const maxDepth = 6;
/** A path that is written in more ways tells nothing more. */
const mostWays = 12;
/** Callers that are asked what they pass. */
const mostCallers = 8;

/**
 * All ways in which an argument of a call may read: `uploads/*` for `path.join(__dirname, "uploads", name)`, `$UPLOAD_DIR/*`
 * for a setting without a default. The folder that the app is started in is taken to be the service's.
 */
export function argumentPaths(model: Model, call: CallSite, index: number): string[] {
  const value = model.summary(call.file)?.calls[indexIn(call.id)]?.args[index];
  return value === undefined ? [] : writtenPaths(model, call.file, value);
}

export function writtenPaths(model: Model, file: string, value: Value): string[] {
  const ways = texts(model, file, value, maxDepth).map((path) => posix.normalize(path).replace(/(?<=.)\/$/, ""));
  return [...new Set(ways)];
}

/** The part of a path that is known: `uploads` of `uploads/*`; null when nothing of it is. */
export function knownFolder(path: string): string | null {
  const words = path.split("/");
  const first = words.findIndex((word) => word.includes(open));
  const known = (first < 0 ? words : words.slice(0, first)).join("/");
  return known === "" || known === "." ? null : known;
}

export function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function texts(model: Model, file: string, value: Value, depth: number): string[] {
  if (depth === 0) return [open];
  const inner = (each: Value): string[] => texts(model, file, each, depth - 1);
  switch (value.kind) {
    case "literal":
      return [typeof value.value === "string" ? value.value : open];
    case "template":
      return combined(value.parts.map((part) => (typeof part === "string" ? [part] : inner(part)))).map((parts) =>
        parts.join(""),
      );
    case "operation":
      return value.operator === "+" ? combined(value.of.map(inner)).map((parts) => parts.join("")) : [open];
    case "either":
      return withDefaults(value.of).flatMap(inner).slice(0, mostWays);
    case "name":
      return ofName(model, file, value, depth);
    case "call":
      return ofCall(model, file, value.call, depth);
    case "param":
      return ofParam(model, file, value, depth);
    case "member":
      return ofMember(model, file, value, depth);
    case "imported": {
      const found = exportedValue(model, file, value);
      return found === null ? [open] : texts(model, found.file, found.value, depth - 1);
    }
    default:
      return [open];
  }
}

/** A setting with a default stands for the default: every place that reads it gets the same. */
function withDefaults(of: readonly Value[]): readonly Value[] {
  const rest = of.filter((each) => settingOf(each) === null);
  return rest.length > 0 ? rest : of;
}

function settingOf(value: Value): string | null {
  if (value.kind !== "member" || value.object.kind !== "member" || value.object.property !== "env") return null;
  const { object } = value.object;
  return object.kind === "name" && /^(process|import\.meta)$/.test(object.name) ? value.property : null;
}

function ofName(model: Model, file: string, value: Extract<Value, { kind: "name" }>, depth: number): string[] {
  const given = model.summary(file)?.functions[value.fn]?.bindings[value.name] ?? [];
  if (given.length > 0 && given.length <= mostWays)
    return given.flatMap((each) => texts(model, file, each, depth - 1)).slice(0, mostWays);
  return value.name === "__dirname" ? [folderOf(model, file)] : [open];
}

function ofMember(model: Model, file: string, value: Extract<Value, { kind: "member" }>, depth: number): string[] {
  const setting = settingOf(value);
  if (setting !== null) return [`$${setting}`];
  const { object, property } = value;
  if (object.kind === "name" && object.name === "import.meta" && property === "dirname") return [folderOf(model, file)];
  if (object.kind === "this") return ofField(model, file, object.fn, property, depth);
  const found =
    object.kind === "imported" && object.name === "*"
      ? exportedValue(model, file, { ...object, name: property })
      : entryOf(model, { file, value: object }, property);
  return found === null ? [open] : texts(model, found.file, found.value, depth - 1);
}

/** `this.uploadDirectory`, set in the class itself. */
function ofField(model: Model, file: string, fn: number, property: string, depth: number): string[] {
  const summary = model.summary(file);
  const owner = summary?.functions[fn]?.class ?? null;
  const given = owner === null ? [] : (summary?.classes[owner]?.fields[property] ?? []);
  if (given.length === 0 || given.length > mostWays) return [open];
  return given.flatMap((each) => texts(model, file, each, depth - 1)).slice(0, mostWays);
}

/** The file's folder, from the service's. */
function folderOf(model: Model, file: string): string {
  return posix.relative(model.service(file)?.root ?? ".", posix.dirname(file)) || ".";
}

function ofCall(model: Model, file: string, index: number, depth: number): string[] {
  const call = model.call(`${file}#${index}`);
  const args = model.summary(file)?.calls[index]?.args ?? [];
  if (call === null) return [open];
  const api = model.usesAt(call)[0]?.api ?? "";
  if (api === "global:process.cwd") return ["."];
  const name = /^node:path:(?:posix\.|win32\.)?(join|resolve|normalize|dirname)$/.exec(api)?.[1];
  if (name === undefined) return [open];
  if (name === "dirname") return isOwnFile(textOf(model, call)) ? [folderOf(model, file)] : [open];
  const ways = combined(args.map((each) => texts(model, file, each, depth - 1)));
  return ways.map((parts) => (name === "resolve" ? resolved(parts) : posix.join(...parts)));
}

/** `dirname(fileURLToPath(import.meta.url))`. */
function isOwnFile(code: string): boolean {
  return /\bimport\.meta\.url\b|\b__filename\b/.test(code);
}

function resolved(parts: readonly string[]): string {
  const from = parts.findLastIndex((part) => part.startsWith("/"));
  return posix.join(".", ...parts.slice(Math.max(0, from)));
}

/** What the callers pass. */
function ofParam(model: Model, file: string, value: Extract<Value, { kind: "param" }>, depth: number): string[] {
  const callers = model.callers(`${file}#${value.fn}`);
  if (callers.length === 0 || callers.length > mostCallers) return [open];
  return callers
    .flatMap((site) => {
      const passed = model.summary(site.file)?.calls[indexIn(site.id)]?.args[value.index];
      return passed === undefined ? [open] : texts(model, site.file, passed, depth - 1);
    })
    .slice(0, mostWays);
}

/** One of each, in all ways, up to a few. */
function combined(lists: readonly (readonly string[])[]): string[][] {
  let ways: string[][] = [[]];
  for (const list of lists) ways = ways.flatMap((way) => list.map((each) => [...way, each])).slice(0, mostWays);
  return ways;
}
