/** Fields with a resolver of the app's own, in the one form that all ways of writing them come down to. */
import { routerOf } from "../express/apis.ts";
import type { LinkedApp } from "../framework.ts";
import { itemsOfTokens } from "../routing/items.ts";
import { idOf, type CallNode } from "../../link/program.ts";
import type { External, Token, Tokens } from "../../link/token.ts";
import type { CallSite, Handler, Place, Route } from "../../model.ts";

/** Types whose fields are operations, and what these are called in a request. */
export const OPERATIONS: ReadonlyMap<string, string> = new Map([
  ["Query", "QUERY"],
  ["Mutation", "MUTATION"],
  ["Subscription", "SUBSCRIPTION"],
]);

/** A field as found: `type` is `Query`, `User` or `*`. */
export interface Field {
  type: string;
  name: string;
  place: Place;
  handlers: readonly Handler[];
  middleware: readonly Handler[];
  registration: CallSite | null;
  marks?: NonNullable<Route["marks"]>;
}

/** `users` of `Query`, `User.posts` of an object type. */
export function routeOfField(field: Field, service: string, framework: string): Route {
  const operation = OPERATIONS.get(field.type);
  const path = operation === undefined ? `${field.type}.${field.name}` : field.name;
  const method = operation ?? "QUERY";
  const { file, line } = field.place;
  return {
    id: `${method} ${path} ${service} ${file}:${line}`,
    method,
    via: "graphql",
    path,
    file,
    line,
    service,
    framework,
    middleware: [...field.middleware],
    handlers: [...field.handlers],
    registration: field.registration,
    ...(field.marks === undefined ? {} : { marks: field.marks }),
  };
}

/** Wrappers that run all functions they are given, the last one as the resolver. */
const COMBINING = /^graphql-resolvers:combineResolvers\(\)$/;
/** Keys under which a field's object holds functions that run for a request. */
const RUNNING = ["resolve", "subscribe", "mutateAndGetPayload"];

/** What a field runs, in order; empty when it is nothing of the kind (an enum's value, a scalar). */
export function handlersOfField(app: LinkedApp, call: CallNode, tokens: Tokens): Handler[] {
  const { solver } = app.linked;
  return tokens.flatMap((token): Handler[] => {
    if (token.kind === "object") {
      return RUNNING.flatMap((key) => handlersOfField(app, call, solver.member(token, key)));
    }
    if (token.kind === "array") return handlersOfField(app, call, solver.elements([token]));
    if (token.kind === "external") return handlersOfMade(app, call, token);
    return token.kind === "fn" ? ownHandlers(app, call, [token]) : [];
  });
}

/** A resolver that a package's wrapper made: the app's functions among the arguments, or within an options object. */
function handlersOfMade(app: LinkedApp, call: CallNode, token: External): Handler[] {
  const { solver } = app.linked;
  const { via } = token;
  if (via === null) return [];
  const given = via.call.fact.args.map((arg) => solver.evaluate(via.call.file, arg, via.env));
  const isCombined = COMBINING.test(token.api);
  const found = given.flatMap((tokens) => handlersOfField(app, call, tokens));
  return isCombined || found.length < 2 ? found : found.slice(0, 1);
}

function ownHandlers(app: LinkedApp, call: CallNode, tokens: readonly Token[]): Handler[] {
  return itemsOfTokens(app, call, tokens, { routerOf }).flatMap((item) =>
    item.kind === "handler" ? [item.handler] : [],
  );
}

/** The place of the function that answers, else that of the call by which the field is known. */
function placeOfField(handlers: readonly Handler[], call: CallNode): Place {
  const { file, line } = handlers.at(-1)?.place ?? { file: call.file.path, line: call.fact.span.line };
  return { file, line };
}

/** Middleware first, the resolver last. */
export function fieldOf(type: string, name: string, found: readonly Handler[], call: CallNode): Field {
  return {
    type,
    name,
    place: placeOfField(found, call),
    handlers: found.slice(-1),
    middleware: found.slice(0, -1),
    registration: null,
  };
}

/** The functions that make the resolvers' context run before every field of their service. */
export function contextHandlers(app: LinkedApp, service: string): Handler[] {
  return app.linked.solver
    .contextMakers()
    .filter((fn) => app.serviceOf(fn.file.path)?.name === service)
    .map((fn) => ({
      fn: idOf(fn),
      api: null,
      place: { file: fn.file.path, line: fn.fact.span.line },
      construction: null,
    }));
}

/** A route's identity rests on its call where several schemas of a service have the same field. */
export function unique(routes: readonly Route[]): Route[] {
  return [...new Map(routes.map((route) => [route.id, route])).values()];
}
