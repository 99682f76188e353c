/** Resolver maps: `{ Query: { users }, User: { posts } }` as they are handed to Apollo, Yoga and the schema tools. */
import type { LinkedApp } from "../framework.ts";
import { resolverMapsOf, type GraphqlServer } from "../../libraries/graphql.ts";
import { entriesOf, itemsOf } from "../../link/lists.ts";
import type { CallNode } from "../../link/program.ts";
import { NONE, type Token, type Tokens } from "../../link/token.ts";
import { fieldOf, handlersOfField, OPERATIONS, type Field } from "./fields.ts";

/** The fields that one server or schema is made from. */
export interface Served {
  call: CallNode;
  framework: string;
  fields: Field[];
}

export function servedMaps(app: LinkedApp): Served[] {
  const { solver } = app.linked;
  return solver.program.calls.flatMap((call) => {
    const server = serverAt(app, call);
    const options = server === null ? undefined : call.fact.args[server.at];
    if (server === null || options === undefined) return [];
    const maps = mapsIn(app, solver.evaluate(call.file, options, null));
    const fields = maps.flatMap((map) => fieldsOf(app, call, map));
    return fields.length === 0 ? [] : [{ call, framework: server.framework, fields }];
  });
}

/** Also for classes that extend a package's server. */
function serverAt({ linked }: LinkedApp, call: CallNode): GraphqlServer | null {
  for (const token of linked.callees[call.uid] ?? NONE) {
    const own = token.kind === "external" ? resolverMapsOf(token.api) : null;
    if (own !== null) return own;
    if (token.kind !== "class" || token.class.fact.extends === null) continue;
    for (const parent of linked.solver.evaluate(token.class.file, token.class.fact.extends, null)) {
      const inherited = parent.kind === "external" ? resolverMapsOf(parent.api) : null;
      if (inherited !== null) return inherited;
    }
  }
  return null;
}

/** The maps of an options object, of the modules among its options, or of a list of modules. */
function mapsIn(app: LinkedApp, options: Tokens): Token[] {
  const { solver } = app.linked;
  const holders = itemsOf(solver, options).flat();
  const modules = holders.flatMap((token) => itemsOf(solver, solver.member(token, "modules")).flat());
  return [...holders, ...modules].flatMap((holder) =>
    holder.kind === "object" ? itemsOf(solver, solver.member(holder, "resolvers")).flat().flatMap(opened) : [],
  );

  /** Older module systems take a function that returns the map. */
  function opened(token: Token): Tokens {
    if (token.kind !== "fn") return [token];
    return token.fn.fact.returns.flatMap((value) => solver.evaluate(token.fn.file, value, token.env));
  }
}

function fieldsOf(app: LinkedApp, call: CallNode, map: Token): Field[] {
  const { solver } = app.linked;
  return [...entriesOf(solver, map)].flatMap(([type, holders]) =>
    holders.flatMap((holder) =>
      [...entriesOf(solver, holder)].flatMap(([name, tokens]) => {
        if (INNER.has(name)) return [];
        const handlers = handlersOfField(app, call, tokens);
        const isRoot = OPERATIONS.has(type);
        return handlers.length > 0 || (isRoot && tokens.length === 0) ? [fieldOf(type, name, handlers, call)] : [];
      }),
    ),
  );
}

/** Functions that tell types apart; no field of a request. */
const INNER = new Set(["__resolveType", "__isTypeOf"]);
