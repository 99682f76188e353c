/** How a limit is put before a route: by its framework's own means, or as the first step of its handler. */
import type { Route } from "../../analyzers/model.ts";

export type LimitWay =
  /** A limiter among the arguments of the registration. */
  | "express"
  | "koa"
  | "hono"
  /** Numbers in the route's options, heeded by a plugin. */
  | "fastify"
  /** Decorators at the method, heeded by a guard. */
  | "nestjs"
  /** The first step of the handler. */
  | "next";

const registered: ReadonlySet<string> = new Set<LimitWay>(["express", "koa", "hono", "fastify", "nestjs"]);

/** Null where the recipe has no code for it. */
export function limitWay({ framework, via, registration }: Route): LimitWay | null {
  if (framework === "next") return via === "http" || via === "action" ? "next" : null;
  return via === "http" && registration !== null && isRegistered(framework) ? framework : null;
}

function isRegistered(framework: string): framework is Exclude<LimitWay, "next"> {
  return registered.has(framework);
}
