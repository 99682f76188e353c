/** Functions that a host calls by their place in the tree: `api/*.ts` on Vercel, `netlify/functions/*.ts` on Netlify. */
import { posix } from "node:path";
import type { FileNode } from "../link/program.ts";
import type { Tokens } from "../link/token.ts";
import type { Known, Place, Route, RouteSettings, Service } from "../model.ts";
import { isTestFile } from "../services/file-roles.ts";
import { exportedValue, exportPlace, exportTokens, hasExport } from "./exported.ts";
import { routePath } from "./file-routes.ts";
import type { Framework, LinkedApp } from "./framework.ts";
import { layersOf } from "./layers.ts";
import { byMethod } from "./method-switch.ts";
import { settingsFrom, withSettings } from "./settings.ts";

interface Host {
  name: string;
  /** Its own file in the folder of the service, or above it. */
  config: string;
  folder: string;
  /** The path of a file, from its place below the folder. */
  path: (below: string) => string;
  /** Exports that are one handler for all methods; those named like a verb come first. */
  handlers: readonly string[];
}

const hosts: readonly Host[] = [
  {
    name: "vercel-functions",
    config: "vercel.json",
    folder: "api",
    path: (below) => routePath(["api", ...below.split("/").filter((part) => part !== "index")]),
    handlers: ["default"],
  },
  {
    name: "netlify-functions",
    config: "netlify.toml",
    folder: "netlify/functions",
    path: (below) => `/.netlify/functions/${below.split("/")[0] ?? below}`,
    handlers: ["default", "handler"],
  },
];

const VERBS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

export const functions: Framework = {
  name: "functions",
  find: (app) => ({
    routes: app.services.flatMap((service) => hosts.flatMap((host) => routesOf(app, service, host))),
    entries: [],
  }),
};

function routesOf(app: LinkedApp, service: Service, host: Host): Route[] {
  const isNext = service.frameworks.some(({ name }) => name === "next");
  const isHosted = [".", service.root].some((root) => app.repo.has(posix.join(root, host.config)));
  if (!isHosted || (isNext && host.name === "vercel-functions")) return [];
  const folder = posix.join(service.root, host.folder);
  return [...app.linked.solver.program.files.values()].flatMap((file) => {
    const { path } = file;
    if (!path.startsWith(`${folder}/`) || app.serviceOf(path) !== service || !isFunctionFile(path)) return [];
    const below = posix.relative(folder, path).replace(/\.\w+$/, "");
    return routesIn(app, file, host, below).map((route) => ({ ...route, service: service.name }));
  });
}

/** Files and folders whose names begin with `_` or `.` are left alone by both hosts. */
function isFunctionFile(file: string): boolean {
  return !isTestFile(file) && !/\.d\.ts$|(^|\/)[._][^/]*/.test(file);
}

function routesIn(app: LinkedApp, file: FileNode, host: Host, below: string): Omit<Route, "service">[] {
  const config = exportedValue(app, file, "config");
  const settings = settingsFrom((name) => entryOf(config, name) ?? exportedValue(app, file, name));
  const path = textOf(entryOf(config, "path")) ?? host.path(below);
  const schedule = textOf(entryOf(config, "schedule"));
  const made = (method: string, at: Place, parts: Pick<Route, "middleware" | "handlers">) =>
    routeOf(host, file, { method, path, schedule, settings }, at, parts);
  const verbs = VERBS.filter((verb) => hasExport(app, file, verb));
  if (verbs.length > 0) {
    return verbs.map((verb) => {
      const at = exportPlace(app, file, verb);
      const { wrappers, work } = layersOf(app, exportTokens(app, file, verb), at);
      return made(verb, at, { middleware: wrappers, handlers: [work] });
    });
  }
  const name = host.handlers.find((each) => hasExport(app, file, each));
  const tokens = name === undefined ? [] : exportTokens(app, file, name);
  if (name === undefined || !takesRequests(tokens)) return [];
  const at = exportPlace(app, file, name);
  const { wrappers, work } = layersOf(app, tokens, at);
  return byMethod(app, work).map((each) => made(each.method, at, { middleware: wrappers, handlers: [each.work] }));
}

/** A function with something like a request as its first parameter: not a helper beside the functions, nor a whole app. */
function takesRequests(tokens: Tokens): boolean {
  return tokens.some((token) => {
    if (token.kind !== "fn") return false;
    const [first] = token.fn.fact.params;
    if (first === undefined) return true;
    return (
      first.name === null || /^_?(req|request|event|evt|r)$/i.test(first.name) || /Request|Event/.test(first.type ?? "")
    );
  });
}

function routeOf(
  { name }: Host,
  file: FileNode,
  {
    method,
    path,
    schedule,
    settings,
  }: { method: string; path: string; schedule: string | null; settings: RouteSettings },
  at: Place,
  parts: Pick<Route, "middleware" | "handlers">,
): Omit<Route, "service"> {
  return {
    id: `${method} ${path} ${file.path}`,
    method,
    via: "http",
    path,
    file: at.file,
    line: at.line,
    framework: name,
    ...parts,
    registration: null,
    ...withSettings(settings),
    ...(schedule === null ? {} : { schedule }),
  };
}

function entryOf(known: Known, key: string): Known | null {
  return known.kind === "object" && Object.hasOwn(known.entries, key) ? (known.entries[key] ?? null) : null;
}

function textOf(known: Known | null): string | null {
  return known?.kind === "literal" && typeof known.value === "string" ? known.value : null;
}
