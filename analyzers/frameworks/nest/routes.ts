/** Routes of Nest controllers: every decorated method, under every path that app, version, module, class and method give it. */
import type { LinkedApp } from "../framework.ts";
import { covers, joinPaths } from "../routing/paths.ts";
import { argumentOf, type Decoration } from "../../link/decorations.ts";
import { textsOf } from "../../link/known.ts";
import { idOf, type ClassNode } from "../../link/program.ts";
import { NONE, type Tokens } from "../../link/token.ts";
import type { Handler, Route } from "../../model.ts";
import { versionsIn, type NestApp } from "./apps.ts";
import { classDecorations, marksIn, methodsOf, optionOf, type Method } from "./classes.ts";
import { runsFor, type Applied } from "./consumers.ts";
import { enhancersOf } from "./enhancers.ts";
import { matchesPath } from "./exclusions.ts";

const CONTROLLER = "@nestjs/common:Controller";
const VERSION = "@nestjs/common:Version";
/** Decorator -> method of the request. `Sse` answers a GET with a stream of events. */
const VERBS: Readonly<Record<string, string>> = Object.fromEntries([
  ...["Get", "Post", "Put", "Patch", "Delete", "Head", "Options", "All", "Search", "Propfind", "Proppatch"].map(
    (name) => [`@nestjs/common:${name}`, name.toUpperCase()],
  ),
  ...["Mkcol", "Copy", "Move", "Lock", "Unlock"].map((name) => [`@nestjs/common:${name}`, name.toUpperCase()]),
  ["@nestjs/common:Sse", "GET"],
]);

export function isController(decorations: readonly Decoration[]): boolean {
  return decorations.some(({ api }) => api === CONTROLLER);
}

/** The routes of one controller in one app. */
export function routesOfController(
  app: LinkedApp,
  nest: NestApp,
  node: ClassNode,
  applied: readonly Applied[],
): Route[] {
  const ofClass = classDecorations(app.linked.solver, node);
  const decoration = ofClass.find(({ api }) => api === CONTROLLER);
  if (decoration === undefined) return [];
  return methodsOf(app.linked.solver, node).flatMap((method) =>
    method.decorations.flatMap((each) => {
      const verb = each.api === null ? undefined : VERBS[each.api];
      if (verb === undefined) return [];
      const places = placesOf(app, nest, node, decoration, method, each);
      const around = enhancersOf(app, nest, ofClass, method.decorations);
      return places.map((place) => {
        const before = middlewareAt(nest, applied, node, place, verb);
        const marks = marksIn(app, [...method.decorations, ...ofClass]);
        return routeOf(app, nest, { method, verb, place, decoration: each, middleware: [...before, ...around], marks });
      });
    }),
  );
}

/** `bare`: without the app's prefix and the version, as middleware and exclusions name it. */
interface Located {
  path: string;
  bare: string;
}

function placesOf(
  app: LinkedApp,
  nest: NestApp,
  node: ClassNode,
  ofClass: Decoration,
  method: Method,
  ofMethod: Decoration,
): Located[] {
  const { solver } = app.linked;
  const first = argumentOf(solver, ofClass, 0);
  const isOptions = first.some((token) => token.kind === "object");
  const classPaths = isOptions
    ? optionalTexts(app, optionOf(solver, ofClass, "path"))
    : writtenTexts(app, ofClass, first);
  const methodPaths = writtenTexts(app, ofMethod, argumentOf(solver, ofMethod, 0));
  const versions = versionsOf(app, nest, isOptions ? optionOf(solver, ofClass, "version") : NONE, method);
  const modules = nest.closure.controllers.get(node) ?? [];
  const prefixes = new Set(modules.map((each) => nest.closure.prefixes.get(each) ?? ""));
  if (prefixes.size === 0) prefixes.add("");
  return [...prefixes].flatMap((prefix) =>
    classPaths.flatMap((classPath) =>
      methodPaths.flatMap((methodPath) => {
        const bare = joined(prefix, classPath, methodPath);
        return versions.map((version) => ({ bare, path: whole(nest, version, bare, ofMethod) }));
      }),
    ),
  );
}

function whole({ prefix, exclude }: NestApp, version: string, bare: string, { api }: Decoration): string {
  const isOut = exclude.some((each) => matchesPath(each, bare, VERBS[api ?? ""] ?? ""));
  return joined(isOut ? "" : prefix, version, bare);
}

function joined(...parts: string[]): string {
  return parts.reduce((path, text) => joinPaths(path, { text, isRegex: false }), "") || "/";
}

/** Texts of what is written: one empty path where nothing is, `*` where it cannot be read. */
function writtenTexts({ linked: { solver } }: LinkedApp, { site }: Decoration, tokens: Tokens): string[] {
  if (site.call.fact.args.length === 0) return [""];
  const texts = textsOf(solver, tokens);
  return texts.length > 0 ? texts : ["*"];
}

function optionalTexts({ linked: { solver } }: LinkedApp, tokens: Tokens): string[] {
  const texts = textsOf(solver, tokens);
  return texts.length > 0 ? texts : [""];
}

/** Version parts of the path, the empty text where there is none: the method's, else the class's, else the app's. */
function versionsOf(app: LinkedApp, { versioning }: NestApp, ofClass: Tokens, method: Method): string[] {
  if (versioning === null) return [""];
  const { solver } = app.linked;
  const ofMethod = method.decorations.find(({ api }) => api === VERSION);
  const own = ofMethod === undefined ? NONE : argumentOf(solver, ofMethod, 0);
  const [named] = [own, ofClass].map((tokens) => versionsIn(app, tokens)).filter((texts) => texts.length > 0);
  const versions = named ?? versioning.defaults;
  return versions.length === 0 ? [""] : versions.map((each) => (each === "" ? "" : `${versioning.prefix}${each}`));
}

function middlewareAt(
  nest: NestApp,
  applied: readonly Applied[],
  node: ClassNode,
  { path, bare }: Located,
  verb: string,
): Handler[] {
  return [
    ...nest.uses.filter((each) => covers(each.path, path)).flatMap((each) => each.handlers),
    ...applied.filter((each) => runsFor(each, node, bare, verb)).flatMap((each) => each.handlers),
  ];
}

interface Found {
  method: Method;
  verb: string;
  place: Located;
  decoration: Decoration;
  middleware: Handler[];
  marks: NonNullable<Route["marks"]>;
}

function routeOf(app: LinkedApp, nest: NestApp, { method, verb, place, decoration, middleware, marks }: Found): Route {
  const { fn } = method;
  const { written } = decoration;
  const { path: file } = written.file;
  const line = written.fact.span.line;
  return {
    id: `${verb} ${place.path} ${idOf(written)} ${nest.made === null ? nest.service : idOf(nest.made)}`,
    method: verb,
    via: "http",
    path: place.path,
    file,
    line,
    service: nest.service,
    framework: "nestjs",
    middleware,
    handlers: [{ fn: idOf(fn), api: null, place: { file: fn.file.path, line: fn.fact.span.line }, construction: null }],
    registration: app.sites.call(written),
    marks,
  };
}
