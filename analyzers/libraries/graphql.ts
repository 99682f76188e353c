/** GraphQL servers and schema makers: where their resolvers and their context stand among the arguments. */
import { patternTable } from "../link/pattern.ts";

/** `at`: position of the options; `framework`: the name people say. */
export interface GraphqlServer {
  api: string;
  at: number;
  framework: string;
}

const row = (framework: string, api: string, at = 0): GraphqlServer => ({ api, at, framework });

/** Calls with a `resolvers` option, or an argument that holds modules which have one. */
const resolverMaps: readonly GraphqlServer[] = [
  row("apollo", "@apollo/server:ApolloServer"),
  row("apollo", "apollo-server*:ApolloServer"),
  row("apollo", "apollo-server*:makeExecutableSchema"),
  row("apollo", "@apollo/subgraph:buildSubgraphSchema"),
  row("apollo", "@apollo/federation:buildFederatedSchema"),
  row("graphql-yoga", "graphql-yoga:createSchema"),
  row("graphql-yoga", "graphql-yoga:GraphQLServer"),
  row("graphql", "@graphql-tools/schema:makeExecutableSchema"),
  row("graphql", "graphql-tools:makeExecutableSchema"),
  row("graphql", "graphql-modules:createModule"),
  row("graphql", "@graphql-modules/core:GraphQLModule"),
];

/** What the name of every package of servers has in it. */
export const serverPackages = /graphql|apollo|^@as-integrations\//;

/** Calls with a `context` option, or a function that makes the options. */
const contexts: readonly GraphqlServer[] = [
  row("apollo", "@apollo/server:ApolloServer"),
  row("apollo", "apollo-server*:ApolloServer"),
  row("apollo", "@apollo/server/standalone:startStandaloneServer", 1),
  row("apollo", "@apollo/server/express4:expressMiddleware", 1),
  row("apollo", "@as-integrations/*:*", 1),
  row("graphql-yoga", "graphql-yoga:createYoga"),
  row("graphql-yoga", "graphql-yoga:GraphQLServer"),
  row("express-graphql", "express-graphql:graphqlHTTP"),
  row("graphql-http", "graphql-http/lib/use/*:createHandler"),
  row("nestjs", "@nestjs/graphql:GraphQLModule.forRoot"),
];

/** What stands in an Express app for the GraphQL server: requests pass what was mounted before it. */
const mounts: readonly GraphqlServer[] = [
  row("apollo", "@apollo/server/express4:expressMiddleware()"),
  row("apollo", "@as-integrations/express5:expressMiddleware()"),
  row("apollo", "apollo-server-express:ApolloServer().getMiddleware()"),
  row("graphql-yoga", "graphql-yoga:createYoga()"),
  row("express-graphql", "express-graphql:graphqlHTTP()"),
  row("graphql-http", "graphql-http/lib/use/*:createHandler()"),
];

/** Decorators that hand a resolver its context. */
export const contextDecorators: ReadonlySet<string> = new Set(["@nestjs/graphql:Context", "type-graphql:Ctx"]);

const findMap = patternTable(resolverMaps);
const findContext = patternTable(contexts);
const findMount = patternTable(mounts);

/** The server or schema maker that a call of this api makes from resolver maps; null when it makes none. */
export function resolverMapsOf(api: string): GraphqlServer | null {
  return findMap(api);
}

/** Where a call of this api is told the context; null when it is not. */
export function contextOptionOf(api: string): GraphqlServer | null {
  return findContext(api);
}

/** True for the handler through which an Express app answers GraphQL. */
export function isGraphqlMount(api: string): boolean {
  return findMount(api) !== null;
}
