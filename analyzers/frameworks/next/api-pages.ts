/** Handlers in `pages/api`: one default export per file, which tells the methods apart itself or has a wrapper that does. */
import { NONE, type External } from "../../link/token.ts";
import type { FileNode } from "../../link/program.ts";
import type { Handler, Place, Route } from "../../model.ts";
import { exportPlace, exportTokens, hasExport } from "../exported.ts";
import { routePath } from "../file-routes.ts";
import type { LinkedApp } from "../framework.ts";
import { layersOf, type Layered } from "../layers.ts";
import { byMethod } from "../method-switch.ts";
import { nextRoute } from "./next-route.ts";
import { apiSettings } from "../settings.ts";
import type { NextApp, NextFile } from "./tree.ts";

/** What runs for one method of a file. */
interface Served extends Layered {
  method: string;
  place: Place;
}

export function apiRoutes(app: LinkedApp, own: NextApp): Route[] {
  return own.pages.filter(({ folders }) => folders[0] === "api").flatMap((each) => routesIn(app, own, each));
}

function routesIn(app: LinkedApp, own: NextApp, { file: path, folders, name }: NextFile): Route[] {
  const file = app.linked.solver.program.files.get(path);
  if (file === undefined || !hasExport(app, file, "default")) return [];
  const settings = apiSettings(app, file);
  return servedBy(app, file).map(({ method, place, wrappers, work }) =>
    nextRoute(own, {
      method,
      path: routePath(name === "index" ? folders : [...folders, name]),
      via: "http",
      file,
      place,
      middleware: wrappers,
      handlers: [work],
      settings,
    }),
  );
}

function servedBy(app: LinkedApp, file: FileNode): Served[] {
  const place = exportPlace(app, file, "default");
  const tokens = exportTokens(app, file, "default");
  const router = tokens.find((token) => token.kind === "external" && token.api.startsWith("next-connect:"));
  if (router?.kind === "external") return chained(app, file, router);
  const layered = layersOf(app, tokens, place);
  const named = namedMethods(app, file);
  if (named.length > 0) return named.map((method) => ({ ...layered, method, place }));
  return byMethod(app, layered.work).map(({ method, work }) => ({ ...layered, work, method, place }));
}

const VERBS = new Set(["GET", "POST", "PUT", "PATCH", "DELETE"]);

/** Methods that the wrapper around the default export is told: `endpoint(handler, ["GET"])`, `handlers({ GET, POST })`. */
function namedMethods({ linked: { solver } }: LinkedApp, file: FileNode): string[] {
  const value = file.summary.exports["default"];
  const call = value?.kind === "call" ? file.calls[value.call] : undefined;
  const told = (call?.fact.args ?? [])
    .flatMap((arg) => solver.evaluate(file, arg, null))
    .map((token) => {
      if (token.kind === "object") return token.value.entries.map(({ key }) => key);
      if (token.kind !== "array") return [];
      const items = token.value.items.flatMap((item) => solver.evaluate(token.file, item, token.env));
      return items.map((item) => (item.kind === "literal" ? String(item.value).toUpperCase() : ""));
    });
  return told.find((names) => names.length > 0 && names.every((name) => VERBS.has(name))) ?? [];
}

/** `router.get(auth, handler)` on a router of next-connect, in the file that exports it. */
function chained(app: LinkedApp, file: FileNode, router: External): Served[] {
  const { solver, callees } = app.linked;
  const made = router.made?.call;
  const before: Handler[] = [];
  const served: Served[] = [];
  for (const call of file.calls) {
    const { callee, args } = call.fact;
    const isOn = (callees[call.uid] ?? NONE).some((token) => token.kind === "external" && token.made?.call === made);
    if (callee.kind !== "member" || !isOn || args.length === 0) continue;
    const place = { file: file.path, line: call.fact.span.line };
    const layered = args.map((arg) => layersOf(app, solver.evaluate(file, arg, null), place));
    const handlers = layered.flatMap(({ wrappers, work }) => [...wrappers, work]);
    const work = handlers.pop();
    const method = callee.property.toUpperCase();
    if (callee.property === "use") before.push(...handlers, ...(work === undefined ? [] : [work]));
    else if (work !== undefined && (VERBS.has(method) || method === "ALL"))
      served.push({ method, place, wrappers: [...before, ...handlers], work });
  }
  return served;
}
