import { describe, expect, it } from "vitest";
import { modelFrom, routesOf, waysTo } from "../link/testing/model-from.ts";
import type { Model } from "../model.ts";

type Files = Record<string, string>;
type Case = [name: string, files: Files, routes: string[]];

const APOLLO = `import { ApolloServer } from "@apollo/server"; import { startStandaloneServer } from "@apollo/server/standalone";`;
const serve = (resolvers: string, more = "") => ({
  "app.ts": `${APOLLO} ${more} const server = new ApolloServer({ typeDefs: "", resolvers: ${resolvers} }); startStandaloneServer(server);`,
});
const f = "() => 1";

describe("graphql routes", () => {
  it.each<Case>([
    [
      "a map",
      serve(`{ Query: { users: ${f}, user() {} }, Mutation: { pay: async () => {} }, User: { posts: ${f} } }`),
      ["MUTATION pay", "QUERY User.posts", "QUERY user", "QUERY users"],
    ],
    [
      "subscriptions",
      serve(
        `{ Subscription: { a: { subscribe: ${f} }, b: { subscribe: withFilter(${f}, ${f}) } } }`,
        `import { withFilter } from "graphql-subscriptions";`,
      ),
      ["SUBSCRIPTION a", "SUBSCRIPTION b"],
    ],
    [
      "no enums, scalars and type tests",
      serve(
        `{ Query: { a: ${f} }, Role: { ADMIN: "admin" }, Date: new GraphQLScalarType({ serialize: ${f} }), Shape: { __resolveType: ${f} } }`,
        `import { GraphQLScalarType } from "graphql";`,
      ),
      ["QUERY a"],
    ],
    [
      "what cannot be followed",
      serve(`{ Query: { a: load(), b: ${f} }, User: { posts: load() } }`),
      ["QUERY a", "QUERY b"],
    ],
    [
      "spread maps of several files",
      {
        ...serve(
          `{ Query: { ...users.Query, ...posts }, User: users.User }`,
          `import users from "./users"; import * as posts from "./posts";`,
        ),
        "users.ts": `export default { Query: { users: ${f} }, User: { posts: ${f} } };`,
        "posts.ts": `export const a = ${f}; export * from "./more";`,
        "more.ts": `export const b = ${f};`,
      },
      ["QUERY User.posts", "QUERY a", "QUERY b", "QUERY users"],
    ],
    [
      "a list of maps",
      serve(`[{ Query: { a: ${f} } }, more]`, `const more = { Query: { b: ${f} } };`),
      ["QUERY a", "QUERY b"],
    ],
    [
      "merged maps",
      serve(
        `merge({}, one, mergeResolvers([two]))`,
        `import { merge } from "lodash"; import { mergeResolvers } from "@graphql-tools/merge"; const one = { Query: { a: ${f} } }; const two = { Query: { b: ${f} } };`,
      ),
      ["QUERY a", "QUERY b"],
    ],
    [
      "makeExecutableSchema",
      {
        "app.js": `const { ApolloServer } = require("apollo-server-express"); const { makeExecutableSchema } = require("@graphql-tools/schema"); const schema = makeExecutableSchema({ typeDefs: "", resolvers: { Query: { a: ${f} } } }); new ApolloServer({ schema });`,
      },
      ["QUERY a"],
    ],
    [
      "yoga",
      {
        "app.ts": `import { createSchema, createYoga } from "graphql-yoga"; import { createServer } from "node:http"; const yoga = createYoga({ schema: createSchema({ typeDefs: "", resolvers: { Query: { a: ${f} } } }) }); createServer(yoga).listen(4000);`,
      },
      ["QUERY a"],
    ],
    [
      "a subgraph's modules",
      {
        "app.ts": `import { buildSubgraphSchema } from "@apollo/subgraph"; export const schema = buildSubgraphSchema([{ typeDefs: "", resolvers: { Query: { a: ${f} }, User: { __resolveReference: ${f} } } }]);`,
      },
      ["QUERY User.__resolveReference", "QUERY a"],
    ],
    [
      "a server of the app's own that extends Apollo's",
      {
        "app.ts": `${APOLLO} class Server extends ApolloServer {} startStandaloneServer(new Server({ resolvers: { Query: { a: ${f} } } }));`,
      },
      ["QUERY a"],
    ],
    [
      "a plugin of Fastify",
      {
        "app.ts": `import fastify from "fastify"; import mercurius from "mercurius"; const app = fastify(); app.register(mercurius, { schema: "", resolvers: { Query: { a: ${f} } } }); app.listen({ port: 3000 });`,
      },
      ["QUERY a"],
    ],
    [
      "object types",
      {
        "app.ts": `import { GraphQLObjectType, GraphQLSchema } from "graphql"; import { graphqlHTTP } from "express-graphql"; import express from "express"; const User = new GraphQLObjectType({ name: "User", fields: () => ({ id: { type: 1 }, posts: { resolve: ${f} } }) }); const schema = new GraphQLSchema({ query: new GraphQLObjectType({ name: "Root", fields: { me: { type: User, resolve() {} } } }), mutation: new GraphQLObjectType({ name: "M", fields: { pay: { resolve: ${f} } } }) }); const app = express(); app.use("/graphql", graphqlHTTP({ schema })); app.listen(3000);`,
      },
      ["MUTATION pay", "QUERY User.posts", "QUERY me"],
    ],
    [
      "a builder",
      {
        "app.ts": `import SchemaBuilder from "@pothos/core"; const builder = new SchemaBuilder({}); class Post {} builder.queryType({ fields: (t) => ({ users: t.field({ resolve: ${f} }) }) }); builder.queryField("user", (t) => t.prismaField({ resolve: ${f} })); builder.mutationFields((t) => ({ pay: t.field({ resolve: ${f} }) })); builder.objectType(Post, { name: "Article", fields: (t) => ({ id: t.exposeID("id"), author: t.field({ resolve: ${f} }) }) }); builder.objectField("User", "posts", (t) => t.field({ resolve: ${f} }));`,
      },
      ["MUTATION pay", "QUERY Article.author", "QUERY User.posts", "QUERY user", "QUERY users"],
    ],
    [
      "nexus",
      {
        "app.ts": `import { extendType, mutationField, objectType, queryType } from "nexus"; export const a = queryType({ definition(t) { t.field("users", { resolve: ${f} }); t.list.field("posts", { resolve: ${f} }); } }); export const b = mutationField("pay", { resolve: ${f} }); export const c = objectType({ name: "User", definition(t) { t.id("id"); t.field("posts", { resolve: ${f} }); } }); export const d = extendType({ type: "Query", definition(t) { t.field("more", { resolve: ${f} }); } });`,
      },
      ["MUTATION pay", "QUERY User.posts", "QUERY more", "QUERY posts", "QUERY users"],
    ],
    [
      "decorated classes that the schema names",
      {
        "app.ts": `import { buildSchema, FieldResolver, Mutation, ObjectType, Query, Resolver } from "type-graphql"; @ObjectType("Person") class User {} @Resolver(() => User) class A { @Query(() => [User]) users() {} @Query(() => User, { name: "me" }) user() {} @Mutation() pay() {} @FieldResolver() posts() {} } @Resolver() class B { @Query() b() {} } buildSchema({ resolvers: [A] });`,
      },
      ["MUTATION pay", "QUERY Person.posts", "QUERY me", "QUERY users"],
    ],
    [
      "decorated classes of the files that the schema names",
      {
        "app.ts": `import { buildSchema } from "type-graphql"; import "./a"; buildSchema({ resolvers: [__dirname + "/**/*.resolver.ts"] });`,
        "a.ts": `import { Query, Resolver } from "type-graphql"; @Resolver() export class A { @Query() a() {} }`,
      },
      ["QUERY a"],
    ],
    [
      "no schema of a test",
      {
        ...serve(`{ Query: { a: ${f} } }`),
        "app.test.ts": `import { makeExecutableSchema } from "@graphql-tools/schema"; makeExecutableSchema({ resolvers: { Query: { b: ${f} } } });`,
      },
      ["QUERY a"],
    ],
  ])("of %s", (_, files, routes) => {
    expect(routesOf(modelFrom(files))).toEqual(routes);
  });

  const NEST: Files = {
    "package.json": JSON.stringify({
      name: "app",
      scripts: { start: "node src/main.ts" },
      dependencies: { "@nestjs/core": "^11.0.0" },
    }),
    "src/main.ts": `import { NestFactory } from "@nestjs/core"; import { AppModule } from "./module"; async function run() { const app = await NestFactory.create(AppModule); app.setGlobalPrefix("api"); await app.listen(3000); } run();`,
    "src/module.ts": `import { Module } from "@nestjs/common"; import * as c from "./c"; @Module({ providers: [c.A] }) export class AppModule {}`,
  };
  it.each<Case>([
    [
      "queries, mutations, subscriptions and fields",
      {
        ...NEST,
        "src/c.ts": `import { Mutation, ObjectType, Query, ResolveField, ResolveReference, Resolver, Subscription } from "@nestjs/graphql"; @ObjectType() class User {} @Resolver(() => User) export class A { @Query("all") a() {} @Query(() => User, { name: "one" }) b() {} @Mutation() pay() {} @Subscription(() => User) added() {} @ResolveField() posts() {} @ResolveField("mails", () => [User]) c() {} @ResolveReference() d() {} } @Resolver() export class B { @Query() gone() {} }`,
      },
      [
        "MUTATION pay",
        "QUERY User.__resolveReference",
        "QUERY User.mails",
        "QUERY User.posts",
        "QUERY all",
        "QUERY one",
        "SUBSCRIPTION added",
      ],
    ],
    [
      "a base class that a function makes",
      {
        ...NEST,
        "src/c.ts": `import { Query, Resolver } from "@nestjs/graphql"; function Base(name: string) { @Resolver({ isAbstract: true }) abstract class Host { @Query(() => Number, { name: \`all\${name}\` }) async [name]() {} @Query(() => Number, { name: camel(name) }) one() {} } return Host; } class User {} @Resolver(() => User) export class A extends Base("Users") {}`,
      },
      ["QUERY *", "QUERY allUsers"],
    ],
    [
      "a class without a decorator of its own",
      { ...NEST, "src/c.ts": `import { Query } from "@nestjs/graphql"; export class A { @Query() a() {} }` },
      ["QUERY a"],
    ],
  ])("of nest: %s", (_, files, routes) => {
    const model = modelFrom(files);
    expect(routesOf(model)).toEqual(routes);
    expect(new Set(model.routes.map(({ via, framework }) => `${via} ${framework}`))).toEqual(
      new Set(["graphql nestjs"]),
    );
  });

  it.each([
    serve(`{ Query: null, Mutation: { a: { resolve: null } }, [load()]: {} }`),
    serve(`self`, `const self = { Query: { a: ${f} } }; Object.assign(self, self);`),
    { "app.ts": `${APOLLO} new ApolloServer(); new ApolloServer({ resolvers: load(), modules: [1, null] });` },
    {
      "app.ts": `import SchemaBuilder from "@pothos/core"; const b = new SchemaBuilder(); b.queryField(); b.queryType({ fields: b }); b.objectType();`,
    },
  ])("survives %j", (files) => {
    expect(Array.isArray(modelFrom(files).routes)).toBe(true);
  });
});

/** What runs before the first route. */
function before(model: Model): string[] {
  return (model.routes[0]?.middleware ?? []).map(({ fn, api }) =>
    fn === null ? (api ?? "?") : (model.fn(fn)?.name ?? "?"),
  );
}

describe("what runs before a graphql field", () => {
  it.each<[name: string, files: Files, before: string[]]>([
    [
      "combined resolvers",
      serve(
        `{ Query: { a: combineResolvers(isUser, isAdmin, ${f}) } }`,
        `import { combineResolvers } from "graphql-resolvers"; const isUser = ${f}; const isAdmin = ${f};`,
      ),
      ["isUser", "isAdmin"],
    ],
    [
      "middleware and checks of a class",
      {
        "app.ts": `import { Authorized, buildSchema, Query, Resolver, UseMiddleware } from "type-graphql"; const isUser = async (data, next) => next(); @Resolver() class A { @Authorized() @UseMiddleware(isUser) @Query() a() {} } buildSchema({ resolvers: [A] });`,
      },
      ["type-graphql:Authorized()", "isUser"],
    ],
    [
      "what the Express app runs before the server",
      {
        "app.ts": `import express from "express"; import { rateLimit } from "express-rate-limit"; import { ApolloServer } from "@apollo/server"; import { expressMiddleware } from "@apollo/server/express4"; const app = express(); const server = new ApolloServer({ resolvers: { Query: { a: ${f} } } }); app.use("/graphql", rateLimit({}), express.json(), expressMiddleware(server)); app.use(late); app.listen(3000);`,
      },
      ["express-rate-limit:rateLimit()", "express:json()"],
    ],
  ])("%s", (_, files, expected) => {
    expect(before(modelFrom(files))).toEqual(expected);
  });

  it("follows a wrapper of the app's own to the resolver", () => {
    const model = modelFrom(
      serve(
        `{ Mutation: { pay: isUser(async (_, args, ctx) => { await charge(args); }) } }`,
        `import { charge } from "stripe"; const isUser = (next) => (parent, args, ctx) => { if (!ctx.user) throw new Error("x"); return next(parent, args, ctx); };`,
      ),
    );
    expect(waysTo(model, "stripe:charge")).toEqual(["MUTATION pay: (callback) > stripe:charge"]);
  });
});

describe("the context of resolvers", () => {
  const DB = `import { create } from "db"; const db = create();`;
  const RESOLVER = `{ Query: { a: (_, args, ctx) => ctx.db.find(args), } }`;
  it.each<[name: string, files: Files]>([
    [
      "with a loader",
      {
        "app.ts": `import { ApolloServer } from "apollo-server"; import DataLoader from "dataloader"; ${DB} new ApolloServer({ resolvers: { Query: { a: (_, args, { users }) => users.load(args.id) } }, context: () => ({ users: new DataLoader(async (ids) => db.find(ids)) }) }).listen();`,
      },
    ],
    [
      "given with the server",
      {
        "app.ts": `import { ApolloServer } from "apollo-server"; ${DB} new ApolloServer({ resolvers: ${RESOLVER}, context: { db } }).listen();`,
      },
    ],
    [
      "made for each request",
      {
        "app.ts": `${APOLLO} ${DB} startStandaloneServer(new ApolloServer({ resolvers: ${RESOLVER} }), { context: async ({ req }) => ({ db, req }) });`,
      },
    ],
    [
      "made by a function elsewhere",
      {
        "app.ts": `${APOLLO} import { makeContext } from "./context"; startStandaloneServer(new ApolloServer({ resolvers: ${RESOLVER} }), { context: makeContext });`,
        "context.ts": `${DB} export async function makeContext() { return { db }; }`,
      },
    ],
    [
      "taken apart",
      {
        "app.ts": `import { createSchema, createYoga } from "graphql-yoga"; ${DB} createYoga({ schema: createSchema({ resolvers: { Query: { a: (_, args, { db }) => db.find() } } }), context: () => ({ db }) });`,
      },
    ],
    [
      "with data sources",
      {
        "app.ts": `import { ApolloServer } from "apollo-server"; import { create } from "db"; new ApolloServer({ resolvers: { Query: { a: (_, args, { dataSources }) => dataSources.db.find() } }, dataSources: () => ({ db: create() }) }).listen();`,
      },
    ],
    [
      "by a decorator",
      {
        "app.ts": `import { buildSchema, Ctx, Query, Resolver } from "type-graphql"; import { ApolloServer } from "apollo-server"; ${DB} @Resolver() class A { @Query() a(@Ctx() { db }: Context) { return db.find(); } } new ApolloServer({ schema: buildSchema({ resolvers: [A] }), context: () => ({ db }) });`,
      },
    ],
  ])("%s", (_, files) => {
    const ways = waysTo(modelFrom(files), "db:create().find").map((way) => way.replace(/: .*/, ""));
    expect(ways).toEqual(["QUERY a"]);
  });
});
