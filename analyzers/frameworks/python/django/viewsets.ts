/** DRF's routers: the view sets registered with each, and the routes that they make of them. */
import type { CallNode, ClassNode } from "../../../link/program.ts";
import { own } from "../../../link/program.ts";
import { NONE } from "../../../link/token.ts";
import type { LinkedApp } from "../../framework.ts";
import { argument, listArgument, positionals, textArgument, tokensOf } from "../arguments.ts";
import { foreignBases, lineage, methodNamed } from "../class-methods.ts";
import { decoratorTokens, makingCall, type Decorations } from "../decorations.ts";
import { classGuards } from "./guards.ts";
import { actionAnswer, type Answer } from "./views.ts";

/** A view set under a path of its router. */
export interface Registered {
  path: string;
  viewset: ClassNode;
  call: CallNode;
}

/** Router -> what is registered with it; nested routers under the path of their parent. */
export function findRegistered(app: LinkedApp): ReadonlyMap<CallNode, readonly Registered[]> {
  const found = new Map<CallNode, Registered[]>();
  for (const call of app.linked.solver.program.calls) {
    for (const token of app.linked.callees[call.uid] ?? NONE) {
      if (token.kind !== "external" || token.made === null || !token.api.endsWith("Router().register")) continue;
      const { made } = token;
      const path = `${nestedPrefix(app, made.call)}/${textArgument(app, call, argument(call, "prefix", 0)) ?? ""}`;
      const viewsets = tokensOf(app, call, argument(call, "viewset", 1));
      const items = viewsets.flatMap((each) => (each.kind === "class" ? [{ path, viewset: each.class, call }] : []));
      found.set(made.call, [...(found.get(made.call) ?? []), ...items]);
    }
  }
  return found;
}

/** `NestedSimpleRouter(parent, "orders", lookup="order")` stands below `orders/:order_pk`. */
function nestedPrefix(app: LinkedApp, made: CallNode): string {
  const tokens = app.linked.callees[made.uid] ?? NONE;
  if (!tokens.some((token) => token.kind === "external" && /Nested\w*Router$/.test(token.api))) return "";
  const [, parent] = positionals(made);
  const lookup = textArgument(app, made, argument(made, "lookup", 2)) ?? "nested_1";
  return `${textArgument(app, made, parent) ?? "*"}/:${lookup}_pk`;
}

const standard = [
  { action: "list", method: "GET", detail: false, mixin: /\.(ListModelMixin|ModelViewSet|ReadOnlyModelViewSet)$/ },
  { action: "create", method: "POST", detail: false, mixin: /\.(CreateModelMixin|ModelViewSet)$/ },
  {
    action: "retrieve",
    method: "GET",
    detail: true,
    mixin: /\.(RetrieveModelMixin|ModelViewSet|ReadOnlyModelViewSet)$/,
  },
  { action: "update", method: "PUT", detail: true, mixin: /\.(UpdateModelMixin|ModelViewSet)$/ },
  { action: "partial_update", method: "PATCH", detail: true, mixin: /\.(UpdateModelMixin|ModelViewSet)$/ },
  { action: "destroy", method: "DELETE", detail: true, mixin: /\.(DestroyModelMixin|ModelViewSet)$/ },
] as const;

/** Routes of a view set: the standard actions that it has, and its own `@action` methods. */
export function viewsetAnswers(
  app: LinkedApp,
  decorations: Decorations,
  { path, viewset }: Registered,
): (Answer & { path: string })[] {
  const classes = lineage(app, viewset);
  const bases = foreignBases(app, classes);
  const guards = classGuards(app, decorations, classes);
  const allowed = methodNames(classes);
  const detail = `${path}/:${lookupOf(classes)}`;
  const usual = standard
    .filter(({ action, mixin }) => methodNamed(classes, action) !== null || bases.some((api) => mixin.test(`.${api}`)))
    .flatMap(({ action, method, detail: isDetail }) =>
      actionAnswer(app, decorations, classes, { method, action, guards }).map((answer) => ({
        ...answer,
        path: isDetail ? detail : path,
      })),
    );
  const extra = extraActions(app, decorations, classes).flatMap(({ action, methods, isDetail, name }) =>
    methods.flatMap((method) =>
      actionAnswer(app, decorations, classes, { method, action, guards }).map((answer) => ({
        ...answer,
        path: `${isDetail ? detail : path}/${name}`,
      })),
    ),
  );
  return [...usual, ...extra].filter(({ method }) => allowed === null || allowed.has(method));
}

function lookupOf(classes: readonly ClassNode[]): string {
  const written = classes.flatMap(
    ({ fact }) => own(fact.fields, "lookup_url_kwarg") ?? own(fact.fields, "lookup_field") ?? [],
  )[0];
  return written?.kind === "literal" ? String(written.value) : "pk";
}

/** `http_method_names = ["get", "post"]`; null where the class does not say. */
function methodNames(classes: readonly ClassNode[]): Set<string> | null {
  const written = classes.flatMap(({ fact }) => own(fact.fields, "http_method_names") ?? [])[0];
  if (written?.kind !== "array") return null;
  return new Set(written.items.flatMap((item) => (item.kind === "literal" ? [String(item.value).toUpperCase()] : [])));
}

interface Extra {
  action: string;
  methods: string[];
  isDetail: boolean;
  name: string;
}

function extraActions(app: LinkedApp, decorations: Decorations, classes: readonly ClassNode[]): Extra[] {
  return classes.flatMap(({ file, fact }) =>
    fact.members.flatMap((member): Extra[] => {
      const call = decorations(file, { kind: "fn", fn: member.fn }).find((each) =>
        decoratorTokens(app, each).some(
          (token) => token.kind === "external" && /:decorators\.(action|detail_route|list_route)$/.test(token.api),
        ),
      );
      const making = call === undefined ? null : makingCall(call);
      if (making === null) return [];
      const methods = listArgument(app, making, argument(making, "methods")).flatMap((tokens) =>
        tokens.flatMap((token) => (token.kind === "literal" ? [String(token.value).toUpperCase()] : [])),
      );
      const detail = argument(making, "detail", 1);
      return [
        {
          action: member.name,
          methods: methods.length > 0 ? methods : ["GET"],
          isDetail: detail?.kind === "literal" && detail.value === true,
          name: textArgument(app, making, argument(making, "url_path")) ?? member.name,
        },
      ];
    }),
  );
}
