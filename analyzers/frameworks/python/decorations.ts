/** Decorators of Python functions and classes: what stands around each, found once for the whole program. */
import type { LinkedApp } from "../framework.ts";
import type { Handler } from "../../model.ts";
import { idOf, type CallNode, type FileNode, type FnNode } from "../../link/program.ts";
import { NONE, type Token } from "../../link/token.ts";

/** The applications of decorators to a function or class, the innermost first. */
export type Decorations = (file: FileNode, target: Target) => readonly CallNode[];

export type Target = { kind: "fn"; fn: number } | { kind: "class"; class: number };

const mostDecorators = 40;

export function createDecorations(): Decorations {
  const byFile = new Map<FileNode, Map<string, CallNode[]>>();
  const collect = (file: FileNode): Map<string, CallNode[]> => {
    const found = new Map<string, CallNode[]>();
    for (const call of file.calls) {
      const target = call.fact.use === "decorator" ? targetOf(file, call) : null;
      if (target === null) continue;
      const key = keyOf(target);
      found.set(key, [...(found.get(key) ?? []), call]);
    }
    return found;
  };
  return (file, target) => {
    const known = byFile.get(file) ?? collect(file);
    byFile.set(file, known);
    return known.get(keyOf(target)) ?? [];
  };
}

function keyOf(target: Target): string {
  return target.kind === "fn" ? `f${target.fn}` : `c${target.class}`;
}

/** What a decorator stands on in the end, through the decorators between. */
export function targetOf(file: FileNode, call: CallNode): Target | null {
  let value = call.fact.args[0];
  for (let steps = 0; steps < mostDecorators && value !== undefined; steps += 1) {
    if (value.kind === "fn" || value.kind === "class") return value;
    if (value.kind !== "call") return null;
    value = file.calls[value.call]?.fact.args[0];
  }
  return null;
}

/** The call that makes the decorator: `app.get("/x")` of `@app.get("/x")`; null for a bare one. */
export function makingCall({ file, fact: { callee } }: CallNode): CallNode | null {
  return callee.kind === "call" ? (file.calls[callee.call] ?? null) : null;
}

/** Tokens of the decorator itself, without what it was called with: `limiter.limit` of `@limiter.limit("5/minute")`. */
export function decoratorTokens({ linked }: LinkedApp, call: CallNode): readonly Token[] {
  const making = makingCall(call);
  return linked.callees[(making ?? call).uid] ?? NONE;
}

/** The decorators around a function as what runs before it, the outermost first; `isLeftOut` for those that only register. */
export function guardsAround(
  app: LinkedApp,
  around: readonly CallNode[],
  isLeftOut: (token: Token) => boolean,
): Handler[] {
  return around.toReversed().flatMap((call) => {
    const tokens = decoratorTokens(app, call);
    return tokens.some(isLeftOut) ? [] : tokens.flatMap((token) => guardOf(app, call, token));
  });
}

function guardOf(app: LinkedApp, call: CallNode, token: Token): Handler[] {
  const making = makingCall(call);
  const construction = making === null ? null : app.sites.call(making);
  const place = { file: call.file.path, line: call.fact.span.line };
  if (token.kind === "fn") return [ownHandler(token.fn, construction)];
  return token.kind === "external" ? [{ fn: null, api: token.api, place, construction }] : [];
}

/** An own function as a handler, with the functions written in it: the wrapper of a decorator is one. */
export function ownHandler(fn: FnNode, construction: Handler["construction"] = null): Handler {
  const inner = fn.file.fns.filter((each) => each !== fn && isInside(each, fn)).map((each) => idOf(each));
  const place = { file: fn.file.path, line: fn.fact.span.line };
  return { fn: idOf(fn), api: null, place, construction, ...(inner.length > 0 ? { also: inner } : {}) };
}

function isInside(fn: FnNode, holder: FnNode): boolean {
  for (let each = fn.parent; each !== null; each = each.parent) if (each === holder) return true;
  return false;
}
