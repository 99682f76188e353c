/** The app objects of frameworks other than Express that a service answers requests with. */
import type { CallSite, Model, Service } from "./model.ts";
import { serverFiles } from "./server-files.ts";

export interface ServerApp {
  framework: "fastify" | "koa" | "hono";
  /** The call that makes it. */
  creation: CallSite;
}

const makers: readonly { framework: ServerApp["framework"]; apis: readonly string[] }[] = [
  { framework: "fastify", apis: ["fastify:", "fastify:fastify", "fastify:default"] },
  { framework: "koa", apis: ["koa:"] },
  { framework: "hono", apis: ["hono:Hono", "hono/tiny:Hono", "hono/quick:Hono", "@hono/zod-openapi:OpenAPIHono"] },
];

/** The app that most is registered on, of the framework that the service's routes are read from; null when none is found. */
export function serverApp(model: Model, service: Service): ServerApp | null {
  const frameworks = new Set(
    model.routes.filter((route) => route.service === service.name).map(({ framework }) => framework),
  );
  const files = new Set(serverFiles(model, service));
  const apps = makers
    .filter(({ framework }) => frameworks.has(framework))
    .flatMap(({ framework, apis }) =>
      apis
        .flatMap((api) => model.usesOf(api))
        .filter(({ call }) => files.has(call.file))
        .map(({ call }) => ({ framework, creation: call, weight: weightOf(model, call) })),
    );
  const [first] = apps.toSorted((a, b) => b.weight - a.weight);
  return first === undefined ? null : { framework: first.framework, creation: first.creation };
}

/** An app that mounts others or listens comes before one that is mounted. */
function weightOf(model: Model, creation: CallSite): number {
  const calls = model.usesOn(creation);
  const isOuter = calls.some(({ api }) => /\.(listen|route|register)$/.test(api));
  return (isOuter ? 1000 : 0) + calls.length;
}
