/** Async handlers of Express 4 whose failure goes to nobody: the request hangs, and Node from 15 on ends the process. */
import type { Fn, Handler, Known, Model, PathStep, Route, Service } from "../../analyzers/model.ts";
import { isHeldBelow } from "../../analyzers/deployment/node-version.ts";
import { isBesideTheProduct } from "../../analyzers/serving/product.ts";
import type { Match } from "../finding.ts";
import { match } from "./match.ts";
import { handlesRejections } from "./process-handlers.ts";
import { rejectionsOf, type Rejections } from "./rejections.ts";

/** Packages that make Express 4 pass rejections on by itself. */
const cures = [
  "express-async-errors",
  "express-promise-router",
  "express-async-router",
  "@awaitjs/express",
  "express-async-methods",
];

/** The first Node on which a rejection that nobody handles ends the process (Node documentation, --unhandled-rejections). */
const endsProcess = 15;

/** Addresses that only tests of the app itself ask. */
const inside = /(^|\/)_?(e2e|tests?)(\/|$)/;

/** A handler whose failure goes to nobody, at one of its routes. */
export interface Open {
  fn: Fn;
  route: Route;
  path: PathStep[];
}

type Group = readonly [Open, ...Open[]];

/** The open handlers of one file; each stands there with all its routes. */
export interface OpenFile {
  service: Service;
  handlers: readonly Group[];
  match: Match;
}

export function openFiles(model: Model): OpenFile[] {
  const rejections = rejectionsOf(model);
  return model.services.filter(isExpress4).flatMap((service) => {
    const open = [...openHandlers(model, service, rejections).values()];
    const files = new Set(open.map(([{ fn }]) => fn.file));
    return [...files].map((file) => {
      const handlers = open.filter(([{ fn }]) => fn.file === file);
      return { service, handlers, match: matchFor(handlers, service, model) };
    });
  });
}

function isExpress4({ root, frameworks, dependencies, devDependencies }: Service): boolean {
  const version = frameworks.find(({ name }) => name === "express")?.version ?? "";
  const major = /^\D{0,2}(\d+)/.exec(version)?.[1];
  const all = { ...dependencies, ...devDependencies };
  return (
    !isBesideTheProduct(root) &&
    major !== undefined &&
    Number(major) <= 4 &&
    !/\|\||>/.test(version) &&
    !cures.some((name) => name in all)
  );
}

/** Handlers by their function, each with the routes that run it. */
function openHandlers(model: Model, service: Service, rejections: Rejections): Map<string, [Open, ...Open[]]> {
  const open = new Map<string, [Open, ...Open[]]>();
  for (const route of model.routes) {
    if (
      route.service !== service.name ||
      route.framework !== "express" ||
      route.registration === null ||
      inside.test(route.path)
    )
      continue;
    for (const handler of route.handlers) {
      const fn = handler.fn === null || !isHandedOverAsItIs(handler, route) ? null : model.fn(handler.fn);
      const sink = fn?.async === true ? rejections.failingIn(fn.id) : null;
      if (fn === null || sink === null) continue;
      const path = [
        { file: fn.file, line: fn.line, label: `${route.method} ${route.path}`, fn: fn.id },
        { file: sink.file, line: sink.line, label: model.usesAt(sink)[0]?.api ?? "a call outside", fn: sink.fn },
      ];
      const known = open.get(fn.id);
      if (known === undefined) open.set(fn.id, [{ fn, route, path }]);
      else known.push({ fn, route, path });
    }
  }
  return open;
}

/** Not through a wrapper, of the app's own or from a package, that may pass the rejection on. */
function isHandedOverAsItIs({ fn, api, also = [] }: Handler, { registration }: Route): boolean {
  return api === null && also.length === 0 && (registration?.args ?? []).some((arg) => holds(arg, fn));
}

function holds(arg: Known, fn: string | null): boolean {
  return arg.kind === "array" ? arg.items.some((item) => holds(item, fn)) : arg.kind === "fn" && arg.fn === fn;
}

function matchFor(handlers: readonly Group[], service: Service, model: Model): Match {
  const sorted = handlers.toSorted(([a], [b]) => a.fn.line - b.fn.line);
  const [first] = sorted[0] ?? [];
  if (first === undefined) throw new Error("a file is grouped by its handlers, so it has one");
  const hangs = isHeldBelow(model, service, endsProcess) || handlesRejections(model, service);
  const others = sorted.slice(1);
  const more = others.length === 0 ? "" : `, and so it is with ${others.length} more in this file`;
  return match("async-handler-unguarded", first.fn, {
    ...(hangs ? { title: "A failing call in a request leaves it without an answer" } : {}),
    message: hangs
      ? `When the call at ${placeOf(first)} fails, ${first.route.method} ${first.route.path} never gets an answer${more}: Express 4 does not look at the promise of its handlers.`
      : `When the call at ${placeOf(first)} fails, ${first.route.method} ${first.route.path} gets no answer and Node ends the whole process${more}: one bad request takes all users down.`,
    also: others.map(([{ fn }]) => ({ file: fn.file, line: fn.line })),
    routes: [...new Set(sorted.flatMap((group) => group.map(({ route }) => `${route.method} ${route.path}`)))],
    path: first.path,
    fix: "patch",
    anchor: `handlers ${sorted
      .map(([{ fn }]) => fn.name ?? "")
      .slice(0, 3)
      .join(" ")}`,
  });
}

function placeOf({ path }: Open): string {
  const sink = path.at(-1);
  return sink === undefined ? "" : `${sink.file}:${sink.line}`;
}
