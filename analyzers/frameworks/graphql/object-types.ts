/** graphql-js itself: `new GraphQLObjectType({ name, fields })`, the roots as `new GraphQLSchema({ query })` names them. */
import type { LinkedApp } from "../framework.ts";
import { entriesOf } from "../../link/lists.ts";
import type { CallNode } from "../../link/program.ts";
import { NONE, type Token, type Tokens } from "../../link/token.ts";
import { textsOf } from "../../link/known.ts";
import { fieldOf, handlersOfField, OPERATIONS, type Field } from "./fields.ts";
import type { Served } from "./maps.ts";

const OBJECT = "graphql:GraphQLObjectType";
const SCHEMA = "graphql:GraphQLSchema";

export function servedTypes(app: LinkedApp): Served[] {
  const roots = rootsOf(app);
  return callsOf(app, OBJECT).flatMap((call) => {
    const [options] = call.fact.args;
    const holders = options === undefined ? NONE : app.linked.solver.evaluate(call.file, options, null);
    const fields = holders.flatMap((holder) => fieldsIn(app, call, holder, roots.get(call)));
    return fields.length === 0 ? [] : [{ call, framework: "graphql", fields }];
  });
}

function callsOf({ linked }: LinkedApp, api: string): CallNode[] {
  return linked.solver.program.calls.filter((call) =>
    (linked.callees[call.uid] ?? NONE).some((token) => token.kind === "external" && token.api === api),
  );
}

/** The constructions of the types that a schema begins with, and which operation each one is. */
function rootsOf(app: LinkedApp): Map<CallNode, string> {
  const { solver } = app.linked;
  const found = new Map<CallNode, string>();
  for (const call of callsOf(app, SCHEMA)) {
    const [options] = call.fact.args;
    const holders = options === undefined ? NONE : solver.evaluate(call.file, options, null);
    for (const operation of OPERATIONS.keys()) {
      const types = holders.flatMap((holder) => solver.member(holder, operation.toLowerCase()));
      for (const type of types) if (type.kind === "external" && type.via !== null) found.set(type.via.call, operation);
    }
  }
  return found;
}

function fieldsIn(app: LinkedApp, call: CallNode, holder: Token, root: string | undefined): Field[] {
  const { solver } = app.linked;
  const [name = "*"] = textsOf(solver, solver.member(holder, "name"));
  const type = root ?? name;
  return solver
    .member(holder, "fields")
    .flatMap((token) => returnedBy(app, token))
    .flatMap((map) =>
      [...entriesOf(solver, map)].flatMap(([field, tokens]) => {
        const handlers = handlersOfField(app, call, tokens);
        return handlers.length > 0 || root !== undefined ? [fieldOf(type, field, handlers, call)] : [];
      }),
    );
}

/** Fields stand there as they are, or a function gives them once all types are known. */
function returnedBy({ linked: { solver } }: LinkedApp, token: Token): Tokens {
  if (token.kind !== "fn") return [token];
  return token.fn.fact.returns.flatMap((value) => solver.evaluate(token.fn.file, value, token.env));
}
