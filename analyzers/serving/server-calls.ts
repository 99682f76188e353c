/** The calls that make a server or let it listen: the one table for whoever asks whether and where something serves. */

interface ServerCall {
  api: string;
  /** `makes`: the server or app object comes into being. `listens`: from here on requests are taken. */
  does: "makes" | "listens";
  /** What listens is Node's own HTTP server, which all of them close alike. */
  isNodeServer?: true;
  /** What listens is closed in this framework's own way. Workers stop by rules of their own. */
  framework?: string;
}

/** The frameworks' own constructors come first, as the better places to point at. */
const serverCalls: readonly ServerCall[] = [
  { api: "express:", does: "makes" },
  { api: "node:http:createServer", does: "makes" },
  { api: "node:http:Server", does: "makes" },
  { api: "node:https:createServer", does: "makes" },
  { api: "node:https:Server", does: "makes" },
  { api: "fastify:", does: "makes" },
  { api: "fastify:fastify", does: "makes" },
  { api: "koa:", does: "makes" },
  { api: "@hapi/hapi:server", does: "makes" },
  { api: "@nestjs/core:NestFactory.create", does: "makes" },
  { api: "@apollo/server/standalone:startStandaloneServer", does: "makes" },
  { api: "apollo-server:ApolloServer", does: "makes" },
  { api: "graphql-yoga:createYoga", does: "makes" },
  { api: "graphql-yoga:GraphQLServer", does: "makes" },
  { api: "hono:Hono", does: "makes" },
  { api: "@hono/zod-openapi:OpenAPIHono", does: "makes" },
  { api: "elysia:Elysia", does: "makes" },
  { api: "restify:createServer", does: "makes" },
  { api: "polka:", does: "makes" },
  { api: "pypi:fastapi:FastAPI", does: "makes" },
  { api: "pypi:flask:Flask", does: "makes" },
  { api: "pypi:quart:Quart", does: "makes" },
  { api: "pypi:aiohttp:web.Application", does: "makes" },
  { api: "pypi:tornado:web.Application", does: "makes" },
  { api: "pypi:sanic:Sanic", does: "makes" },
  { api: "pypi:starlette:applications.Starlette", does: "makes" },
  { api: "pypi:django:core.wsgi.get_wsgi_application", does: "makes" },
  { api: "pypi:django:core.asgi.get_asgi_application", does: "makes" },
  { api: "express:**.listen", does: "listens", isNodeServer: true },
  { api: "node:http:createServer().**.listen", does: "listens", isNodeServer: true },
  { api: "node:http:Server().**.listen", does: "listens", isNodeServer: true },
  { api: "node:https:createServer().**.listen", does: "listens", isNodeServer: true },
  { api: "node:https:Server().**.listen", does: "listens", isNodeServer: true },
  { api: "fastify:**.listen", does: "listens", framework: "Fastify" },
  { api: "koa:**.listen", does: "listens", framework: "Koa" },
  { api: "@hono/node-server:serve", does: "listens", framework: "Hono" },
  { api: "@nestjs/core:NestFactory.create().listen", does: "listens", framework: "NestJS" },
  { api: "apollo-server:ApolloServer().listen", does: "listens" },
  { api: "graphql-yoga:GraphQLServer().start", does: "listens" },
  { api: "global:Bun.serve", does: "listens", framework: "Bun" },
  { api: "global:Deno.serve", does: "listens" },
  { api: "elysia:Elysia().listen", does: "listens", framework: "Elysia" },
  { api: "polka:().listen", does: "listens" },
  { api: "restify:createServer().listen", does: "listens" },
];

/** Every call of the table, for whether something serves at all. */
export const serverApis: readonly string[] = serverCalls.map(({ api }) => api);

/** Calls that begin to take requests. */
export const listenApis: readonly string[] = serverCalls.filter(({ does }) => does === "listens").map(({ api }) => api);

/** Calls that begin to take requests on a server of which it is known how it is closed. */
export const closableCalls: readonly ServerCall[] = serverCalls.filter(
  ({ isNodeServer, framework }) => isNodeServer === true || framework !== undefined,
);

/** Express apps and plain Node servers, which are the same thing underneath. */
export const nodeListenApis: readonly string[] = serverCalls
  .filter(({ isNodeServer }) => isNodeServer === true)
  .map(({ api }) => api);
