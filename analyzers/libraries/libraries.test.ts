import { describe, expect, it } from "vitest";
import { clientFacts, clientOf, libraryFacts, libraryOf } from "./index.ts";
import { isEmit, registersEntry, registrarOf } from "./registrars.ts";

describe("libraryOf", () => {
  it.each([
    ["nodemailer:createTransport().sendMail", "mail"],
    ["resend:Resend().emails.send", "mail"],
    ["@aws-sdk/client-ses:SESClient().send", "mail"],
    ["@aws-sdk/client-s3:S3Client().send", "storage"],
    ["@google-cloud/storage:Storage().bucket().file().createWriteStream", "storage"],
    ["openai:().chat.completions.create", "model"],
    ["openai:OpenAI().responses.create", "model"],
    ["@anthropic-ai/sdk:().messages.create", "model"],
    ["ai:streamText", "model"],
    ["@langchain/openai:ChatOpenAI().invoke", "model"],
    ["langchain:createAgent().stream", "model"],
    ["@google/generative-ai:GoogleGenerativeAI().getGenerativeModel().generateContent", "model"],
    ["@google/generative-ai:GoogleGenerativeAI().getGenerativeModel().startChat().sendMessageStream", "model"],
    ["@google/genai:GoogleGenAI().chats.create().sendMessageStream", "model"],
    ["@google-cloud/vertexai:VertexAI().getGenerativeModel().startChat().sendMessage", "model"],
    ["openai:().withOptions().chat.completions.create", "model"],
    ["stripe:().checkout.sessions.create", "payment"],
    ["stripe:Stripe().paymentIntents.create", "payment"],
    ["global:fetch", "http"],
    ["axios:", "http"],
    ["axios:create().post", "http"],
    ["graphql-request:GraphQLClient().request", "http"],
    ["node:https:request", "http"],
    ["pg:Pool().query", "database-read"],
    ["pg:Pool().connect().query", "database-read"],
    ["@prisma/client:PrismaClient().user.findMany", "database-read"],
    ["@prisma/client:PrismaClient().$extends().user.update", "database-write"],
    ["mongoose:model().findById", "database-read"],
    ["mongoose:model().findOne().save", "database-write"],
    ["mongoose:model()().save", "database-write"],
    ["drizzle-orm/node-postgres:drizzle().select", "database-read"],
    ["drizzle-orm/neon-http:drizzle().query.users.findFirst", "database-read"],
    ["drizzle-orm/postgres-js:drizzle().insert", "database-write"],
    ["knex:().where().update", "database-write"],
    ["sequelize:Model.findAll", "database-read"],
    ["typeorm:DataSource().getRepository().save", "database-write"],
    ["@supabase/supabase-js:createClient().from().insert", "database-write"],
    ["@supabase/supabase-js:createClient().storage.from().upload", "storage"],
    ["mongodb:MongoClient().db().collection().insertOne", "database-write"],
    ["ioredis:().get", "cache"],
    ["redis:createClient().set", "cache"],
    ["bullmq:Queue().add", "queue"],
    ["pg-boss:().send", "queue"],
    ["node:fs:writeFileSync", "file-write"],
    ["node:fs/promises:writeFile", "file-write"],
    ["express-rate-limit:", "rate-limit"],
    ["fastify:().rateLimit", "rate-limit"],
    ["koa-ratelimit:", "rate-limit"],
    ["hono-rate-limiter:rateLimiter", "rate-limit"],
    ["koa-session:", "session"],
    ["fastify:FastifyRequest().log.error", "log"],
    ["fastify:FastifyRequest().saveRequestFiles", "storage"],
    ["express-rate-limit:rateLimit", "rate-limit"],
    ["express-session:", "session"],
    ["global:console.error", "log"],
    ["pino:().info", "log"],
    ["@sentry/node:captureException", "error-tracking"],
    ["sharp:().resize().toBuffer", "image"],
    ["puppeteer:launch", "pdf"],
    ["pdfkit:", "pdf"],
    ["bcryptjs:hashSync", "cpu"],
    ["node:crypto:pbkdf2Sync", "cpu"],
    ["web-push:sendNotification", "push"],
    ["firebase-admin/messaging:getMessaging().send", "push"],
    ["node-cron:schedule", "schedule"],
  ])("%s is %s", (api, kind) => {
    expect(libraryOf(api)?.kind).toBe(kind);
  });

  it.each([
    "nodemailer:createTransport",
    "nodemailer:createTransport().verify",
    "stripe:().webhooks.constructEvent",
    "openai:",
    "node:crypto:randomBytes",
    "node:fs:readFileSync",
    "bcrypt:hash",
    "drizzle-orm/node-postgres:drizzle().select().from",
    "express:Router().get",
    "left-pad:",
    "global:setTimeout",
  ])("%s is nothing", (api) => {
    expect(libraryOf(api)).toBeNull();
  });

  it("has no row twice", () => {
    const apis = libraryFacts.map((fact) => fact.api);
    expect(apis.filter((api, index) => apis.indexOf(api) !== index)).toEqual([]);
  });
});

describe("clientOf", () => {
  it.each([
    ["openai:().chat.completions.create", "openai:()", 600_000],
    ["nodemailer:createTransport().sendMail", "nodemailer:createTransport()", 600_000],
    ["axios:get", "axios:", null],
    ["axios:create().get", "axios:create()", null],
    ["stripe:().checkout.sessions.create", "stripe:()", 80_000],
    ["global:fetch", "global:fetch", 300_000],
    ["ai:generateText", "ai:generateText", 300_000],
  ])("of %s is %s", (api, construct, timeout) => {
    expect(clientOf(api)).toMatchObject({ construct, defaultTimeoutMs: timeout });
  });

  it.each(["openai-edge:().x", "global:fetchAll", "left-pad:"])("of %s is unknown", (api) => {
    expect(clientOf(api)).toBeNull();
  });

  it("says where each number comes from", () => {
    expect(clientFacts.filter(({ source }) => source.length < 10)).toEqual([]);
  });
});

describe("registrars", () => {
  it.each([
    ["express:().get", true],
    ["express:Router().use", true],
    ["express:().route().get().post", true],
    ["node-cron:schedule", true],
    ["bullmq:Worker", true],
    ["socket.io:Server().on().on", true],
    ["global:setInterval", false],
    ["express:json", false],
    ["mongoose:connect", false],
  ])("%s keeps its callback: %s", (api, expected) => {
    expect(registersEntry(api)).toBe(expected);
  });

  it("names kinds and events", () => {
    expect(registrarOf("node:events:EventEmitter().on")?.kind).toBe("event");
    expect(registrarOf("left-pad:")).toBeNull();
    expect(isEmit("node:events:().emit")).toBe(true);
    expect(isEmit("node:events:().on")).toBe(false);
  });
});
