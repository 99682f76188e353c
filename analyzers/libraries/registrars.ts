/** Package functions that keep a callback and run it later as an entry of its own: jobs, schedules, sockets, listeners. */
import { patternTable } from "../link/pattern.ts";
import type { Entry } from "../model.ts";
import { contextOptionOf, resolverMapsOf } from "./graphql.ts";
import { webCallOf } from "./web.ts";
import { pythonRegistrars, pythonRouting } from "./python/registrars.ts";

export interface Registrar {
  api: string;
  kind: Entry["kind"];
  /** First word of the entry's label. */
  label: string;
  /** Position of the argument that names it (a cron expression, a queue, an event); null when none does. */
  name: number | null;
  /** Counts only where it runs when the process starts: a timer within a request belongs to the request. */
  atStart?: true;
}

const cron = (api: string, name = 0): Registrar => ({ api, kind: "schedule", label: "cron", name });
const job = (api: string, name: number | null = 0): Registrar => ({ api, kind: "worker-job", label: "job", name });
const event = (api: string): Registrar => ({ api, kind: "event", label: "event", name: 0 });
const socket = (api: string): Registrar => ({ api, kind: "socket", label: "socket", name: 0 });
const start = (api: string, label: string): Registrar => ({ api, kind: "process", label, name: null });

/** `api` names the function that is called, or the class that is constructed. */
export const registrars: readonly Registrar[] = [
  cron("node-cron:schedule"),
  cron("node-cron:createTask"),
  cron("cron:CronJob"),
  cron("cron:CronJob.from"),
  cron("croner:Cron"),
  cron("croner:"),
  cron("node-schedule:scheduleJob"),
  cron("node-schedule:Job().schedule"),
  cron("toad-scheduler:AsyncTask"),
  cron("toad-scheduler:Task"),
  { api: "global:setInterval", kind: "schedule", label: "every", name: 1, atStart: true },
  job("bullmq:Worker"),
  job("bull:().process"),
  job("bee-queue:().process"),
  job("pg-boss:().work"),
  job("pg-boss:PgBoss().work"),
  job("agenda:().define"),
  job("agenda:Agenda().define"),
  job("inngest:Inngest().createFunction"),
  job("amqplib:**.consume"),
  job("kafkajs:**.consumer().run", null),
  job("@aws-sdk/client-sqs:**.consume"),
  job("sqs-consumer:Consumer.create", null),
  job("graphile-worker:run", null),
  job("kue:createQueue().process"),
  socket("socket.io:**.on"),
  socket("socket.io:**.once"),
  socket("socket.io:**.use"),
  socket("ws:**.on"),
  socket("express-ws:**.ws"),
  event("node:events:**.on"),
  event("node:events:**.once"),
  event("node:events:**.addListener"),
  event("eventemitter2:**.on"),
  event("eventemitter3:**.on"),
  event("emittery:**.on"),
  event("mitt:().on"),
  event("pubsub-js:subscribe"),
  event("redis:createClient().**.subscribe"),
  ...["discord.js", "telegraf", "grammy", "node-telegram-bot-api", "@slack/bolt", "whatsapp-web.js"].flatMap((bot) =>
    ["on", "once", "command", "hears", "action", "event", "message", "onText"].map((method) =>
      event(`${bot}:**.${method}`),
    ),
  ),
  ...["use", "serializeUser", "deserializeUser"].map((each) => event(`passport:${each}`)),
  ...[
    "passport-local",
    "passport-jwt",
    "passport-google-oauth20",
    "passport-github2",
    "passport-facebook",
    "passport-http-bearer",
  ].map((each) => event(`${each}:Strategy`)),
  event("mongoose:Schema().pre"),
  event("mongoose:Schema().post"),
  ...["registerAppTool", "registerAppResource"].map((method) => ({
    api: `@modelcontextprotocol/*:${method}`,
    kind: "event" as const,
    label: "mcp",
    name: 1,
  })),
  { api: "better-auth:betterAuth", kind: "event", label: "auth", name: null },
  ...["tool", "registerTool", "resource", "registerResource", "prompt", "registerPrompt"].map((method) => ({
    api: `@modelcontextprotocol/*:**.${method}`,
    kind: "event" as const,
    label: "mcp",
    name: 0,
  })),
  { api: "global:process.on", kind: "process", label: "process.on", name: 0 },
  { api: "global:process.once", kind: "process", label: "process.once", name: 0 },
  { api: "node:process:on", kind: "process", label: "process.on", name: 0 },
  start("express:().listen", "listen"),
  start("fastify:**.listen", "listen"),
  start("koa:().listen", "listen"),
  start("@hono/node-server:serve", "listen"),
  start("node:http:createServer().listen", "listen"),
  start("node:https:createServer().listen", "listen"),
  ...pythonRegistrars,
];

/** Calls that make the listeners of an event run. */
const emits = [
  "node:events:**.emit",
  "eventemitter2:**.emit",
  "eventemitter2:**.emitAsync",
  "eventemitter3:**.emit",
  "emittery:**.emit",
  "mitt:().emit",
  "pubsub-js:publish",
  "pubsub-js:publishSync",
];

/** Objects on which routes and middleware are registered: `app.get(...)` runs nothing yet. */
const routing = [
  "express:().*",
  "express:().route().**",
  "express:Router().*",
  "express:Router().route().**",
  "express-promise-router:().**",
  ...pythonRouting,
  ...["eventHandler", "defineEventHandler", "defineHandler", "lazyEventHandler", "defineLazyEventHandler"].map(
    (each) => `h3:${each}`,
  ),
  ...["defineCachedEventHandler", "cachedEventHandler", "defineCachedHandler", "defineNitroPlugin", "defineTask"].map(
    (each) => `nitropack/runtime:${each}`,
  ),
  "global:Bun.serve",
  "astro:actions:defineAction",
  "astro:middleware:defineMiddleware",
  "@sveltejs/kit/hooks:sequence",
  "$app/server:query",
  "$app/server:query.*",
  "$app/server:form",
  "$app/server:command",
  ...["query", "mutation", "subscription", "use", "middleware"].map((step) => `@trpc/server:**.${step}`),
  ...["action", "stateAction", "use"].map((step) => `next-safe-action:**.${step}`),
  "zsa:**.handler",
  "@tanstack/*:createServerFn().**",
];

/** Schema makers: what they are given runs for requests, not while the schema is made. */
const schemas = [
  "graphql:GraphQLObjectType",
  "graphql:GraphQLInterfaceType",
  "@pothos/core:().*",
  "nexus:*",
  "type-graphql:*",
  "graphql-subscriptions:withFilter",
];

const findRegistrar = patternTable(registrars);
const findEmit = patternTable(emits.map((api) => ({ api })));
const findRouting = patternTable([...routing, ...schemas].map((api) => ({ api })));

/** How a call of this api registers an entry; null when it does not. */
export function registrarOf(api: string): Registrar | null {
  return findRegistrar(api);
}

/** True when the functions handed to this api run as entries, not as part of the call. */
export function registersEntry(api: string): boolean {
  const registrar = findRegistrar(api);
  if (registrar !== null) return registrar.atStart !== true;
  return (
    findRouting(api) !== null ||
    webCallOf(api).keepsFunctions ||
    resolverMapsOf(api) !== null ||
    contextOptionOf(api) !== null
  );
}

/** True when calling this api runs the listeners of an event. */
export function isEmit(api: string): boolean {
  return findEmit(api) !== null;
}
