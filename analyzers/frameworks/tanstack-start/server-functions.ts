/** `createServerFn({ method: "POST" }).middleware([auth]).handler(fn)`: functions that the browser calls like its own. */
import type { CallNode, FileNode } from "../../link/program.ts";
import { textsOf } from "../../link/known.ts";
import { NONE, type External } from "../../link/token.ts";
import type { Handler, Route } from "../../model.ts";
import type { Value } from "../../summary.ts";
import { handlersOf, routeAt } from "../conventional.ts";
import type { LinkedApp } from "../framework.ts";

const HANDLER = /^@tanstack\/(react-|solid-)?start(\/\w+)?:createServerFn\(\)(\..*)?\.handler$/;

export function serverFunctions(app: LinkedApp): Route[] {
  return app.linked.solver.program.calls.flatMap((call) => {
    const { callee } = call.fact;
    if (callee.kind !== "member" || callee.property !== "handler") return [];
    const tokens = app.linked.callees[call.uid] ?? NONE;
    const token = tokens.find((each): each is External => each.kind === "external" && HANDLER.test(each.api));
    const name = nameOf(call);
    return token === undefined || name === null ? [] : [routeOf(app, call, token, name)];
  });
}

function routeOf(app: LinkedApp, call: CallNode, token: External, name: string): Route {
  const { solver } = app.linked;
  const file = call.file.path;
  const at = { file, line: call.fact.span.line };
  const [options] = token.made?.call.fact.args ?? [];
  const given = options === undefined ? NONE : solver.evaluate(call.file, options, null);
  const method =
    textsOf(
      solver,
      given.flatMap((each) => solver.member(each, "method")),
    )[0] ?? "GET";
  const work = call.fact.args[0] ?? { kind: "unknown" };
  return routeAt(app, {
    // Without a method it reads, by GET (its documentation, server functions).
    ...(method === "GET" ? { method: "QUERY", via: "rpc" } : { method: "ACTION", via: "action" }),
    path: name,
    framework: "tanstack-start",
    middleware: token.calls.flatMap((each) => middlewareOf(app, each)),
    handlers: handlersOf(app, solver.evaluate(call.file, work, null), at),
    ...at,
  });
}

/** What `createMiddleware().server(fn)` was given, for each item of `.middleware([a, b])`. */
function middlewareOf(app: LinkedApp, { file, fact: { callee, args } }: CallNode): Handler[] {
  const [list] = args;
  if (callee.kind !== "member" || callee.property !== "middleware" || list === undefined) return [];
  const { solver } = app.linked;
  return solver.evaluate(file, list, null).flatMap((token) => {
    if (token.kind !== "array") return [];
    const place = { file: file.path, line: 1 };
    return token.value.items.flatMap((item) => handlersOf(app, solver.evaluate(token.file, item, token.env), place));
  });
}

/** The module's variable that holds what the call makes. */
function nameOf({ file, index }: CallNode): string | null {
  const bindings = Object.entries(file.fns[0]?.fact.bindings ?? {});
  const holds = (value: Value): boolean => value.kind === "call" && chainHolds(file, value.call, index);
  return bindings.find(([, values]) => values.some(holds))?.[0] ?? null;
}

function chainHolds(file: FileNode, outer: number, wanted: number): boolean {
  if (outer === wanted) return true;
  const callee = file.calls[outer]?.fact.callee;
  const object = callee?.kind === "member" ? callee.object : null;
  return object?.kind === "call" && object.call < outer && chainHolds(file, object.call, wanted);
}
