/** Server functions of TanStack Start: `createServerFn().middleware([auth]).handler(fn)`, which the browser calls by its name. */
import { NONE } from "../link/token.ts";
import type { CallNode } from "../link/program.ts";
import type { Handler, Route } from "../model.ts";
import { handlersOf, stepsOf } from "./builder.ts";
import type { Framework, LinkedApp } from "./framework.ts";

const MADE = /^@tanstack\/(react-|solid-)?start(-\w+)?:createServerFn\(\)(\..*)?\.handler$/;

export const serverFunctions: Framework = {
  name: "tanstack-start",
  find: (app) => ({ routes: app.linked.solver.program.calls.flatMap((call) => routeOf(app, call)), entries: [] }),
};

function routeOf(app: LinkedApp, call: CallNode): Route[] {
  const { callees, solver } = app.linked;
  const isOne = (callees[call.uid] ?? NONE).some((token) => token.kind === "external" && MADE.test(token.api));
  const file = call.file.path;
  if (!isOne || ["test", "dead", "script"].includes(app.contextOf(file))) return [];
  const [made] = solver.result({ call, env: null }).flatMap((token) => (token.kind === "external" ? [token] : []));
  const work = handlersOf(app, { name: "handler", call }).at(-1);
  if (made === undefined || work === undefined) return [];
  const before = stepsOf(made).filter(({ name }) => name === "middleware" || name === "server");
  const middleware: Handler[] = before.flatMap((step) => handlersOf(app, step));
  const path = nameOf(call) ?? app.sites.fnNode(work.fn ?? "")?.fact.name ?? "*";
  const { line, start } = call.fact.span;
  return [
    {
      id: `ACTION ${path} ${file}:${start}`,
      method: "ACTION",
      via: "action",
      path,
      file,
      line,
      service: app.serviceOf(file)?.name ?? "",
      framework: "tanstack-start",
      middleware,
      handlers: [work],
      registration: app.sites.call(call),
    },
  ];
}

/** The variable that the call's result goes into. */
function nameOf({ index, fn }: CallNode): string | null {
  const bound = Object.entries(fn.fact.bindings).find(([, values]) =>
    values.some((value) => value.kind === "call" && value.call === index),
  );
  return bound?.[0] ?? null;
}
