/** The calls that make a server or let it listen: the one table for whoever asks whether and where something serves. */

interface ServerCall {
  api: string;
  /** `makes`: the server or app object comes into being. `listens`: from here on requests are taken. */
  does: "makes" | "listens";
  /** What listens is Node's own HTTP server, which all of them close alike. */
  isNodeServer?: true;
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
  { api: "@hono/node-server:serve", does: "listens" },
  { api: "restify:createServer", does: "makes" },
  { api: "polka:", does: "makes" },
  { api: "express:**.listen", does: "listens", isNodeServer: true },
  { api: "node:http:createServer().**.listen", does: "listens", isNodeServer: true },
  { api: "node:http:Server().**.listen", does: "listens", isNodeServer: true },
  { api: "node:https:createServer().**.listen", does: "listens", isNodeServer: true },
  { api: "node:https:Server().**.listen", does: "listens", isNodeServer: true },
  { api: "fastify:().listen", does: "listens" },
  { api: "fastify:fastify().listen", does: "listens" },
  { api: "koa:().listen", does: "listens" },
  { api: "@nestjs/core:NestFactory.create().listen", does: "listens" },
  { api: "polka:().listen", does: "listens" },
  { api: "restify:createServer().listen", does: "listens" },
];

/** Every call of the table, for whether something serves at all. */
export const serverApis: readonly string[] = serverCalls.map(({ api }) => api);

/** Calls that begin to take requests. */
export const listenApis: readonly string[] = serverCalls.filter(({ does }) => does === "listens").map(({ api }) => api);

/** Express apps and plain Node servers, which are the same thing underneath. */
export const nodeListenApis: readonly string[] = serverCalls
  .filter(({ isNodeServer }) => isNodeServer === true)
  .map(({ api }) => api);
