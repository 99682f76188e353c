/** File routes: `createFileRoute("/posts/$id")({ loader, server: { handlers: { GET } } })`. */
import { textsOf } from "../../link/known.ts";
import type { CallNode } from "../../link/program.ts";
import { NONE, type External, type Tokens } from "../../link/token.ts";
import type { Route } from "../../model.ts";
import { handlersOf, lineIn, routeAt } from "../conventional.ts";
import type { LinkedApp } from "../framework.ts";
import { segmentsOf } from "../react-router/segments.ts";

const PAGE = /^@tanstack\/(react|solid)-router:(createFileRoute|createLazyFileRoute)\(\)$/;
const SERVER = /^@tanstack\/(react-|solid-)?start(\/\w+)?:(createServerFileRoute|createAPIFileRoute)\(\)(\.methods)?$/;
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY", "ALL"];

interface Found {
  id: string;
  call: CallNode;
  options: Tokens;
  isPage: boolean;
}

export function fileRoutes(app: LinkedApp): Route[] {
  const found = app.linked.solver.program.calls.flatMap((call) => routeCall(app, call));
  const ids = new Set(found.map(({ id }) => id));
  return found.flatMap((each) => [...handlerRoutes(app, each), ...pageRoutes(app, each, ids)]);
}

function routeCall(app: LinkedApp, call: CallNode): Found[] {
  const { callee } = call.fact;
  if (callee.kind !== "call" && callee.kind !== "member") return [];
  const tokens = app.linked.callees[call.uid] ?? NONE;
  const token = tokens.find(
    (each): each is External => each.kind === "external" && (PAGE.test(each.api) || SERVER.test(each.api)),
  );
  const [path] = token?.made?.call.fact.args ?? [];
  const [options] = call.fact.args;
  if (token === undefined || options === undefined) return [];
  const { solver } = app.linked;
  const [id] = path === undefined ? [] : textsOf(solver, solver.evaluate(call.file, path, null));
  if (id === undefined) return [];
  return [{ id, call, options: solver.evaluate(call.file, options, null), isPage: PAGE.test(token.api) }];
}

/** Requests that are answered without a page. */
function handlerRoutes(app: LinkedApp, { id, call, options, isPage }: Found): Route[] {
  const { solver } = app.linked;
  const within = isPage ? membersOf(app, options, ["server", "handlers"]) : options;
  const at = { file: call.file.path, line: call.fact.span.line };
  return METHODS.flatMap((name) => {
    const tokens = membersOf(app, within, [name]).flatMap((token) =>
      token.kind === "object" ? solver.member(token, "handler") : [token],
    );
    if (tokens.length === 0) return [];
    const handlers = handlersOf(app, tokens, at);
    const method = name === "ANY" ? "ALL" : name;
    const place = { file: at.file, line: lineIn(at.file, handlers) };
    return routeAt(app, {
      method,
      via: "http",
      path: pathOf(id),
      framework: "tanstack-start",
      middleware: [],
      handlers,
      ...place,
    });
  });
}

/** What the server renders; a layout that another route fills is no page of its own. */
function pageRoutes(app: LinkedApp, { id, call, options, isPage }: Found, ids: ReadonlySet<string>): Route[] {
  const hasIndex = !id.endsWith("/") && ids.has(`${id}/`);
  const isPathless = /(^|\/)(_[^/]*|\([^/]*\))$/.test(id);
  const loaders = membersOf(app, options, ["loader"]);
  const isShown = loaders.length > 0 || membersOf(app, options, ["component"]).length > 0;
  if (!isPage || hasIndex || isPathless || !isShown) return [];
  const at = { file: call.file.path, line: call.fact.span.line };
  const handlers = loaders.length === 0 ? [] : handlersOf(app, loaders, at);
  return [
    routeAt(app, {
      method: "GET",
      via: "page",
      path: pathOf(id),
      framework: "tanstack-start",
      middleware: [],
      handlers,
      ...at,
    }),
  ];
}

function membersOf(app: LinkedApp, tokens: Tokens, names: readonly string[]): Tokens {
  const { solver } = app.linked;
  return names.reduce<Tokens>((found, name) => found.flatMap((token) => solver.member(token, name)), tokens);
}

/** `/_app/posts/$id` is `/posts/:id`; `{-$lang}` is optional, and parts in brackets group only. */
function pathOf(id: string): string {
  const names = id.split("/").filter((name) => name !== "" && !/^\([^)]*\)$/.test(name));
  const parts = names.flatMap((name) => {
    if (name === "{-$locale}" || /^\{-\$\w+\}$/.test(name)) return [`:${name.slice(3, -1)}?`];
    const plain = name.replace(/\{\$(\w*)\}/g, (_, each: string) => (each === "" ? "*" : `:${each}`));
    return plain === name ? segmentsOf(`[]${name.replaceAll(".", "[.]")}`).flatMap(({ path }) => path ?? []) : [plain];
  });
  return `/${parts.join("/")}`;
}
