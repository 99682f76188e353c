/** The frameworks whose uploads the recipe can move, by what their routes and their handing out have in common. */
import { deploysOf, isServerless } from "../../../analyzers/deployment/hosting.ts";
import type { Model, Route, Service } from "../../../analyzers/model.ts";

/** Nest's routes are Express's, unless it stands on Fastify. */
export type Family = "express" | "fastify" | "hono" | "koa" | "next";

const byFramework: Readonly<Record<string, Family>> = {
  express: "express",
  nest: "express",
  nestjs: "express",
  fastify: "fastify",
  hono: "hono",
  koa: "koa",
  next: "next",
};

/** The one family of all the service's routes, or the first route that is of none or of another. */
export function familyOf(model: Model, service: Service): Family | { foreign: Route } {
  // Procedures and fields are served by a route of one of the frameworks.
  const routes = model.routes.filter(({ service: name, via }) => name === service.name && !/^(rpc|graphql)$/.test(via));
  const [first] = routes;
  const family = first === undefined ? "express" : byFramework[first.framework];
  const foreign = routes.find(({ framework }) => byFramework[framework] !== family);
  if (family === undefined && first !== undefined) return { foreign: first };
  return foreign === undefined ? (family ?? "express") : { foreign };
}

/** Packages whose types the handler for the family's files is written in; the others bring their own. */
export const typesOf: Readonly<Partial<Record<Family, string>>> = { express: "@types/express", koa: "@types/koa" };

/** Hosts of functions on which a small body can still be handed to the bucket by the app itself. */
const passing = /^(vercel|netlify)$/;

/** Whether the service runs as functions that no file can be written in, but that could send one on. */
export function isOnFunctions(model: Model, service: Service): boolean {
  return isServerless(model, service) && deploysOf(model, service).every(({ target }) => passing.test(target));
}
