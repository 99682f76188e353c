/** Settings that frameworks and hosts read from the exports beside a handler. */
import type { FileNode } from "../link/program.ts";
import type { Known, RouteSettings } from "../model.ts";
import { exportedValue } from "./exported.ts";
import type { LinkedApp } from "./framework.ts";

/** `export const maxDuration = 60` and its like, in the App Router. */
export function segmentSettings(app: LinkedApp, file: FileNode): RouteSettings {
  return settingsFrom((name) => exportedValue(app, file, name));
}

/** `export const config = { api: { bodyParser: false }, maxDuration: 60 }`, in `pages/api`. */
export function apiSettings(app: LinkedApp, file: FileNode): RouteSettings {
  const config = exportedValue(app, file, "config");
  const parser = entry(entry(config, "api"), "bodyParser");
  const limit = literal(entry(parser, "sizeLimit"));
  const isOff = literal(parser) === false;
  return {
    ...settingsFrom((name) => entry(config, name)),
    ...settingsFrom((name) => exportedValue(app, file, name)),
    ...(isOff ? { bodyParser: false } : {}),
    ...(typeof limit === "string" || typeof limit === "number" ? { bodyParser: limit } : {}),
  };
}

/** Settings by their names, from wherever they stand. */
export function settingsFrom(read: (name: string) => Known): RouteSettings {
  const [runtime, dynamic] = [literal(read("runtime")), literal(read("dynamic"))];
  const [maxDuration, revalidate] = [literal(read("maxDuration")), literal(read("revalidate"))];
  return {
    ...(typeof runtime === "string" ? { runtime: runtime.replace("experimental-", "") } : {}),
    ...(typeof maxDuration === "number" ? { maxDuration } : {}),
    ...(typeof dynamic === "string" ? { dynamic } : {}),
    ...(typeof revalidate === "number" || revalidate === false ? { revalidate } : {}),
  };
}

function entry(known: Known, key: string): Known {
  const found = known.kind === "object" && Object.hasOwn(known.entries, key) ? known.entries[key] : undefined;
  return found ?? { kind: "unknown" };
}

function literal(known: Known): string | number | boolean | null {
  return known.kind === "literal" ? known.value : null;
}

/** The settings as `Route.settings` holds them: left out where there are none. */
export function withSettings(settings: RouteSettings): { settings?: RouteSettings } {
  return Object.keys(settings).length === 0 ? {} : { settings };
}
