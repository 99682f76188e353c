/** Handlers that are exports of a file at a conventional place: the app's own function behind an export, through wrappers. */
import { unwrapped } from "../link/edges.ts";
import { behindName, idOf, own, type FileNode, type FnNode } from "../link/program.ts";
import type { External, Token, Tokens } from "../link/token.ts";
import type { Entry, Handler, Place, Route } from "../model.ts";
import type { LinkedApp } from "./framework.ts";

/** Whether a file exports a value under the name, its own or another module's. */
export function exportsName({ summary }: FileNode, name: string): boolean {
  return own(summary.exports, name) !== undefined || summary.reexports.some(({ as }) => as === name);
}

/**
 * What an export runs when it is called; one handler without a function where it cannot be followed. Where a wrapper's result
 * is not known, what the wrapper was given stands for it: it is what the author wrote to be run.
 */
export function exportedHandlers(app: LinkedApp, file: FileNode, name: string): Handler[] {
  const { solver } = app.linked;
  const tokens = solver.exported(file, name);
  const value = tokens.length > 0 ? undefined : behindName(file, file.summary.exports[name] ?? { kind: "unknown" });
  const call = value?.kind === "call" ? file.calls[value.call] : undefined;
  const given = call?.fact.args.flatMap((arg) => solver.evaluate(file, arg, null)).filter(({ kind }) => kind === "fn");
  return handlersOf(app, given ?? tokens, { file: file.path, line: 1 });
}

export function handlersOf(app: LinkedApp, tokens: Tokens, at: Place): Handler[] {
  const found = tokens.flatMap((token) => handlersBehind(app, token, at));
  return found.length > 0 ? found : [{ fn: null, api: null, place: at, construction: null }];
}

function handlersBehind(app: LinkedApp, token: Token, at: Place): Handler[] {
  if (token.kind === "fn") {
    const inner = unwrapped(app.linked, token);
    const work = inner.findLast((each) => each.takesOver)?.token.fn ?? token.fn;
    return [ownHandler(work, [token.fn, ...inner.map((each) => each.token.fn)])];
  }
  if (token.kind !== "external") return [];
  const given = functionsGiven(app, token);
  const [work, ...others] = given;
  if (work !== undefined) return [ownHandler(work, others)];
  const construction = token.via === null ? null : app.sites.call(token.via.call);
  const place = construction === null ? at : { file: construction.file, line: construction.line };
  return [{ fn: null, api: token.api, place, construction }];
}

export function ownHandler(work: FnNode, with_: readonly FnNode[] = []): Handler {
  const also = [...new Set(with_)].filter((fn) => fn !== work).map((fn) => idOf(fn));
  return {
    fn: idOf(work),
    api: null,
    place: { file: work.file.path, line: work.fact.span.line },
    construction: null,
    ...(also.length === 0 ? {} : { also }),
  };
}

/** The functions that a package's wrapper was given, the one that does the work first: as an argument, or as an option. */
export function functionsGiven(app: LinkedApp, token: External): FnNode[] {
  const { via } = token;
  if (via === null || !token.api.endsWith("()")) return [];
  const { solver } = app.linked;
  const given = via.call.fact.args.flatMap((arg) => solver.evaluate(via.call.file, arg, via.env));
  const direct = given.flatMap((each) => functionsIn(app, each));
  const options = given.flatMap((each) =>
    each.kind === "object" ? OPTIONS.flatMap((name) => solver.member(each, name)) : [],
  );
  return [...direct, ...options.flatMap((each) => functionsIn(app, each))];
}

/** Options by which wrappers are given the work. */
const OPTIONS = ["handler", "run", "handle"];

function functionsIn(app: LinkedApp, token: Token): FnNode[] {
  if (token.kind === "fn") return [token.fn, ...unwrapped(app.linked, token).map((each) => each.token.fn)];
  return token.kind === "external" && token.via !== null && token.api.endsWith("()") ? functionsGiven(app, token) : [];
}

type RouteParts = Pick<Route, "method" | "via" | "path" | "framework" | "middleware" | "handlers"> & Place;

/** A route that no call registers. */
export function routeAt(app: LinkedApp, parts: RouteParts): Route {
  const { method, path, file, line } = parts;
  return {
    ...parts,
    id: `${method} ${path} ${file}:${line}`,
    service: app.serviceOf(file)?.name ?? "",
    registration: null,
  };
}

/** The line of the handler where it stands in the file, else the file's first. */
export function lineIn(file: string, handlers: readonly Handler[]): number {
  return handlers.find(({ place }) => place.file === file)?.place.line ?? 1;
}

/** Handlers that run on their own: at the start, by a schedule. */
export function entriesOf(handlers: readonly Handler[], kind: Entry["kind"], label: string): Entry[] {
  return handlers.flatMap(({ fn, also = [], place }) =>
    [...(fn === null ? [] : [fn]), ...also].map((each) => ({ kind, fn: each, ...place, label, routeId: null })),
  );
}

/** The body of a module that the framework loads when it starts. */
export function moduleEntry(file: FileNode): Entry[] {
  const [body] = file.fns;
  if (body === undefined) return [];
  return [{ kind: "process", fn: idOf(body), file: file.path, line: 1, label: file.path, routeId: null }];
}
