/** Schema builders: fields that calls define one by one, `builder.queryField("users", (t) => t.field({ resolve }))` of Pothos. */
import type { LinkedApp } from "../framework.ts";
import { textsOf } from "../../link/known.ts";
import type { CallNode, FileNode, FnNode } from "../../link/program.ts";
import { NONE, type External, type Tokens } from "../../link/token.ts";
import type { Value } from "../../summary.ts";
import { fieldOf, handlersOfField, OPERATIONS, type Field } from "./fields.ts";
import type { Served } from "./maps.ts";

const BUILDER = /^@pothos\/core:\(\)\.(\w+)$/;
/** Nexus calls the same things by plain functions. */
const NEXUS = /^nexus:(\w+)$/;

/** Method -> the type it adds to; null: named by the first argument. */
const TYPES: ReadonlyMap<string, string | null> = new Map([
  ...[...OPERATIONS.keys()].flatMap((type): [string, string][] =>
    ["Type", "Field", "Fields"].map((suffix) => [`${type.toLowerCase()}${suffix}`, type]),
  ),
  ["relayMutationField", "Mutation"],
  ...(
    "objectType objectFields objectField prismaObject prismaObjectFields prismaObjectField prismaNode node interfaceType " +
    "extendType drizzleObject drizzleNode loadableObject loadableNode simpleObject"
  )
    .split(" ")
    .map((name): [string, null] => [name, null]),
]);

export function servedBuilders(app: LinkedApp): Served[] {
  const { solver, callees } = app.linked;
  return solver.program.calls.flatMap((call) => {
    const apis = (callees[call.uid] ?? NONE).flatMap((token) => (token.kind === "external" ? [token.api] : []));
    const method = apis.flatMap((api) => (BUILDER.exec(api) ?? NEXUS.exec(api))?.[1] ?? [])[0];
    const type = method === undefined ? undefined : TYPES.get(method);
    if (method === undefined || type === undefined) return [];
    const fields = fieldsOfCall(app, call, method, type ?? typeNamed(app, call));
    return fields.length === 0 ? [] : [{ call, framework: "graphql", fields }];
  });
}

/** The `name` or `type` among the options, else `"User"`, a class, `builder.objectRef("User")`. */
function typeNamed(app: LinkedApp, { file, fact: { args } }: CallNode): string {
  const { solver } = app.linked;
  const tokens = args.flatMap((arg) => solver.evaluate(file, arg, null));
  const options = tokens.filter(({ kind }) => kind === "object");
  const named = ["name", "type"].map((key) => options.flatMap((token) => solver.member(token, key)));
  const [text] = [
    ...named,
    ...tokens.map((token) => (token.kind === "external" ? argument(app, token) : [token])),
  ].flatMap((each) => textsOf(solver, each));
  const own = tokens.find((token) => token.kind === "class");
  return text ?? (own?.kind === "class" ? own.class.fact.name : null) ?? "*";
}

function argument({ linked: { solver } }: LinkedApp, { via }: External): Tokens {
  const first = via?.call.fact.args[0];
  return via === null || first === undefined ? NONE : solver.evaluate(via.call.file, first, via.env);
}

/** `queryField("users", ...)` has one field with the name it is given; all others have a function that makes them. */
function fieldsOfCall(app: LinkedApp, call: CallNode, method: string, type: string): Field[] {
  const { args } = call.fact;
  const { solver } = app.linked;
  if (method.endsWith("Field")) {
    const at = method.startsWith("object") || method.startsWith("prisma") ? 1 : 0;
    const given = args[at];
    const [name = "*"] = given === undefined ? [] : textsOf(solver, solver.evaluate(call.file, given, null));
    const handlers = args.slice(at + 1).flatMap((arg) => resolversIn(app, call, call.file, arg));
    return handlers.length > 0 || OPERATIONS.has(type) ? [fieldOf(type, name, handlers, call)] : [];
  }
  return args.flatMap((arg) =>
    makersIn(arg).flatMap((value) =>
      solver
        .evaluate(call.file, value, null)
        .flatMap((token) => (token.kind === "fn" ? fieldsMadeBy(app, call, token.fn, type) : [])),
    ),
  );
}

/** The functions that make fields: an argument itself, or an option of one. */
function makersIn(arg: Value): Value[] {
  if (arg.kind !== "object") return arg.kind === "literal" ? [] : [arg];
  return arg.entries.flatMap(({ key, value }) => (key === "fields" || key === "definition" ? [value] : []));
}

/** `(t) => ({ users: t.field({ resolve }) })`, or `(t) => { t.field("users", { resolve }) }`. */
function fieldsMadeBy(app: LinkedApp, call: CallNode, fn: FnNode, type: string): Field[] {
  const returned = fn.fact.returns.flatMap((value) => (value.kind === "object" ? value.entries : []));
  const named = returned.flatMap(({ key, value }) => made(call, type, key, resolversIn(app, call, fn.file, value)));
  const called = fn.file.calls.filter((each) => each?.fn === fn && isOnParam(each.fact.callee, fn));
  const stated = called.flatMap(({ fact: { args } }) => {
    const [first, ...rest] = args;
    if (first?.kind !== "literal" || typeof first.value !== "string") return [];
    return made(
      call,
      type,
      first.value,
      rest.flatMap((arg) => resolversIn(app, call, fn.file, arg)),
    );
  });
  return [...named, ...stated];
}

function made(call: CallNode, type: string, name: string, handlers: Field["handlers"]): Field[] {
  return handlers.length > 0 || OPERATIONS.has(type) ? [fieldOf(type, name, handlers, call)] : [];
}

function isOnParam(callee: Value, fn: FnNode): boolean {
  let root = callee;
  while (root.kind === "member") root = root.object;
  return root.kind === "param" && root.fn === fn.index && root.index === 0;
}

/** What a field's definition runs: the `resolve` of its options, of the call that makes it, of the function that returns one. */
function resolversIn(app: LinkedApp, call: CallNode, file: FileNode, value: Value): Field["handlers"] {
  const { solver } = app.linked;
  switch (value.kind) {
    case "object":
      return handlersOfField(app, call, solver.evaluate(file, value, null));
    case "call": {
      const args = file.calls[value.call]?.fact.args ?? [];
      return args.flatMap((arg) => (arg.kind === "object" ? resolversIn(app, call, file, arg) : []));
    }
    case "fn": {
      const returns = file.fns[value.fn]?.fact.returns ?? [];
      return returns.flatMap((each) => resolversIn(app, call, file, each));
    }
    default:
      return [];
  }
}
