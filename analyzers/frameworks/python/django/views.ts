/** Django's and DRF's views: the methods each answers, the code that runs for it, and what stands before. */
import { idOf, type CallNode, type ClassNode, type FileNode, type FnNode } from "../../../link/program.ts";
import type { Token } from "../../../link/token.ts";
import type { Handler } from "../../../model.ts";
import type { Value } from "../../../summary.ts";
import type { LinkedApp } from "../../framework.ts";
import { argument, listArgument } from "../arguments.ts";
import { foreignBases, lineage, methodNamed, verbMethods } from "../class-methods.ts";
import { decoratorTokens, guardsAround, makingCall, ownHandler, type Decorations } from "../decorations.ts";
import { adaptedGuards, classGuards, isDrf, listedGuards } from "./guards.ts";

/** One method of a view, with what runs. */
export interface Answer {
  method: string;
  before: Handler[];
  handler: Handler;
  /** True for DRF's views, to which its default permissions apply; unless they set their own. */
  takesDefaults: boolean;
}

/** What generic views answer without code of their own, by the end of their name. */
const generics: readonly (readonly [RegExp, readonly string[]])[] = [
  [/pypi:dj_rest_auth:.*\.(Login|Register|SocialLogin|PasswordReset\w*|PasswordChange)View$|\.RegisterView$/, ["POST"]],
  [/\.ListCreateAPIView$/, ["GET", "POST"]],
  [/\.RetrieveUpdateDestroyAPIView$/, ["GET", "PUT", "PATCH", "DELETE"]],
  [/\.RetrieveUpdateAPIView$/, ["GET", "PUT", "PATCH"]],
  [/\.RetrieveDestroyAPIView$/, ["GET", "DELETE"]],
  [/\.(List|Retrieve)APIView$/, ["GET"]],
  [/\.CreateAPIView$|\.Token\w*View$|\.ObtainAuthToken$/, ["POST"]],
  [/\.UpdateAPIView$/, ["PUT", "PATCH"]],
  [/\.DestroyAPIView$/, ["DELETE"]],
  [/\.(Form|Create|Update|Delete|Login|PasswordChange|PasswordReset|PasswordResetConfirm)View$/, ["GET", "POST"]],
  [/\.LogoutView$/, ["POST"]],
  [/\.(Template|List|Detail|Redirect|\w*Archive|\w*Done|\w*Complete|Spectacular\w*)View$/, ["GET"]],
];

/** Methods of a class by which generic views run the app's own code, per HTTP method. */
const hooks: Readonly<Record<string, readonly string[]>> = {
  GET: ["list", "retrieve", "get_queryset", "get_object", "get_context_data"],
  POST: ["create", "perform_create", "form_valid", "get_queryset"],
  PUT: ["update", "perform_update", "get_queryset"],
  PATCH: ["partial_update", "update", "perform_update", "get_queryset"],
  DELETE: ["destroy", "perform_destroy", "get_queryset"],
};
const mostWrappers = 8;

/** What a view's value answers; any method where its code cannot be followed. */
export function answersOf(app: LinkedApp, decorations: Decorations, file: FileNode, view: Value): Answer[] {
  const before: Handler[] = [];
  let value = view;
  for (let steps = 0; steps < mostWrappers; steps += 1) {
    const call = value.kind === "call" ? file.calls[value.call] : undefined;
    const callee = call?.fact.callee;
    if (call === undefined || callee === undefined) break;
    if (callee.kind === "member" && callee.property === "as_view") {
      const tokens = app.linked.solver.evaluate(file, callee.object, null);
      const answers = tokens.flatMap((token) => ofClassToken(app, decorations, token, call, before));
      return answers.length > 0 ? answers : [unread(file, call, tokens, before)];
    }
    // `login_required(view)`, `cache_page(60)(view)`.
    const [inner] = call.fact.args;
    if (inner === undefined || inner.kind === "literal") break;
    before.push(...decoratorTokens(app, call).flatMap((token) => wrapperGuard(app, call, token)));
    value = inner;
  }
  const tokens = app.linked.solver.evaluate(file, value, null);
  const [fn] = tokens.flatMap((token) => (token.kind === "fn" ? [token.fn] : []));
  const call = value.kind === "call" ? (file.calls[value.call] ?? null) : null;
  return fn === undefined ? [unread(file, call, tokens, before)] : ofFunction(app, decorations, fn, before);
}

/** A view that is there, whatever it is. */
function unread(file: FileNode, call: CallNode | null, tokens: readonly Token[], before: readonly Handler[]): Answer {
  const [api = null] = tokens.flatMap((token) => (token.kind === "external" ? [token.api] : []));
  const place = { file: file.path, line: call?.fact.span.line ?? 1 };
  return {
    method: "ALL",
    before: [...before],
    handler: { fn: null, api, place, construction: null },
    takesDefaults: false,
  };
}

function wrapperGuard(app: LinkedApp, call: CallNode, token: Token): Handler[] {
  const construction = app.sites.call(makingCall(call) ?? call);
  if (token.kind === "fn") return [ownHandler(token.fn, construction)];
  if (token.kind !== "external") return [];
  return [{ fn: null, api: token.api, place: { file: call.file.path, line: call.fact.span.line }, construction }];
}

const fixedMethods: Readonly<Record<string, readonly string[]>> = {
  require_POST: ["POST"],
  require_GET: ["GET"],
  require_safe: ["GET", "HEAD"],
};

function ofFunction(app: LinkedApp, decorations: Decorations, fn: FnNode, before: readonly Handler[]): Answer[] {
  const around = decorations(fn.file, { kind: "fn", fn: fn.index });
  const methods = around.flatMap((call) => methodsSaid(app, call));
  const isApi = around.some((call) => apisOf(app, call).some((api) => api.endsWith("decorators.api_view")));
  const guards = guardsAround(
    app,
    around,
    (token) => token.kind === "external" && /\.(api_view|require_\w+)$/.test(token.api),
  );
  const listed = around.flatMap((call) => listedGuards(app, call));
  const handler = ownHandler(fn);
  const setsOwn = around.some((call) => apisOf(app, call).some((api) => api.endsWith(".permission_classes")));
  return (methods.length > 0 ? methods : ["ALL"]).map((method) => ({
    method,
    before: [...before, ...guards, ...listed],
    handler,
    takesDefaults: isApi && !setsOwn,
  }));
}

function methodsSaid(app: LinkedApp, call: CallNode): readonly string[] {
  const making = makingCall(call);
  for (const api of apisOf(app, call)) {
    const name = api.slice(api.lastIndexOf(".") + 1);
    const fixed = Object.hasOwn(fixedMethods, name) ? fixedMethods[name] : undefined;
    if (fixed !== undefined) return fixed;
    if (name !== "api_view" && name !== "require_http_methods") continue;
    const written =
      making === null
        ? undefined
        : (argument(making, "http_method_names", 0) ?? argument(making, "request_method_list"));
    const said = making === null ? [] : listArgument(app, making, written).flatMap(textsOf);
    const upper = said.map((each) => each.toUpperCase());
    return upper.length > 0 ? upper.toSorted((a, b) => Number(a === "GET") - Number(b === "GET")) : ["GET"];
  }
  return [];
}

function textsOf(tokens: readonly Token[]): string[] {
  return tokens.flatMap((token) => (token.kind === "literal" ? [String(token.value)] : []));
}

function apisOf(app: LinkedApp, call: CallNode): string[] {
  return decoratorTokens(app, call).flatMap((token) => (token.kind === "external" ? [token.api] : []));
}

function ofClassToken(
  app: LinkedApp,
  decorations: Decorations,
  token: Token,
  call: CallNode,
  before: readonly Handler[],
): Answer[] {
  const place = { file: call.file.path, line: call.fact.span.line };
  if (token.kind === "external") {
    const handler: Handler = { fn: null, api: token.api, place, construction: app.sites.call(call) };
    return genericMethods([token.api]).map((method) => ({
      method,
      before: [...before],
      handler,
      takesDefaults: false,
    }));
  }
  if (token.kind !== "class") return [];
  const mapped = actionMap(call);
  const classes = lineage(app, token.class);
  const guards = [...before, ...classGuards(app, decorations, classes)];
  return mapped === null
    ? classAnswers(app, decorations, classes, guards)
    : mapped.flatMap(({ method, action }) => actionAnswer(app, decorations, classes, { method, action, guards }));
}

/** `ViewSet.as_view({"get": "list", "post": "create"})`; null for other views. */
function actionMap({ fact: { args } }: CallNode): { method: string; action: string }[] | null {
  const [first] = args;
  if (args.length < 2 || first?.kind !== "object") return null;
  return first.entries.flatMap(({ key, value }) =>
    value.kind === "literal" ? [{ method: key.toUpperCase(), action: String(value.value) }] : [],
  );
}

function genericMethods(bases: readonly string[]): string[] {
  const found = bases.flatMap((api) => generics.find(([pattern]) => pattern.test(`.${api}`))?.[1] ?? []);
  return [...new Set(found)];
}

function classAnswers(
  app: LinkedApp,
  decorations: Decorations,
  classes: readonly ClassNode[],
  guards: readonly Handler[],
): Answer[] {
  const written = verbMethods(classes);
  const bases = foreignBases(app, classes);
  const answered = new Set(written.map(({ method }) => method));
  const generic = genericMethods(bases).filter((method) => !answered.has(method));
  const takesDefaults = isDrf(bases) && !setsPermissions(classes);
  return [
    ...written.map(({ method, fn }) => ({
      method,
      before: [...guards, ...guardsOn(app, decorations, fn)],
      handler: withHooks(ownHandler(fn), classes, method),
      takesDefaults,
    })),
    ...generic.map((method) => ({
      method,
      before: [...guards],
      handler: hookHandler(classes, method, bases),
      takesDefaults,
    })),
  ];
}

function guardsOn(app: LinkedApp, decorations: Decorations, fn: FnNode): Handler[] {
  const around = decorations(fn.file, { kind: "fn", fn: fn.index });
  return [
    ...adaptedGuards(app, around),
    ...guardsAround(
      app,
      around,
      (token) => token.kind === "external" && /\.(action|method_decorator)$/.test(token.api),
    ),
    ...around.flatMap((call) => listedGuards(app, call)),
  ];
}

function setsPermissions(classes: readonly ClassNode[]): boolean {
  return classes.some(
    ({ fact }) =>
      Object.hasOwn(fact.fields, "permission_classes") || fact.members.some(({ name }) => name === "get_permissions"),
  );
}

/** A method that a package's class answers: with the app's own code that runs in it, else the package's. */
function hookHandler(classes: readonly ClassNode[], method: string, bases: readonly string[] = []): Handler {
  const [node] = classes;
  const place = { file: node?.file.path ?? "", line: node?.fact.span.line ?? 1 };
  const [first, ...others] = ownHooks(classes, method);
  const handler: Handler =
    first === undefined
      ? {
          fn: null,
          api: bases.find((api) => genericMethods([api]).includes(method)) ?? null,
          place,
          construction: null,
        }
      : ownHandler(first);
  return others.length === 0
    ? handler
    : { ...handler, also: [...(handler.also ?? []), ...others.map((each) => idOf(each))] };
}

function withHooks(handler: Handler, classes: readonly ClassNode[], method: string): Handler {
  const also = ownHooks(classes, method).map((each) => idOf(each));
  return also.length === 0 ? handler : { ...handler, also: [...new Set([...(handler.also ?? []), ...also])] };
}

function ownHooks(classes: readonly ClassNode[], method: string): FnNode[] {
  return (hooks[method] ?? []).flatMap((name) => methodNamed(classes, name) ?? []);
}

/** One action of a view set: the app's own method, or the one that its base brings. */
export function actionAnswer(
  app: LinkedApp,
  decorations: Decorations,
  classes: readonly ClassNode[],
  { method, action, guards }: { method: string; action: string; guards: readonly Handler[] },
): Answer[] {
  const fn = methodNamed(classes, action);
  const own = fn === null ? [] : guardsOn(app, decorations, fn);
  const handler = fn === null ? hookHandler(classes, method) : ownHandler(fn);
  return [{ method, before: [...guards, ...own], handler, takesDefaults: !setsPermissions(classes) }];
}
