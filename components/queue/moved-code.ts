/** What would come along when a function runs in another process. */
import { posix } from "node:path";
import { closureOf } from "../../analyzers/code/closure.ts";
import type { Fn, Model } from "../../analyzers/model.ts";

/** Work that must be done before the answer: it is why the request was made. */
const primary = ["payment", "database-write", "storage", "file-write", "session"] as const;

/** Whether the function itself, or what it calls, changes what the app keeps or charges. */
export function doesPrimaryWork(target: Fn, model: Model): boolean {
  const inside = closureOf(target, model);
  return model.usesOfKind(...primary).some(({ call }) => inside.has(call.fn));
}

/** Whether loading the module, or one it loads, listens on a port: a worker must not. */
export function startsServer(file: string, model: Model): boolean {
  const seen = new Set<string>();
  const waiting = [file];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    const summary = model.summary(at);
    if (summary === null) continue;
    if (listens(at, model)) return true;
    waiting.push(
      ...summary.imports
        .filter(({ typeOnly, form }) => !typeOnly && form !== "dynamic")
        .flatMap(({ specifier }) => resolved(at, specifier, model)),
    );
    waiting.push(...summary.reexports.flatMap(({ specifier }) => resolved(at, specifier, model)));
  }
  return false;
}

/** A `listen` in the module body or in a function that the module body calls; the entry files start the app in any case. */
function listens(file: string, model: Model): boolean {
  if (model.services.some(({ entry }) => entry.includes(file))) return true;
  const summary = model.summary(file);
  return (
    summary?.calls.some(({ fn, callee }) => fn === 0 && callee.kind === "member" && callee.property === "listen") ??
    false
  );
}

const endings = ["", ".ts", ".js", ".tsx", ".mjs", ".cjs", ".mts", ".cts", "/index.ts", "/index.js"];

/** The file behind a relative specifier; empty for packages and what is not there. */
export function resolved(from: string, specifier: string, model: Model): string[] {
  if (!specifier.startsWith(".")) return [];
  const path = posix.normalize(posix.join(posix.dirname(from), specifier));
  const bare = path.replace(/\.[cm]?js$/, "");
  const found = [path, bare]
    .flatMap((base) => endings.map((ending) => base + ending))
    .find((name) => model.repo.has(name));
  return found === undefined ? [] : [found];
}
