/** How the two health addresses come into an app, framework by framework. */
import type { Model, Service } from "../../analyzers/model.ts";
import { type ServerApp, serverApp } from "../../analyzers/serving/server-apps.ts";
import { expressApps } from "../../analyzers/serving/express-apps.ts";
import type { CallSite } from "../../analyzers/model.ts";
import type { Source } from "../../patches/editors/source.ts";
import { afterCreation } from "../../patches/editors/after-creation.ts";
import type { Edit } from "../../patches/edit.ts";
import { insertInChain } from "../../patches/editors/chains.ts";

/** A module of routes, and how an app takes them in before everything else. */
export interface HealthWay {
  template: string;
  /** `name` is the module's export in the app's file; null where the app has no name that a statement could use. */
  mount(source: Source, creation: CallSite, name: string): Edit | null;
}

function used(template: string, chain: RegExp, use: (app: string, name: string) => string): HealthWay {
  return {
    template,
    mount: (source, creation, name) => afterCreation(source, creation.span, chain, (app) => use(app, name)),
  };
}

const ways: Readonly<Record<string, HealthWay>> = {
  express: used("health.ts", /^(use|set|enable|disable)$/, (app, name) => `${app}.use(${name});`),
  fastify: used("health-fastify.ts", /^withTypeProvider$/, (app, name) => `${app}.register(${name});`),
  koa: used("health-koa.ts", /^use$/, (app, name) => `${app}.use(${name}.routes());`),
  hono: used("health-hono.ts", /^(basePath|use|onError|notFound)$/, (app, name) => `${app}.route("/", ${name});`),
  elysia: {
    template: "health-elysia.ts",
    mount: (source, creation, name) => insertInChain(source, creation.span, `.use(${name})`),
  },
};

/** The app that a service serves with, and the framework that it is made by. */
export function servingApp(model: Model, service: Service): ServerApp | null {
  const [express] = expressApps(model, service);
  return express === undefined ? serverApp(model, service) : { framework: "express", creation: express.creation };
}

/** Whether the recipe can mount something there; what a Nest app takes is a controller. */
export function isMountable(framework: string): boolean {
  return framework === "nestjs" || framework in ways;
}

export function healthWay(framework: string): HealthWay | null {
  return Object.hasOwn(ways, framework) ? (ways[framework] ?? null) : null;
}
