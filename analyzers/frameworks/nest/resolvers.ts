/** GraphQL resolvers of a Nest app: the decorated classes among its providers. */
import type { LinkedApp } from "../framework.ts";
import { covers } from "../routing/paths.ts";
import { decoratedFields } from "../graphql/decorated.ts";
import { contextHandlers, routeOfField } from "../graphql/fields.ts";
import type { ClassNode } from "../../link/program.ts";
import type { Route } from "../../model.ts";
import type { NestApp } from "./apps.ts";
import { runsFor, type Applied } from "./consumers.ts";
import { enhancersOf } from "./enhancers.ts";

/** Where Nest answers GraphQL unless told otherwise. */
const PATH = "/graphql";

export function routesOfResolver(app: LinkedApp, nest: NestApp, node: ClassNode, applied: readonly Applied[]): Route[] {
  const before = [
    ...nest.uses.filter((each) => covers(each.path, PATH)).flatMap((each) => each.handlers),
    ...applied.filter((each) => runsFor(each, null, PATH, "POST")).flatMap((each) => each.handlers),
    ...contextHandlers(app, nest.service),
  ];
  const fields = decoratedFields(app, node, (ofClass, { decorations }) => [
    ...before,
    ...enhancersOf(app, nest, ofClass, decorations),
  ]);
  return fields.map((field) => routeOfField(field, nest.service, "nestjs"));
}
