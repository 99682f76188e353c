/** Django's url patterns: lists of `path`, `re_path` and `include`, joined, included and registered with routers. */
import { behindName, own, type CallNode, type FileNode } from "../../../link/program.ts";
import { NONE } from "../../../link/token.ts";
import type { Value } from "../../../summary.ts";
import type { LinkedApp } from "../../framework.ts";
import { argument, positionals, textArgument, tokensOf } from "../arguments.ts";
import { pathOfRegex } from "../paths.ts";

/** A pattern with what it leads to: a view's value, or a router's registrations. */
export type Pattern =
  | { kind: "view"; path: string; view: Value; call: CallNode }
  | { kind: "router"; path: string; router: CallNode };

const deepest = 12;

interface Position {
  prefix: string;
  depth: number;
  seen: ReadonlySet<FileNode>;
}

/** Every pattern of a urls module, with those it includes. */
export function patternsOf(
  app: LinkedApp,
  file: FileNode,
  prefix = "",
  depth = 0,
  seen = new Set<FileNode>(),
): Pattern[] {
  if (seen.has(file) || depth > deepest) return [];
  const bound = own(file.fns[0]?.fact.bindings ?? {}, "urlpatterns") ?? [];
  const at: Position = { prefix, depth, seen: new Set([...seen, file]) };
  return bound.flatMap((value) => patternsIn(app, file, value, at));
}

function patternsIn(app: LinkedApp, file: FileNode, value: Value, at: Position): Pattern[] {
  if (at.depth > deepest) return [];
  const deeper = { ...at, depth: at.depth + 1 };
  switch (value.kind) {
    case "array":
      return value.items.flatMap((item) => patternsIn(app, file, item, at));
    case "either":
      return value.of.flatMap((each) => patternsIn(app, file, each, at));
    case "name": {
      // The list's own additions (`urlpatterns += x`) name it again.
      const bound = own(file.fns[value.fn]?.fact.bindings ?? {}, value.name) ?? [];
      return value.name === "urlpatterns" ? [] : bound.flatMap((each) => patternsIn(app, file, each, deeper));
    }
    case "imported":
      return ofImport(app, file, value, deeper);
    case "member":
      return value.property === "*"
        ? patternsIn(app, file, value.object, deeper)
        : ofRouter(app, file, value, at.prefix);
    case "call": {
      const call = file.calls[value.call];
      return call === undefined ? [] : ofCall(app, call, deeper);
    }
    default:
      return [];
  }
}

function ofImport(
  app: LinkedApp,
  file: FileNode,
  { specifier, name }: Extract<Value, { kind: "imported" }>,
  at: Position,
): Pattern[] {
  const found = app.linked.solver.modules.resolve(file.path, specifier);
  const target = found.kind === "file" ? app.linked.solver.program.files.get(found.file) : undefined;
  const value = target === undefined ? undefined : own(target.summary.exports, name);
  return target === undefined || value === undefined ? [] : patternsIn(app, target, behindName(target, value), at);
}

/** `router.urls`. */
function ofRouter(app: LinkedApp, file: FileNode, value: Value, prefix: string): Pattern[] {
  return app.linked.solver
    .evaluate(file, value, null)
    .flatMap((token) =>
      token.kind === "external" && token.made !== null && /(Router|NinjaAPI|NinjaExtraAPI)\(\)\.urls$/.test(token.api)
        ? [{ kind: "router" as const, path: prefix, router: token.made.call }]
        : [],
    );
}

const routing = /^pypi:django:(urls|conf\.urls|urls\.conf)\.(path|re_path|url)$/;
const joining = /^pypi:(django:conf\.urls\.i18n\.i18n_patterns|rest_framework:urlpatterns\.format_suffix_patterns)$/;

function ofCall(app: LinkedApp, call: CallNode, at: Position): Pattern[] {
  const apis = (app.linked.callees[call.uid] ?? NONE).flatMap((token) =>
    token.kind === "external" ? [token.api] : [],
  );
  if (apis.some((api) => joining.test(api)))
    return positionals(call).flatMap((each) => patternsIn(app, call.file, each, at));
  const api = apis.find((each) => routing.test(each));
  if (api === undefined) return [];
  const written = textArgument(app, call, argument(call, "route", 0) ?? argument(call, "regex")) ?? "";
  const path = `${at.prefix}/${api.endsWith(".path") ? written : pathOfRegex(written)}`;
  const view = argument(call, "view", 1);
  if (view === undefined) return [];
  const included = includedBy(app, call, view);
  if (included !== null) return ofInclude(app, included, { ...at, prefix: path });
  if (view.kind === "member" && view.property === "urls") return ofRouter(app, call.file, view, path);
  return [{ kind: "view", path, view, call }];
}

/** The `include(...)` call that a view's value is; null for any other value. */
function includedBy(app: LinkedApp, { file }: CallNode, view: Value): CallNode | null {
  const call = view.kind === "call" ? file.calls[view.call] : undefined;
  if (call === undefined) return null;
  const tokens = app.linked.callees[call.uid] ?? NONE;
  return tokens.some((token) => token.kind === "external" && /^pypi:django:.*\.include$/.test(token.api)) ? call : null;
}

/** A module by its name or as itself, a list, a router's urls; with a namespace the first of a pair. */
function ofInclude(app: LinkedApp, call: CallNode, at: Position): Pattern[] {
  const [given] = positionals(call);
  if (given === undefined) return [];
  const inPair = given.kind === "array" ? given.items[0] : undefined;
  const isPair = inPair !== undefined && given.kind === "array" && given.items[1]?.kind === "literal";
  const value = isPair ? inPair : given;
  const { solver } = app.linked;
  const modules = tokensOf(app, call, value).flatMap((token): FileNode[] => {
    if (token.kind === "module") return [token.file];
    if (token.kind !== "literal" || typeof token.value !== "string") return [];
    const found = solver.modules.resolve(call.file.path, token.value);
    const node = found.kind === "file" ? solver.program.files.get(found.file) : undefined;
    return node === undefined ? [] : [node];
  });
  if (modules.length > 0) {
    return modules.flatMap((file) => patternsOf(app, file, at.prefix, at.depth + 1, new Set(at.seen)));
  }
  return patternsIn(app, call.file, value, at);
}
