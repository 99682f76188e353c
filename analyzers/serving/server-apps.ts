/** The app objects of frameworks other than Express that a service answers requests with. */
import type { CallSite, Model, Route, Service } from "../model.ts";
import { serverFiles } from "./server-files.ts";

export interface ServerApp {
  framework: string;
  /** The call that makes it. */
  creation: CallSite;
}

interface Maker {
  /** As in the model's routes. */
  framework: string;
  apis: readonly string[];
  /** Whether it answers GraphQL too, whoever made the schema. */
  graphql?: boolean;
}

const makers: readonly Maker[] = [
  { framework: "fastify", apis: ["fastify:", "fastify:fastify", "fastify:default"] },
  { framework: "koa", apis: ["koa:"] },
  { framework: "hono", apis: ["hono:Hono", "hono/tiny:Hono", "hono/quick:Hono", "@hono/zod-openapi:OpenAPIHono"] },
  { framework: "elysia", apis: ["elysia:Elysia"] },
  { framework: "nestjs", apis: ["@nestjs/core:NestFactory.create"], graphql: true },
  { framework: "apollo", apis: ["@apollo/server:ApolloServer", "apollo-server:ApolloServer"], graphql: true },
  { framework: "graphql-yoga", apis: ["graphql-yoga:createYoga", "graphql-yoga:GraphQLServer"], graphql: true },
];

/** The app that most is registered on, of a framework that the service's routes are read from; null when none is found. */
export function serverApp(model: Model, service: Service): ServerApp | null {
  const routes = model.routes.filter((route) => route.service === service.name);
  const files = new Set(serverFiles(model, service));
  const apps = makers
    .filter((maker) => routes.some((route) => answers(maker, route)))
    .flatMap(({ framework, apis }) =>
      apis
        .flatMap((api) => model.usesOf(api))
        .filter(({ call }) => files.has(call.file))
        .map(({ call }) => ({ framework, creation: call, weight: weightOf(model, service, call) })),
    );
  const [first] = apps.toSorted((a, b) => b.weight - a.weight);
  return first === undefined ? null : { framework: first.framework, creation: first.creation };
}

function answers({ framework, graphql = false }: Maker, route: Route): boolean {
  return route.framework === framework || (graphql && route.via === "graphql");
}

/** An app that mounts others or listens comes before one that is mounted, and one that the service starts from before others. */
function weightOf(model: Model, { entry }: Service, creation: CallSite): number {
  const calls = model.usesOn(creation);
  const isOuter = calls.some(({ api }) => /\.(listen|route|register)$/.test(api));
  return (isOuter ? 2000 : 0) + (entry.includes(creation.file) ? 1000 : 0) + calls.length;
}
