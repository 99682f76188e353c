/** What runs around a handler: guards, interceptors and pipes, from the whole app down to the one method. */
import type { LinkedApp } from "../framework.ts";
import type { Decoration } from "../../link/decorations.ts";
import { listOf } from "../../link/lists.ts";
import { idOf, type CallNode, type FnNode } from "../../link/program.ts";
import type { Token, Tokens } from "../../link/token.ts";
import type { Handler } from "../../model.ts";
import type { NestApp } from "./apps.ts";
import { foreignParent, methodNamed } from "./classes.ts";
import { registeredAs } from "./modules.ts";
import { isSkipped } from "./throttling.ts";

/** One kind of enhancer: the method that runs, the decorator, the app's setter and the provider token. */
interface Kind {
  method: string;
  decorator: string;
  setter: string;
  provider: string;
}

const kinds: readonly Kind[] = [
  {
    method: "canActivate",
    decorator: "@nestjs/common:UseGuards",
    setter: "useGlobalGuards",
    provider: "@nestjs/core:APP_GUARD",
  },
  {
    method: "intercept",
    decorator: "@nestjs/common:UseInterceptors",
    setter: "useGlobalInterceptors",
    provider: "@nestjs/core:APP_INTERCEPTOR",
  },
  {
    method: "transform",
    decorator: "@nestjs/common:UsePipes",
    setter: "useGlobalPipes",
    provider: "@nestjs/core:APP_PIPE",
  },
];

/** Handlers in order of execution: guards before interceptors before pipes, each from the app, the class and the method. */
export function enhancersOf(
  app: LinkedApp,
  nest: NestApp,
  ofClass: readonly Decoration[],
  ofMethod: readonly Decoration[],
): Handler[] {
  const all = kinds.flatMap((kind) => [
    ...globalsOf(app, nest, kind),
    ...[ofClass, ofMethod].flatMap((decorations) => decorated(app, kind, decorations)),
  ]);
  return all.filter((handler) => !isSkipped(app.linked.solver, handler, ofClass, ofMethod));
}

const known = new WeakMap<NestApp, Map<Kind, Handler[]>>();

function globalsOf(app: LinkedApp, nest: NestApp, kind: Kind): Handler[] {
  const byKind = known.get(nest) ?? new Map<Kind, Handler[]>();
  known.set(nest, byKind);
  const found = byKind.get(kind) ?? [
    ...(nest.globals.get(kind.setter) ?? []).flatMap(({ tokens, call }) => handlersOf(app, tokens, kind.method, call)),
    ...registeredAs(app.linked.solver, nest.closure, kind.provider).flatMap((tokens) =>
      handlersOf(app, tokens, kind.method, nest.made),
    ),
  ];
  byKind.set(kind, found);
  return found;
}

function decorated(app: LinkedApp, { decorator, method }: Kind, decorations: readonly Decoration[]): Handler[] {
  return decorations
    .filter(({ api }) => api === decorator)
    .flatMap(({ site: { call, env }, written }) =>
      call.fact.args.flatMap((arg) =>
        listOf(app.linked.solver, call.file, arg, env).flatMap((tokens) => handlersOf(app, tokens, method, written)),
      ),
    );
}

/** The handlers that a value is: a class or an instance with the method, or something of a package. */
export function handlersOf(app: LinkedApp, tokens: Tokens, method: string, at: CallNode | null): Handler[] {
  const found = tokens.flatMap((token) => handlerOf(app, token, method, at) ?? []);
  if (found.length > 0 || at === null) return found;
  return [{ fn: null, api: null, place: { file: at.file.path, line: at.fact.span.line }, construction: null }];
}

function handlerOf(app: LinkedApp, token: Token, method: string, at: CallNode | null): Handler | null {
  switch (token.kind) {
    case "fn":
      return ownHandler(token.fn, null, null);
    case "external":
      return foreignHandler(app, token, at);
    case "class":
    case "instance": {
      const { solver } = app.linked;
      const fn = methodNamed(solver, token.class, method);
      const [parent] = foreignParent(solver, token.class);
      const foreign = parent?.kind === "external" ? foreignHandler(app, parent, null) : null;
      const place = { file: token.class.file.path, line: token.class.fact.span.line };
      if (fn === null)
        return foreign === null ? { fn: null, api: null, place, construction: null } : { ...foreign, place };
      return ownHandler(fn, foreign?.api ?? null, foreign?.construction ?? null);
    }
    default:
      return null;
  }
}

function ownHandler(fn: FnNode, api: string | null, construction: Handler["construction"]): Handler {
  return { fn: idOf(fn), api, place: { file: fn.file.path, line: fn.fact.span.line }, construction };
}

function foreignHandler(app: LinkedApp, token: Extract<Token, { kind: "external" }>, at: CallNode | null): Handler {
  const construction = token.via === null ? null : app.sites.call(token.via.call);
  const place = construction ?? (at === null ? null : { file: at.file.path, line: at.fact.span.line });
  const { file, line } = place ?? { file: "", line: 0 };
  return { fn: null, api: token.api, place: { file, line }, construction };
}
