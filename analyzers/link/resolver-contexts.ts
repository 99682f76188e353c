/** The context that GraphQL servers hand to their resolvers, for parameters that nothing else tells of. */
import { contextDecorators, contextOptionOf, serverPackages, type GraphqlServer } from "../libraries/graphql.ts";
import type { Value } from "../summary.ts";
import { decorationsOf } from "./decorations.ts";
import type { CallNode, FileNode, FnNode } from "./program.ts";
import { calleeTokens } from "./callees.ts";
import type { Solver } from "./solver.ts";
import { asInferred, NONE, union, type Token, type Tokens } from "./token.ts";

/** One value that a server was told to hand on, or to make for each request. */
interface Told {
  file: FileNode;
  value: Value;
}

export interface ResolverContexts {
  /** What resolvers are handed. */
  resolverContext: () => Tokens;
  /** The functions that make it for each request. */
  contextMakers: () => readonly FnNode[];
}

export const noContexts: ResolverContexts = { resolverContext: () => NONE, contextMakers: () => [] };

/** Finds the servers once; what they hand on is looked at when a parameter asks. */
export function resolverContexts(solver: Solver): ResolverContexts {
  if (!importsServer(solver)) return noContexts;
  const told = solver.program.calls.flatMap((call) => toldBy(solver, call));
  if (told.length === 0) return noContexts;
  return {
    resolverContext: () => asInferred(union(told.map((each) => handedOn(solver, each)))),
    contextMakers: () => told.flatMap(({ file, value }) => functionsIn(solver.evaluate(file, value, null))),
  };
}

/** Without any of their packages no call needs to be looked into. */
function importsServer({ program }: Solver): boolean {
  return [...program.files.values()].some(({ summary }) =>
    [...summary.imports, ...summary.reexports].some(({ specifier }) => serverPackages.test(specifier)),
  );
}

function functionsIn(tokens: Tokens): FnNode[] {
  return tokens.flatMap((token) => (token.kind === "fn" ? [token.fn] : []));
}

function toldBy(solver: Solver, call: CallNode): Told[] {
  if (!call.fact.args.some(mayTell)) return [];
  const servers = calleeTokens(solver, { call, env: null }).flatMap((token) => serverOf(solver, token));
  const options = call.fact.args[servers[0]?.at ?? -1];
  if (options === undefined) return [];
  return union(solver.evaluate(call.file, options, null).map((token) => optionsIn(solver, token))).flatMap((token) =>
    token.kind === "object" ? contextIn(token) : [],
  );
}

/** Options stand there as a literal or under a name, or a function makes them for each request. */
function mayTell(arg: Value): boolean {
  if (arg.kind === "object") return arg.entries.some(({ key }) => key === "context" || key === "dataSources");
  return arg.kind === "name" || arg.kind === "fn";
}

function serverOf(solver: Solver, token: Token): GraphqlServer[] {
  if (token.kind === "external") return toList(contextOptionOf(token.api));
  if (token.kind !== "class" || token.class.fact.extends === null) return [];
  return solver
    .evaluate(token.class.file, token.class.fact.extends, null)
    .flatMap((parent) => (parent.kind === "external" ? toList(contextOptionOf(parent.api)) : []));
}

function toList(server: GraphqlServer | null): GraphqlServer[] {
  return server === null ? [] : [server];
}

function optionsIn(solver: Solver, token: Token): Tokens {
  if (token.kind !== "fn") return [token];
  return union(token.fn.fact.returns.map((value) => solver.evaluate(token.fn.file, value, token.env)));
}

function contextIn({ file, value }: Extract<Token, { kind: "object" }>): Told[] {
  return value.entries.flatMap((entry): Told[] => {
    if (entry.key === "context") return [{ file, value: entry.value }];
    return entry.key === "dataSources" ? [{ file, value: withSources(file, entry.value) }] : [];
  });
}

/** Older Apollo servers put what `dataSources` makes into the context under that name. */
function withSources({ summary }: FileNode, value: Value): Value {
  const made = value.kind === "fn" ? (summary.functions[value.fn]?.returns ?? []) : [value];
  return { kind: "object", entries: [{ key: "dataSources", value: { kind: "either", of: made } }], spreads: [] };
}

function handedOn(solver: Solver, { file, value }: Told): Tokens {
  return union(solver.evaluate(file, value, null).map((token) => optionsIn(solver, token)));
}

const NAMED = /^_*(ctx|context|contextValue)$/i;

/**
 * What a resolver's parameter is when it is the context by its decorator, or by its place behind parent and arguments and
 * its name (a destructured one has none).
 */
export function contextParam(solver: Solver, fn: FnNode, index: number): Tokens {
  const param = fn.fact.params[index];
  if (param === undefined) return NONE;
  const isMarked = decorationsOf(solver, fn.file, param.decorators).some(
    ({ api }) => api !== null && contextDecorators.has(api),
  );
  const isPlaced =
    index === 2 ? param.name === null || NAMED.test(param.name) : index === 3 && NAMED.test(param.name ?? "");
  return isMarked || (isPlaced && param.decorators === undefined) ? solver.resolverContext() : NONE;
}
