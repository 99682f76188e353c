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
  const isPlugged = call.fact.callee.kind === "member" && call.fact.callee.property === "register";
  if (isPlugged && isMercurius(linked, call)) return { api: MERCURIUS, at: 1, framework: "mercurius" };
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

const MERCURIUS = "mercurius:";

/** `app.register(mercurius, { schema, resolvers })`. */
function isMercurius({ solver }: LinkedApp["linked"], { file, fact: { args } }: CallNode): boolean {
  const [plugin] = args;
  const tokens = plugin === undefined ? NONE : solver.evaluate(file, plugin, null);
  return tokens.some((token) => token.kind === "external" && token.api === MERCURIUS);
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
    holders.flatMap((holder) => fieldsOfType(app, call, type, entriesOf(solver, holder))),
  );
}

/** A field that cannot be followed counts where others of its type have resolvers: values of an enum do not. */
function fieldsOfType(app: LinkedApp, call: CallNode, type: string, entries: ReadonlyMap<string, Tokens>): Field[] {
  const fields = [...entries]
    .filter(([name]) => !INNER.has(name))
    .map(([name, tokens]) => ({ name, tokens, handlers: handlersOfField(app, call, tokens) }));
  const resolves = OPERATIONS.has(type) || fields.some(({ handlers }) => handlers.length > 0);
  return fields
    .filter(({ tokens, handlers }) => handlers.length > 0 || (resolves && tokens.length === 0))
    .map(({ name, handlers }) => fieldOf(type, name, handlers, call));
}

/** Functions that tell types apart; no field of a request. */
const INNER = new Set(["__resolveType", "__isTypeOf"]);
