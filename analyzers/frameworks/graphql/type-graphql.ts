/** TypeGraphQL: the resolver classes that `buildSchema` names, with the middleware and the checks that stand before them. */
import type { LinkedApp } from "../framework.ts";
import { handlersOf } from "../nest/enhancers.ts";
import type { Method } from "../nest/classes.ts";
import type { Decoration } from "../../link/decorations.ts";
import { itemsOf, listOf } from "../../link/lists.ts";
import type { CallNode, ClassNode } from "../../link/program.ts";
import { NONE, type Tokens } from "../../link/token.ts";
import type { Handler } from "../../model.ts";
import { decoratedFields, isResolver } from "./decorated.ts";
import type { Served } from "./maps.ts";

const SPECIFIER = "type-graphql";
const BUILDERS: ReadonlySet<string> = new Set(
  ["buildSchema", "buildSchemaSync", "buildTypeDefsAndResolvers", "buildTypeDefsAndResolversSync"].map(
    (name) => `${SPECIFIER}:${name}`,
  ),
);

/** One per schema. Where a schema names files, or something that is not known, it has every resolver of its service. */
export function servedClasses(app: LinkedApp): Served[] {
  const { solver, callees } = app.linked;
  const builders = solver.program.calls.filter((call) =>
    (callees[call.uid] ?? NONE).some((token) => token.kind === "external" && BUILDERS.has(token.api)),
  );
  if (builders.length === 0) return [];
  const all = resolverClasses(app);
  return builders.flatMap((call) => {
    const named = itemsOf(solver, optionOf(app, call, "resolvers"));
    const classes = named.flatMap((tokens) => tokens.flatMap((token) => (token.kind === "class" ? [token.class] : [])));
    const isClosed = named.length > 0 && named.every((tokens) => tokens.some((token) => token.kind === "class"));
    const service = app.serviceOf(call.file.path);
    const own = isClosed ? classes : all.filter((node) => app.serviceOf(node.file.path) === service);
    const globals = itemsOf(solver, optionOf(app, call, "globalMiddlewares")).flatMap((tokens) =>
      handlersOf(app, tokens, "use", call),
    );
    const fields = [...new Set(own)].flatMap((node) =>
      decoratedFields(app, node, (ofClass, method) => [...globals, ...checks(app, ofClass, method)]),
    );
    return fields.length === 0 ? [] : [{ call, framework: "type-graphql", fields }];
  });
}

function optionOf({ linked: { solver } }: LinkedApp, call: CallNode, name: string): Tokens {
  const [options] = call.fact.args;
  if (options === undefined) return NONE;
  return solver.evaluate(call.file, options, null).flatMap((token) => solver.member(token, name));
}

function resolverClasses(app: LinkedApp): ClassNode[] {
  const { solver } = app.linked;
  return [...solver.program.files.values()]
    .filter(({ path }) => app.contextOf(path) === "server")
    .flatMap((file) => file.classes)
    .filter((node) => node.fact.decorators.length > 0 && isResolver(solver, node, SPECIFIER));
}

/** `@Authorized()` and `@UseMiddleware(isAuth)`, of the class and then of the method. */
function checks(app: LinkedApp, ofClass: readonly Decoration[], { decorations }: Method): Handler[] {
  return [...ofClass, ...decorations].flatMap((decoration): Handler[] => {
    const { call, env } = decoration.site;
    if (decoration.api === `${SPECIFIER}:Authorized`) {
      const { file, fact } = decoration.written;
      const place = { file: file.path, line: fact.span.line };
      return [{ fn: null, api: `${SPECIFIER}:Authorized()`, place, construction: app.sites.call(call) }];
    }
    if (decoration.api !== `${SPECIFIER}:UseMiddleware`) return [];
    return call.fact.args.flatMap((arg) =>
      listOf(app.linked.solver, call.file, arg, env).flatMap((tokens) => handlersOf(app, tokens, "use", call)),
    );
  });
}
