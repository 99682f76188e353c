/** FastAPI's dependencies: what `Depends(...)` makes run before a handler, wherever it is written. */
import type { Handler } from "../../model.ts";
import type { CallNode, FileNode, FnNode } from "../../link/program.ts";
import { NONE, type Token } from "../../link/token.ts";
import type { Value } from "../../summary.ts";
import { own } from "../../link/program.ts";
import type { LinkedApp } from "../framework.ts";
import { argument, tokensOf } from "./arguments.ts";
import { ownHandler } from "./decorations.ts";

const depends = /^pypi:fastapi:(params\.)?(Depends|Security)$/;
/** Dependencies of dependencies deeper than this are taken for a cycle. */
const deepest = 8;

/** Everything that runs before the function because of its parameters, what is needed first in front. */
export function dependenciesOf(app: LinkedApp, fn: FnNode, depth = 0): Handler[] {
  if (depth > deepest) return [];
  return fn.fact.params.flatMap((_, index) =>
    parameterCalls(app, fn, index).flatMap((call) => handlersOf(app, call, depth)),
  );
}

/** `dependencies=[Depends(a), Depends(b)]` of a route, a router, an app or a mount. */
export function listedDependencies(app: LinkedApp, call: CallNode): Handler[] {
  const written = argument(call, "dependencies");
  if (written === undefined) return ["auth", "throttle"].flatMap((name) => checksIn(app, call, argument(call, name)));
  return tokensOf(app, call, written).flatMap((token) =>
    token.kind === "array"
      ? token.value.items
          .flatMap((item) => dependsCalls(app, token.file, item))
          .flatMap((each) => handlersOf(app, each, 0))
      : [],
  );
}

/** Django Ninja's `auth=` and `throttle=`: an instance, a function, or a list of them. */
function checksIn(app: LinkedApp, call: CallNode, value: Value | undefined): Handler[] {
  const construction = app.sites.call(call);
  const place = { file: call.file.path, line: call.fact.span.line };
  return tokensOf(app, call, value).flatMap((token): Handler[] => {
    if (token.kind === "array")
      return token.value.items.flatMap((item) => (token.file === call.file ? checksIn(app, call, item) : []));
    if (token.kind === "fn") return [ownHandler(token.fn, construction)];
    if (token.kind === "external") return [{ fn: null, api: token.api, place, construction }];
    if (token.kind !== "instance") return [];
    const member = token.class.fact.members.find(({ name }) => name === "authenticate" || name === "allow_request");
    const fn = member === undefined ? undefined : token.class.file.fns[member.fn];
    return fn === undefined ? [] : [ownHandler(fn, construction)];
  });
}

/** The `Depends` calls behind a parameter: its default, its annotation, or the alias that its annotation names. */
function parameterCalls(app: LinkedApp, fn: FnNode, index: number): CallNode[] {
  const param = fn.fact.params[index];
  if (param === undefined || param.name === null) return [];
  const values = own(fn.fact.bindings, param.name) ?? [];
  const direct = values.flatMap((value) => dependsCalls(app, fn.file, value));
  if (direct.length > 0 || param.type === null) return direct;
  const alias = own(fn.file.summary.exports, param.type);
  const tokens = alias === undefined ? NONE : app.linked.solver.evaluate(fn.file, alias, null);
  return tokens.flatMap((token) =>
    token.kind === "array" ? token.value.items.flatMap((item) => dependsCalls(app, token.file, item)) : [],
  );
}

function dependsCalls({ linked }: LinkedApp, file: FileNode, value: Value): CallNode[] {
  const call = value.kind === "call" ? file.calls[value.call] : undefined;
  if (call === undefined) return [];
  const tokens = linked.callees[call.uid] ?? NONE;
  return tokens.some((token) => token.kind === "external" && depends.test(token.api)) ? [call] : [];
}

function handlersOf(app: LinkedApp, call: CallNode, depth: number): Handler[] {
  const tokens = tokensOf(app, call, argument(call, "dependency", 0));
  return tokens.flatMap((token) => handlerOf(app, call, token, depth));
}

function handlerOf(app: LinkedApp, call: CallNode, token: Token, depth: number): Handler[] {
  const construction = app.sites.call(call);
  if (token.kind === "fn") return [...dependenciesOf(app, token.fn, depth + 1), ownHandler(token.fn, construction)];
  if (token.kind === "class" || token.kind === "instance") {
    const name = token.kind === "class" ? "constructor" : "__call__";
    const member = token.class.fact.members.find((each) => each.name === name);
    const fn = member === undefined ? undefined : token.class.file.fns[member.fn];
    return fn === undefined ? [] : [...dependenciesOf(app, fn, depth + 1), ownHandler(fn, construction)];
  }
  if (token.kind !== "external") return [];
  const made = token.via === null ? construction : app.sites.call(token.via.call);
  return [{ fn: null, api: token.api, place: { file: call.file.path, line: call.fact.span.line }, construction: made }];
}
