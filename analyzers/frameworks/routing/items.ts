/** What a registration is given: from an argument of `app.get(...)` to the app's own function, a package's, or a router to mount. */
import { unwrapped } from "../../link/edges.ts";
import { externalBehind } from "../../link/members.ts";
import { idOf, type CallNode, type FileNode, type FnNode } from "../../link/program.ts";
import type { Env, External, Token, Tokens } from "../../link/token.ts";
import type { Handler, Place } from "../../model.ts";
import type { Value } from "../../summary.ts";
import type { LinkedApp } from "../framework.ts";
import type { Router, RouterOf } from "./router.ts";

/** Something to run, or a router to mount, below a path of its own where `at` says so. */
export type Item =
  | { kind: "handler"; handler: Handler; isErrorHandler: boolean; at?: string }
  | { kind: "router"; router: Router; at?: string };

/** A value where it stands. */
export interface Placed {
  file: FileNode;
  value: Value;
  env: Env | null;
}

/** How a framework's arguments are read. */
export interface Reader {
  routerOf: RouterOf;
  /** What a package's wrapper only hands through (`compose([a, b])`); null when the value is what it seems. */
  inside?: (app: LinkedApp, token: External) => { values: Placed[]; at: string } | null;
}

/** The handlers and routers an argument holds, in order; arrays are opened. What is not known still is a handler. */
export function itemsOf(app: LinkedApp, call: CallNode, placed: Placed, reader: Reader): Item[] {
  const tokens = app.linked.solver.evaluate(placed.file, placed.value, placed.env);
  const array = tokens.find((token) => token.kind === "array");
  if (array?.kind === "array") {
    const { file, env } = array;
    return array.value.items.flatMap((value) => itemsOf(app, call, { file, value, env }, reader));
  }
  return itemsOfTokens(app, call, tokens, reader);
}

/** The same for values that are resolved already. */
export function itemsOfTokens(app: LinkedApp, call: CallNode, tokens: Tokens, reader: Reader): Item[] {
  const { solver } = app.linked;
  const opened = tokens
    .flatMap((token) => (token.kind === "module" ? [token, ...solver.member(token, "default")] : [token]))
    .map((token) => externalBehind(solver, token));
  const routers = opened.flatMap((token) => reader.routerOf(token) ?? []);
  if (routers.length > 0) return routers.map((router) => ({ kind: "router", router }));
  const wrapper = opened.find((token) => token.kind === "external");
  const inside = wrapper?.kind === "external" ? (reader.inside?.(app, wrapper) ?? null) : null;
  if (inside !== null) {
    const { at } = inside;
    const items = inside.values.flatMap((value) => itemsOf(app, call, value, reader));
    return at === "" ? items : items.map((item) => ({ ...item, at: `${at}/${item.at ?? ""}` }));
  }
  const fns = opened.filter((token) => token.kind === "fn" || token.kind === "external");
  if (fns.length === 0) return [handlerItem(call, null)];
  return fns.flatMap((token) => itemOf(app, call, token));
}

/** What the call registers by something that is no function of the app: a package's, or one that is not known. */
export function handlerItem(call: CallNode, api: string | null): Item {
  const place = { file: call.file.path, line: call.fact.span.line };
  return { kind: "handler", handler: { fn: null, api, place, construction: null }, isErrorHandler: false };
}

function itemOf(app: LinkedApp, call: CallNode, token: Token): Item[] {
  if (token.kind === "fn") {
    const inner = unwrapped(app.linked, token);
    const work = inner.findLast((each) => each.takesOver)?.token.fn ?? token.fn;
    return [
      ownItem(
        work,
        [token.fn, ...inner.map((each) => each.token.fn)].filter((fn) => fn !== work),
      ),
    ];
  }
  if (token.kind !== "external") return [];
  const wrapped = soleFunction(app, token);
  if (wrapped !== null) return [ownItem(wrapped, [])];
  const construction = token.via === null ? null : app.sites.call(token.via.call);
  const place: Place = construction ?? { file: call.file.path, line: call.fact.span.line };
  const handler = { fn: null, api: token.api, place: { file: place.file, line: place.line }, construction };
  return [{ kind: "handler", handler, isErrorHandler: false }];
}

function ownItem(fn: FnNode, also: readonly FnNode[]): Item {
  const place = { file: fn.file.path, line: fn.fact.span.line };
  const others = also.length === 0 ? {} : { also: [...new Set(also.map((each) => idOf(each)))] };
  const handler: Handler = { fn: idOf(fn), api: null, place, construction: null, ...others };
  return { kind: "handler", handler, isErrorHandler: fn.fact.params.length === 4 };
}

/** The function that a package's wrapper was given as its only argument: `asyncHandler(fn)`. */
function soleFunction(app: LinkedApp, { via, api }: External): FnNode | null {
  const args = via?.call.fact.args ?? [];
  const [only] = args;
  if (via === null || only === undefined || args.length !== 1 || !api.endsWith("()")) return null;
  const fns = app.linked.solver.evaluate(via.call.file, only, via.env).filter((token) => token.kind === "fn");
  return fns.length === 1 && fns[0]?.kind === "fn" ? fns[0].fn : null;
}
