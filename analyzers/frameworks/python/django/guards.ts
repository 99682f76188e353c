/** What Django and DRF check before a view: permissions, throttles, mixins and decorators of classes. */
import { own, type CallNode, type ClassNode, type FileNode } from "../../../link/program.ts";
import { NONE, type Token } from "../../../link/token.ts";
import type { Handler } from "../../../model.ts";
import type { Value } from "../../../summary.ts";
import type { LinkedApp } from "../../framework.ts";
import { foreignBases } from "../class-methods.ts";
import { decoratorTokens, guardsAround, makingCall, ownHandler, type Decorations } from "../decorations.ts";

const listing = ["permission_classes", "throttle_classes"];
const mixins = /Mixin$/;

export function isDrf(bases: readonly string[]): boolean {
  return bases.some((api) => /^pypi:rest_framework(_\w+)?:/.test(api));
}

/** `@permission_classes([IsAuthenticated])`: what is listed there. */
export function listedGuards(app: LinkedApp, call: CallNode): Handler[] {
  const names = decoratorTokens(app, call).flatMap((token) => (token.kind === "external" ? [token.api] : []));
  const making = makingCall(call);
  const [list] = making?.fact.args ?? [];
  if (making === null || list === undefined || !names.some((api) => listing.some((each) => api.endsWith(`.${each}`))))
    return [];
  return guardsIn(app, making.file, list);
}

/** Fields, mixins and class decorators of a view and of what it extends. */
export function classGuards(app: LinkedApp, decorations: Decorations, classes: readonly ClassNode[]): Handler[] {
  const fields = listing.flatMap((name) => {
    const holder = classes.find(({ fact }) => own(fact.fields, name) !== undefined);
    return holder === undefined
      ? []
      : (own(holder.fact.fields, name) ?? []).flatMap((value) => guardsIn(app, holder.file, value));
  });
  const scoped = classes.flatMap(({ file, fact }) =>
    own(fact.fields, "throttle_scope") === undefined
      ? []
      : [foreign(file, "pypi:rest_framework:throttling.ScopedRateThrottle", fact.span.line)],
  );
  const mixed = foreignBases(app, classes).filter((api) => mixins.test(api));
  const [node] = classes;
  const named = node === undefined ? [] : mixed.map((api) => foreign(node.file, api, node.fact.span.line));
  const decorated = classes.flatMap(({ file, index }) =>
    classDecorators(app, decorations(file, { kind: "class", class: index })),
  );
  return [...named, ...decorated, ...fields, ...scoped];
}

/** `@method_decorator(login_required, name="dispatch")` stands for what it is given, on a class as on a method. */
export function adaptedGuards(app: LinkedApp, around: readonly CallNode[]): Handler[] {
  return around.flatMap((call) => {
    const making = makingCall(call);
    const [given] = making?.fact.args ?? [];
    if (making === null || given === undefined || !decoratorTokens(app, call).some(isAdapter)) return [];
    return guardsIn(app, making.file, given);
  });
}

function isAdapter(token: Token): boolean {
  return token.kind === "external" && token.api.endsWith(".method_decorator");
}

function classDecorators(app: LinkedApp, around: readonly CallNode[]): Handler[] {
  return [...adaptedGuards(app, around), ...guardsAround(app, around, isAdapter)];
}

/** What a list names, a call in it by what is called: `ratelimit(key="ip", rate="5/m")`. */
function guardsIn(app: LinkedApp, file: FileNode, value: Value): Handler[] {
  if (value.kind === "array") return value.items.flatMap((item) => guardsIn(app, file, item));
  const call = value.kind === "call" ? file.calls[value.call] : undefined;
  const tokens =
    call === undefined ? app.linked.solver.evaluate(file, value, null) : (app.linked.callees[call.uid] ?? NONE);
  return tokens.flatMap((token) => {
    if (token.kind === "external") return [foreign(file, token.api, call?.fact.span.line ?? 1)];
    if (token.kind === "fn") return [ownHandler(token.fn)];
    if (token.kind !== "class") return [];
    return ownCheck(token.class);
  });
}

/** An own permission or throttle: its check is code that runs. */
function ownCheck({ fact, file }: ClassNode): Handler[] {
  const member = fact.members.find(({ name }) => /^(has_permission|has_object_permission|allow_request)$/.test(name));
  const fn = member === undefined ? undefined : file.fns[member.fn];
  if (fn !== undefined) return [ownHandler(fn)];
  const rate = own(fact.fields, "rate") ?? own(fact.fields, "scope");
  return rate === undefined ? [] : [foreign(file, "pypi:rest_framework:throttling.SimpleRateThrottle", fact.span.line)];
}

function foreign(file: FileNode, api: string, line: number): Handler {
  return { fn: null, api, place: { file: file.path, line }, construction: null };
}
