/** Where the web process of a service makes its server, for services that no Express app of their own serves. */
import type { CallSite, Model, Service } from "./model.ts";
import { serverFiles } from "./server-files.ts";

export interface Maker {
  /** As people say it: `NestJS`. */
  framework: string;
  call: CallSite;
}

const makers: readonly { framework: string; apis: readonly string[] }[] = [
  { framework: "NestJS", apis: ["@nestjs/core:NestFactory.create"] },
  { framework: "Apollo Server", apis: ["@apollo/server:ApolloServer", "apollo-server:ApolloServer"] },
  { framework: "GraphQL Yoga", apis: ["graphql-yoga:createYoga", "graphql-yoga:GraphQLServer"] },
];

/** The one that listens, in the files that the service starts from before others; null when there is none. */
export function serverMaker(model: Model, service: Service): Maker | null {
  const files = new Set(serverFiles(model, service));
  const listens = (call: CallSite) => model.usesOn(call).some(({ api }) => api.endsWith(".listen"));
  const rank = (call: CallSite) => (listens(call) ? 0 : 2) + (service.entry.includes(call.file) ? 0 : 1);
  const found = makers.flatMap(({ framework, apis }) =>
    apis
      .flatMap((api) => model.usesOf(api))
      .filter(({ call }) => files.has(call.file))
      .map(({ call }) => ({ framework, call })),
  );
  return found.toSorted((a, b) => rank(a.call) - rank(b.call))[0] ?? null;
}
