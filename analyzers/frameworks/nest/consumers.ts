/** Middleware that modules apply: `consumer.apply(X).exclude("health").forRoutes(UsersController)`. */
import type { LinkedApp } from "../framework.ts";
import { argumentItems } from "../express/registrations.ts";
import { covers } from "../routing/paths.ts";
import { listOf } from "../../link/lists.ts";
import type { CallNode, ClassNode } from "../../link/program.ts";
import { NONE, type Tokens } from "../../link/token.ts";
import type { Handler } from "../../model.ts";
import { handlersOf } from "./enhancers.ts";
import { exclusionOf, matchesPath, type Exclusion } from "./exclusions.ts";

/** One chain on a consumer. */
export interface Applied {
  /** The module that applies it. */
  module: ClassNode;
  handlers: readonly Handler[];
  exclude: readonly Exclusion[];
  paths: readonly Exclusion[];
  controllers: readonly ClassNode[];
  /** True when some of what it is for could not be read. */
  open: boolean;
}

const FOR_ROUTES = /^@nestjs\/common:MiddlewareConsumer\(\)\..*\.forRoutes$/;

/** Every such chain of the program. */
export function appliedMiddleware(app: LinkedApp): Applied[] {
  const { solver, callees } = app.linked;
  return solver.program.calls.flatMap((call) => {
    const isChain = (callees[call.uid] ?? NONE).some(
      (token) => token.kind === "external" && FOR_ROUTES.test(token.api),
    );
    const module = call.fn.class;
    return isChain && module !== null ? [chainOf(app, call, module)] : [];
  });
}

function chainOf(app: LinkedApp, call: CallNode, module: ClassNode): Applied {
  const links = chain(call);
  const { solver } = app.linked;
  const items = (each: CallNode) => each.fact.args.flatMap((arg) => listOf(solver, each.file, arg, null));
  const targets = items(call);
  const applied = links.get("apply");
  const excluded = links.get("exclude");
  return {
    module,
    handlers: applied === undefined ? [] : applied.fact.args.flatMap((arg) => middlewareOf(app, applied, arg)),
    exclude: excluded === undefined ? [] : items(excluded).flatMap((tokens) => exclusionOf(solver, tokens)),
    paths: targets.flatMap((tokens) => exclusionOf(solver, tokens)),
    controllers: targets.flatMap(classesOf),
    open: targets.some((tokens) => tokens.length === 0),
  };
}

function classesOf(tokens: Tokens): ClassNode[] {
  return tokens.flatMap((token) => (token.kind === "class" ? [token.class] : []));
}

function middlewareOf(app: LinkedApp, call: CallNode, arg: CallNode["fact"]["args"][number]): Handler[] {
  return listOf(app.linked.solver, call.file, arg, null).flatMap((tokens) => {
    const isClass = tokens.some((token) => token.kind === "class");
    if (isClass) return handlersOf(app, tokens, "use", call);
    return argumentItems(app, call, arg, null).flatMap((item) => (item.kind === "handler" ? [item.handler] : []));
  });
}

const MAX_CHAIN = 8;

/** The calls of the chain by name. */
function chain(last: CallNode): Map<string, CallNode> {
  const found = new Map<string, CallNode>();
  let call: CallNode | undefined = last;
  while (call !== undefined && found.size < MAX_CHAIN) {
    const { callee }: CallNode["fact"] = call.fact;
    if (callee.kind !== "member") break;
    found.set(callee.property, call);
    if (callee.property === "apply") break;
    call = callee.object.kind === "call" ? call.file.calls[callee.object.call] : undefined;
  }
  return found;
}

/** Whether the middleware runs for a route of the controller; `path` without the app's prefix and version. */
export function runsFor(applied: Applied, controller: ClassNode | null, path: string, method: string): boolean {
  if (applied.exclude.some((each) => matchesPath(each, path, method))) return false;
  if (controller !== null && applied.controllers.includes(controller)) return true;
  return applied.paths.some((each) => {
    if (each.method !== null && each.method !== method && method !== "ALL") return false;
    return matchesPath(each, path, method) || covers(each.path.replace(/\(\.\*\)|\{?\*\w*\}?/g, "*"), path);
  });
}
