/** Procedures of small tRPC apps, one way of writing routers at a time. */
import { describe, expect, it } from "vitest";
import { modelFrom, routesOf, waysTo } from "../link/testing/model-from.ts";
import type { Model } from "../model.ts";

type Case = [name: string, files: Record<string, string>, routes: string[]];

const manifest = JSON.stringify({
  name: "api",
  scripts: { start: "node app.ts" },
  dependencies: { "@trpc/server": "11" },
});
const TRPC =
  'import { initTRPC, TRPCError } from "@trpc/server"; import { ZodError } from "zod"; const t = initTRPC.context().create({ transformer: {} }); export const createTRPCRouter = t.router; export const mergeRouters = t.mergeRouters; export const publicProcedure = t.procedure; const isAuthed = t.middleware(async function loggedIn({ ctx, next }) { if (!ctx.session) throw new TRPCError({ code: "UNAUTHORIZED" }); return next({ ctx: { user: ctx.session.user } }); }); export const protectedProcedure = t.procedure.use(isAuthed);';
const SERVE =
  'import { createHTTPServer } from "@trpc/server/adapters/standalone"; import { appRouter } from "./root"; createHTTPServer({ router: appRouter, createContext: () => ({}) }).listen(3000);';
const POSTS =
  'import { createTRPCRouter, publicProcedure, protectedProcedure } from "./trpc"; export const postRouter = createTRPCRouter({ all: publicProcedure.query(() => []), create: protectedProcedure.input({}).mutation(async function create({ ctx, input }) {}) });';

function trpcApp(files: Record<string, string>): Model {
  return modelFrom({ "package.json": manifest, "app.ts": SERVE, "trpc.ts": TRPC, "posts.ts": POSTS, ...files });
}

describe("tRPC procedures", () => {
  it.each<Case>([
    [
      "nested routers",
      {
        "root.ts":
          'import { createTRPCRouter, publicProcedure } from "./trpc"; import { postRouter } from "./posts"; export const appRouter = createTRPCRouter({ post: postRouter, health: publicProcedure.query(() => 1), admin: createTRPCRouter({ stats: publicProcedure.subscription(() => 1) }), plain: { ping: publicProcedure.query(() => 1) } });',
      },
      ["MUTATION post.create", "QUERY health", "QUERY plain.ping", "QUERY post.all", "SUBSCRIPTION admin.stats"],
    ],
    [
      "merged and spread routers",
      {
        "root.ts":
          'import { createTRPCRouter, mergeRouters, publicProcedure } from "./trpc"; import { postRouter } from "./posts"; const more = { ping: publicProcedure.query(() => 1) }; export const appRouter = mergeRouters(postRouter, createTRPCRouter({ ...more }));',
      },
      ["MUTATION create", "QUERY all", "QUERY ping"],
    ],
    [
      "lazy routers",
      {
        "root.ts":
          'import { lazy } from "@trpc/server"; import { createTRPCRouter } from "./trpc"; export const appRouter = createTRPCRouter({ a: lazy(() => import("./posts")), b: lazy(() => import("./posts").then((m) => m.postRouter)) });',
      },
      ["MUTATION a.create", "MUTATION b.create", "QUERY a.all", "QUERY b.all"],
    ],
    [
      "version 9",
      {
        "root.ts":
          'import * as trpc from "@trpc/server"; const users = trpc.router().query("byId", { input: {}, async resolve({ input }) {} }); export const appRouter = trpc.router().query("health", { resolve: () => 1 }).middleware(async ({ next }) => next()).mutation("save", { async resolve() {} }).merge("user.", users);',
      },
      ["MUTATION save", "QUERY health", "QUERY user.byId"],
    ],
    [
      "routers that nothing serves are no routes where another is served",
      {
        "root.ts":
          'import { createTRPCRouter, publicProcedure } from "./trpc"; export const appRouter = createTRPCRouter({ a: publicProcedure.query(() => 1) }); export const other = createTRPCRouter({ b: publicProcedure.query(() => 1) });',
      },
      ["QUERY a"],
    ],
    [
      "a router that holds itself",
      {
        "root.ts":
          'import { createTRPCRouter, publicProcedure } from "./trpc"; export const appRouter = createTRPCRouter({ a: publicProcedure.query(() => 1), get self() { return appRouter; }, again: appRouter });',
      },
      ["QUERY a"],
    ],
    ["what leads nowhere", { "root.ts": 'import { appRouter } from "./gone"; export { appRouter };' }, []],
  ])("%s", (_, files, routes) => {
    expect(routesOf(trpcApp(files))).toEqual(routes);
  });

  it("have the middleware of their builder, and a place", () => {
    const model = trpcApp({
      "root.ts":
        'import { createTRPCRouter } from "./trpc"; import { postRouter } from "./posts"; export const appRouter = createTRPCRouter({ post: postRouter });',
    });
    const create = model.routes.find(({ path }) => path === "post.create");
    expect(create).toMatchObject({ file: "posts.ts", line: 1, via: "rpc", framework: "trpc", service: "api" });
    expect(create?.middleware.map(({ fn }) => model.fn(fn ?? "")?.name)).toEqual(["loggedIn"]);
    expect(create?.handlers.map(({ fn }) => model.fn(fn ?? "")?.name)).toEqual(["create"]);
  });

  it("are handed the context that is created for them, and what middleware adds", () => {
    const model = trpcApp({
      "context.ts":
        'import Stripe from "stripe"; const stripe = new Stripe("k"); export const createTRPCContext = async (opts) => ({ ...createInnerContext({}), headers: opts.headers }); function createInnerContext() { return { stripe }; }',
      "trpc.ts": `${TRPC} import { Resend } from "resend"; const mail = new Resend("k"); export const mailProcedure = t.procedure.use(async (opts) => opts.next({ ctx: { ...opts.ctx, mail } }));`,
      "root.ts":
        'import { createTRPCRouter, mailProcedure, publicProcedure } from "./trpc"; export const appRouter = createTRPCRouter({ pay: publicProcedure.mutation(async function pay({ ctx }) { await ctx.stripe.charges.create({}); }), tell: mailProcedure.mutation(async function tell(opts) { await opts.ctx.mail.emails.send({}); }) });',
    });
    expect(waysTo(model, "stripe:().charges.create")).toEqual(["MUTATION pay: pay > stripe:().charges.create"]);
    expect(waysTo(model, "resend:Resend().emails.send")).toEqual(["MUTATION tell: tell > resend:Resend().emails.send"]);
  });
});
