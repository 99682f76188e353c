/** Server actions: functions that the browser calls by name, marked by `"use server"` on a file or in their own body. */
import { idOf, type FileNode, type FnNode } from "../../link/program.ts";
import type { External, Tokens } from "../../link/token.ts";
import type { Handler, Place, Route } from "../../model.ts";
import { handlersOf, stepsOf } from "../builder.ts";
import { exportPlace, exportTokens } from "../exported.ts";
import type { LinkedApp } from "../framework.ts";
import { layersOf, ownHandler, type Layered } from "../layers.ts";
import { callableActions, isHandedOn } from "./action-callers.ts";
import type { NextApp } from "./tree.ts";
import { majorOf } from "../../services/version-range.ts";

const DIRECTIVE = "use server";
/** Last steps of the builders that make actions: next-safe-action's, zsa's. */
const MAKING = new Set(["action", "stateAction", "handler"]);

export function actions(app: LinkedApp, apps: readonly NextApp[]): Route[] {
  if (apps.length === 0) return [];
  const isCallable = callableActions(app);
  return [...app.linked.solver.program.files.values()].flatMap((file) => {
    const service = serviceOf(app, apps, file.path);
    const isTrimmed = apps.every((each) => !(nextMajor(each) < 15));
    if (service === null || ["test", "dead", "script"].includes(app.contextOf(file.path))) return [];
    const exported = exportedActions(app, file).filter(
      ({ exportedAs }) => !isTrimmed || isCallable(file.path, exportedAs),
    );
    const inner = innerActions(file).filter(({ work, name }) => isAnonymous(app, work) || isHandedOn(app, file, name));
    return [...exported, ...inner].map((action) => routeOf(action, service));
  });
}

/** Of Next's version; a range without digits (`latest`, `canary`) is the newest. */
function nextMajor({ service }: NextApp): number {
  return majorOf(service.frameworks.find(({ name }) => name === "next")?.version);
}

interface Action extends Layered {
  id: string;
  name: string;
  place: Place;
}

/** The app that the file belongs to; code of a shared package counts for the only app there is. */
function serviceOf(app: LinkedApp, apps: readonly NextApp[], file: string): string | null {
  const service = app.serviceOf(file);
  if (service !== null && apps.some((each) => each.service === service)) return service.name;
  return service === null && apps.length === 1 ? (apps[0]?.service.name ?? null) : null;
}

function routeOf({ id, name, place, wrappers, work }: Action, service: string): Route {
  return {
    id: `ACTION ${name} ${id}`,
    method: "ACTION",
    via: "action",
    path: name,
    file: place.file,
    line: place.line,
    service,
    framework: "next",
    middleware: wrappers,
    handlers: [work],
    registration: null,
  };
}

function exportedActions(app: LinkedApp, file: FileNode): (Action & { exportedAs: string })[] {
  if (!file.summary.directives.includes(DIRECTIVE)) return [];
  return Object.keys(file.summary.exports).flatMap((name) => {
    const place = exportPlace(app, file, name);
    const tokens = exportTokens(app, file, name);
    const layered = builtAction(app, tokens) ?? layersOf(app, tokens, place);
    const named = name === "default" ? (nameOf(app, layered.work) ?? "default") : name;
    return isData(tokens) ? [] : [{ ...layered, id: `${file.path} ${name}`, name: named, exportedAs: name, place }];
  });
}

/** Exports of a marked file are functions; what is plainly something else is a mistake there and no action. */
function isData(tokens: Tokens): boolean {
  return tokens.length > 0 && tokens.every(({ kind }) => kind !== "fn" && kind !== "external");
}

function nameOf({ sites }: LinkedApp, { fn }: Handler): string | null {
  return fn === null ? null : (sites.fnNode(fn)?.fact.name ?? null);
}

/** `client.use(auth).schema(s).action(fn)`: what the client's `use` was given stands before the function. */
function builtAction(app: LinkedApp, tokens: Tokens): Layered | null {
  const built = tokens.find((token): token is External => token.kind === "external" && token.api.endsWith("()"));
  const steps = built === undefined ? [] : stepsOf(built);
  const last = steps.at(-1);
  if (last === undefined || !MAKING.has(last.name)) return null;
  const work = handlersOf(app, last).at(-1);
  const before = steps.slice(0, -1).filter(({ name }) => name === "use");
  return work === undefined ? null : { wrappers: before.flatMap((step) => handlersOf(app, step)), work };
}

/** Functions marked in their own body, also within a component. */
function innerActions(file: FileNode): Action[] {
  return file.fns.filter(isMarked).map((fn) => {
    const place = { file: file.path, line: fn.fact.span.line };
    return { id: idOf(fn), name: nameWithin(fn), place, wrappers: [], work: ownHandler(fn) };
  });
}

function isAnonymous(app: LinkedApp, work: Handler): boolean {
  return nameOf(app, work) === null;
}

/** A function without a name goes by the component that it stands in. */
function nameWithin(fn: FnNode): string {
  for (let each: FnNode | null = fn; each !== null; each = each.parent)
    if (each.fact.name !== null) return each.fact.name;
  return "action";
}

function isMarked({ fact }: FnNode): boolean {
  return fact.kind !== "module" && fact.directives.includes(DIRECTIVE);
}
