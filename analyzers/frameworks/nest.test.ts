import { describe, expect, it } from "vitest";
import { modelFrom, routesOf, waysTo } from "../link/testing/model-from.ts";
import type { Model } from "../model.ts";

type Files = Record<string, string>;
type Case = [name: string, files: Files, routes: string[]];

const COMMON = `import { All, Body, Controller, Delete, Get, Header, Inject, Injectable, Module, Post, Put, Sse, UseGuards, Version, VERSION_NEUTRAL } from "@nestjs/common";`;
const CORE = `import { NestFactory } from "@nestjs/core"; import { AppModule } from "./app.module";`;
const main = (more = "") =>
  `${CORE} async function start() { const app = await NestFactory.create(AppModule); ${more} await app.listen(3000); } start();`;
const moduleOf = (controllers: string, more = "") =>
  `${COMMON} import * as c from "./c"; ${more} @Module({ controllers: [${controllers}] }) export class AppModule {}`;
const manifest = JSON.stringify({
  name: "app",
  scripts: { "start:prod": "node src/main.ts" },
  dependencies: { "@nestjs/core": "^11.0.0", "@nestjs/common": "^11.0.0" },
});

/** An app with one controller file; `set` stands before it listens. */
function app(
  controllers: string,
  { set = "", list = "c.A", more = "", files = {} }: { set?: string; list?: string; more?: string; files?: Files } = {},
): Files {
  return {
    "package.json": manifest,
    "src/main.ts": main(set),
    "src/app.module.ts": moduleOf(list, more),
    "src/c.ts": `${COMMON} ${controllers}`,
    ...files,
  };
}

describe("nest routes", () => {
  it.each<Case>([
    [
      "every verb",
      app(
        `@Controller("a") export class A { @Get() a() {} @Post("x") b() {} @Put(":id") c() {} @Delete("/:id/") d() {} @All("all") e() {} @Sse("live") f() {} g() {} }`,
      ),
      ["ALL /a/all", "DELETE /a/:id", "GET /a", "GET /a/live", "POST /a/x", "PUT /a/:id"],
    ],
    ["no path at all", app(`@Controller() export class A { @Get() a() {} }`), ["GET /"]],
    [
      "an options object",
      app(`@Controller({ path: "a", host: ":x.test" }) export class A { @Get("b") a() {} }`),
      ["GET /a/b"],
    ],
    [
      "lists of paths",
      app(`@Controller(["a", "b"]) export class A { @Get(["x", "y"]) a() {} }`),
      ["GET /a/x", "GET /a/y", "GET /b/x", "GET /b/y"],
    ],
    [
      "constants, enums and statics",
      app(
        `const P = { users: "users" } as const; enum E { Me = "me" } @Controller(P.users) export class A { static readonly one = ":id"; @Get(E.Me) a() {} @Get(A.one) b() {} @Get(\`\${E.Me}/x\`) c() {} }`,
      ),
      ["GET /users/:id", "GET /users/me", "GET /users/me/x"],
    ],
    [
      "paths that are not known",
      app(`@Controller(load()) export class A { @Get(load()) a() {} @Post("x" + load()) b() {} }`),
      ["GET /*/*", "POST /*/x*"],
    ],
    [
      "decorators of the app's own",
      app(
        `import { applyDecorators } from "@nestjs/common"; const Read = (path: string) => applyDecorators(Get(path), Header("a", "b")); function Api(path) { return applyDecorators(Controller("api/" + path)); } @Api("a") export class A { @Read("x") a() {} }`,
      ),
      ["GET /api/a/x"],
    ],
    [
      "methods of a base class, one of them hidden",
      app(
        `class Base { @Get() list() {} @Get(":id") one() {} @Delete(":id") gone() {} } @Controller("a") export class A extends Base { @Get("all/:id") one() {} gone() {} }`,
      ),
      ["GET /a", "GET /a/all/:id"],
    ],
    [
      "a base class that a function makes",
      app(
        `function Crud(name: string) { class Base { @Get(name) list() {} } return Base; } @Controller("a") export class A extends Crud("cats") {} @Controller("b") export class B extends Crud("dogs") {}`,
        { list: "c.A, c.B" },
      ),
      ["GET /a/cats", "GET /b/dogs"],
    ],
    [
      "imports from inside the package",
      app("", {
        files: {
          "src/c.ts": `import { Controller, Get } from "@nestjs/common/decorators"; @Controller("a") export class A { @Get() a() {} }`,
        },
      }),
      ["GET /a"],
    ],
    [
      "a controller that no module names",
      app(`@Controller("a") export class A { @Get() a() {} } @Controller("b") export class B { @Get() b() {} }`),
      ["GET /a"],
    ],
  ])("of %s", (_, files, routes) => {
    expect(routesOf(modelFrom(files))).toEqual(routes);
  });

  const ONE = `@Controller("a") export class A { @Get() a() {} @Get("health") b() {} }`;
  const VERSIONED = `@Controller({ path: "a", version: "2" }) export class A { @Get() a() {} @Version("3") @Get("b") b() {} @Version(VERSION_NEUTRAL) @Get("c") c() {} } @Controller("b") export class B { @Get() b() {} }`;
  it.each<Case>([
    ["a prefix", app(ONE, { set: `app.setGlobalPrefix("/api/");` }), ["GET /api/a", "GET /api/a/health"]],
    [
      "a prefix with exceptions",
      app(ONE, {
        set: `app.setGlobalPrefix("api", { exclude: ["x", { path: "a/health", method: RequestMethod.GET }] });`,
      }),
      ["GET /a/health", "GET /api/a"],
    ],
    [
      "exceptions by pattern, and ones that are not known",
      app(ONE, { set: `app.setGlobalPrefix("api", { exclude: ["a/heal(.*)", \`\${load()}/x\`, "a/*rest"] });` }),
      ["GET /a", "GET /a/health"],
    ],
    ["a prefix that is not known", app(ONE, { set: `app.setGlobalPrefix(load());` }), ["GET /*/a", "GET /*/a/health"]],
    [
      "a prefix set in another function",
      app(ONE, {
        set: `configure(app);`,
        files: {
          "src/main.ts": main("configure(app);").replace("async", `import { configure } from "./set"; async`),
          "src/set.ts": `export function configure(app) { app.setGlobalPrefix("v9"); }`,
        },
      }),
      ["GET /v9/a", "GET /v9/a/health"],
    ],
    [
      "a prefix read from the configuration",
      app(ONE, {
        set: `const config = app.get(ConfigService); app.setGlobalPrefix(config.getOrThrow("app.prefix", { infer: true }));`,
        files: {
          "src/main.ts": main(
            `const config = app.get(ConfigService); app.setGlobalPrefix(config.getOrThrow("app.prefix"));`,
          ).replace("async", `import { ConfigService } from "@nestjs/config"; async`),
          "src/config.ts": `import { registerAs } from "@nestjs/config"; export default registerAs("app", () => ({ prefix: process.env.PREFIX || "api" }));`,
        },
      }),
      ["GET /api/a", "GET /api/a/health"],
    ],
    [
      "versions in the path",
      app(VERSIONED, {
        list: "c.A, c.B",
        set: `app.enableVersioning({ type: VersioningType.URI, defaultVersion: "1" });`,
      }),
      ["GET /a/c", "GET /v1/b", "GET /v2/a", "GET /v3/a/b"],
    ],
    [
      "versions in the path with a prefix of their own, behind that of the app",
      app(VERSIONED, {
        list: "c.A, c.B",
        set: `app.setGlobalPrefix("api"); app.enableVersioning({ prefix: "version-", defaultVersion: ["1", "9"] });`,
      }),
      [
        "GET /api/a/c",
        "GET /api/version-1/b",
        "GET /api/version-2/a",
        "GET /api/version-3/a/b",
        "GET /api/version-9/b",
      ],
    ],
    [
      "versions in a header",
      app(VERSIONED, {
        list: "c.A, c.B",
        files: {
          "src/main.ts": main(`app.enableVersioning({ type: VersioningType.HEADER, header: "V" });`).replace(
            "async",
            `import { VersioningType } from "@nestjs/common"; async`,
          ),
        },
      }),
      ["GET /a", "GET /a/b", "GET /a/c", "GET /b"],
    ],
    [
      "versions without being asked for",
      app(VERSIONED, { list: "c.A, c.B" }),
      ["GET /a", "GET /a/b", "GET /a/c", "GET /b"],
    ],
  ])("under %s", (_, files, routes) => {
    expect(routesOf(modelFrom(files))).toEqual(routes);
  });

  const HOLDER = `import { Module, forwardRef } from "@nestjs/common"; import { RouterModule } from "@nestjs/core"; import * as c from "./c";`;
  const TWO = `@Controller("a") export class A { @Get() a() {} } @Controller("b") export class B { @Get() b() {} }`;
  const holder = (text: string) => app(TWO, { files: { "src/app.module.ts": `${HOLDER} ${text}` } });
  it.each<Case>([
    [
      "imported modules, forward references and circles",
      holder(
        `@Module({ controllers: [c.A], imports: [forwardRef(() => AppModule)] }) class X {} @Module({ imports: [X], controllers: [c.B] }) export class AppModule {}`,
      ),
      ["GET /a", "GET /b"],
    ],
    [
      "dynamic modules",
      holder(
        `@Module({}) class X { static async forRoot(options) { return { module: X, controllers: [c.A], imports: [Y] }; } } @Module({ controllers: [c.B] }) class Y {} @Module({ imports: [X.forRoot({})] }) export class AppModule {}`,
      ),
      ["GET /a", "GET /b"],
    ],
    [
      "spread and conditional lists",
      holder(
        `const some = [c.A]; const more = process.env.X ? [c.B] : []; @Module({ controllers: [...some, ...more] }) export class AppModule {}`,
      ),
      ["GET /a", "GET /b"],
    ],
    [
      "all that a file exports",
      holder(`@Module({ controllers: Object.values(c) }) export class AppModule {}`),
      ["GET /a", "GET /b"],
    ],
    [
      "modules that are pushed onto the list",
      holder(
        `@Module({ controllers: [c.A] }) class X {} @Module({ controllers: [c.B] }) class Y {} const list = [X]; if (process.env.Y) list.push(...[Y]); @Module({ imports: list }) export class AppModule {}`,
      ),
      ["GET /a", "GET /b"],
    ],
    [
      "a tree of prefixes",
      holder(
        `@Module({ controllers: [c.A] }) class X {} @Module({ controllers: [c.B] }) class Y {} @Module({ imports: [X, Y, RouterModule.register([{ path: "admin", module: X, children: [{ path: "deep", module: Y }] }])] }) export class AppModule {}`,
      ),
      ["GET /admin/a", "GET /admin/deep/b"],
    ],
    [
      "modules of which one cannot be found",
      {
        ...holder(
          `import { Gone } from "./gone"; @Module({ controllers: [c.A], imports: [Gone] }) export class AppModule {}`,
        ),
        "src/main.ts": main().replace("async", `import "./lost"; async`),
        "src/lost.ts": `import { Module } from "@nestjs/common"; import * as c from "./c"; @Module({ controllers: [c.B] }) export class Lost {}`,
      },
      ["GET /a", "GET /b"],
    ],
  ])("of %s", (_, files, routes) => {
    expect(routesOf(modelFrom(files))).toEqual(routes);
  });

  it("counts an app once that two files start, with what the started one sets", () => {
    const files = app(`@Controller("a") export class A { @Get() a() {} }`, {
      set: `app.setGlobalPrefix("v1"); app.use(() => {});`,
      files: { "src/a-server.ts": main(`app.setGlobalPrefix("v1");`) },
    });
    const { routes } = modelFrom(files);
    expect(routes.map(({ method, path, middleware }) => `${method} ${path} ${middleware.length}`)).toEqual([
      "GET /v1/a 1",
    ]);
  });

  it("tells apps of a monorepo apart, each with its own settings", () => {
    const one = (prefix: string) =>
      `import { NestFactory } from "@nestjs/core"; import { AppModule } from "./module"; async function run() { const app = await NestFactory.create(AppModule); app.setGlobalPrefix("${prefix}"); await app.listen(3000); } run();`;
    const module = `import { Module } from "@nestjs/common"; import { Shared } from "../../../libs/shared"; @Module({ controllers: [Shared] }) export class AppModule {}`;
    const model = modelFrom({
      "package.json": JSON.stringify({ name: "mono", dependencies: { "@nestjs/core": "^11.0.0" } }),
      "nest-cli.json": JSON.stringify({
        monorepo: true,
        projects: {
          shop: { type: "application", sourceRoot: "apps/shop/src" },
          back: { type: "application", root: "apps/back" },
          shared: { type: "library", sourceRoot: "libs" },
        },
      }),
      "apps/shop/src/main.ts": one("shop"),
      "apps/shop/src/module.ts": module,
      "apps/back/src/main.ts": one("back"),
      "apps/back/src/module.ts": module,
      "libs/shared.ts": `import { Controller, Get } from "@nestjs/common"; @Controller("x") export class Shared { @Get() x() {} }`,
    });
    expect(routesOf(model)).toEqual(["GET /back/x", "GET /shop/x"]);
    expect(model.services.map(({ entry }) => entry)).toEqual([["apps/shop/src/main.ts", "apps/back/src/main.ts"]]);
  });

  it("knows place, service, framework and handler", () => {
    const model = modelFrom(app(`\n@Controller("a")\nexport class A {\n  @Header("x", "y")\n  @Get("b")\n  a() {}\n}`));
    const [route] = model.routes;
    expect(route).toMatchObject({ file: "src/c.ts", line: 5, service: "app", framework: "nestjs", via: "http" });
    expect(route?.handlers.map(({ fn }) => model.fn(fn ?? "")?.name)).toEqual(["a"]);
  });

  it.each([
    `@Controller(`,
    `@Controller(null) export class A { @Get(null) a() {} }`,
    `class X extends X {} @Controller("a") export class A extends X { @Get() a() {} }`,
    `@Controller("a") export class A { @Get() [load()]() {} }`,
    `const d = () => d(); @d() export class A { @d() a() {} }`,
  ])("survives %s", (text) => {
    expect(Array.isArray(modelFrom(app(text)).routes)).toBe(true);
  });
});

/** What runs before the first route, by class and method or by api. */
function before(model: Model): string[] {
  const [route] = model.routes;
  return (route?.middleware ?? []).map(({ fn, api }) => {
    const own = fn === null ? null : model.fn(fn);
    const name = own === null ? null : own.class === null ? own.name : `${own.class}.${own.name}`;
    return [name, api].filter((each) => each !== null).join(" ") || "?";
  });
}

describe("what runs before a nest route", () => {
  const OWN = `class G { canActivate() { return true; } } class I { intercept() {} } class P { transform() {} } class M { use() {} }`;
  const imports = `import { UseGuards as Guards, UseInterceptors, UsePipes, ValidationPipe } from "@nestjs/common"; import { ThrottlerGuard, SkipThrottle } from "@nestjs/throttler"; import { AuthGuard } from "@nestjs/passport"; import { APP_GUARD } from "@nestjs/core";`;
  it.each<[name: string, files: Files, before: string[]]>([
    [
      "guards of class and method",
      app(`${OWN} ${imports} @Guards(G) @Controller("a") export class A { @Guards(AuthGuard("jwt")) @Get() a() {} }`),
      ["G.canActivate", "@nestjs/passport:AuthGuard()"],
    ],
    [
      "an instance",
      app(
        `${OWN} ${imports} @Controller("a") export class A { @UsePipes(new ValidationPipe(), new P()) @Get() a() {} }`,
      ),
      ["@nestjs/common:ValidationPipe()", "P.transform"],
    ],
    [
      "guards first, then interceptors, then pipes",
      app(
        `${OWN} ${imports} @UsePipes(P) @UseInterceptors(I) @Controller("a") export class A { @Guards(G) @Get() a() {} }`,
      ),
      ["G.canActivate", "I.intercept", "P.transform"],
    ],
    [
      "a guard that extends a package's",
      app(
        `${imports} class J extends AuthGuard("jwt") { handleRequest() {} } class K extends AuthGuard("jwt") { canActivate() {} } @Guards(J, K) @Controller("a") export class A { @Get() a() {} }`,
      ),
      ["@nestjs/passport:AuthGuard()", "K.canActivate @nestjs/passport:AuthGuard()"],
    ],
    [
      "a guard that a function makes",
      app(
        `${imports} import { mixin } from "@nestjs/common"; const Role = (r) => { class R { canActivate() {} } return mixin(R); }; @Guards(Role("x")) @Controller("a") export class A { @Get() a() {} }`,
      ),
      ["R.canActivate"],
    ],
    [
      "a guard for the whole app",
      app(`${imports} @Controller("a") export class A { @Get() a() {} }`, {
        files: {
          "src/app.module.ts": `${COMMON} ${imports} import * as c from "./c"; @Module({ controllers: [c.A], providers: [{ provide: APP_GUARD, useClass: ThrottlerGuard }] }) export class AppModule {}`,
        },
      }),
      ["@nestjs/throttler:ThrottlerGuard"],
    ],
    [
      "a throttler that the route skips",
      app(`${imports} @Guards(ThrottlerGuard) @Controller("a") export class A { @SkipThrottle() @Get() a() {} }`),
      [],
    ],
    [
      "a throttler that the class skips and the method does not",
      app(
        `${imports} @SkipThrottle() @Guards(ThrottlerGuard) @Controller("a") export class A { @SkipThrottle({ default: false }) @Get() a() {} }`,
      ),
      ["@nestjs/throttler:ThrottlerGuard"],
    ],
    [
      "what the app is told to use",
      app(`@Controller("a") export class A { @Get() a() {} }`, {
        files: {
          "src/main.ts": main(
            `app.use(helmet()); app.use("/other", helmet()); app.useGlobalPipes(new ValidationPipe());`,
          ).replace("async", `import helmet from "helmet"; import { ValidationPipe } from "@nestjs/common"; async`),
        },
      }),
      ["helmet:()", "@nestjs/common:ValidationPipe()"],
    ],
    ...[["{ max: 100 }", ["@fastify/rate-limit:"]] as const, ["{ global: false }", []] as const].map(
      ([options, runs]): Case => [
        `a limiter of the Fastify adapter with ${options}`,
        app(`@Controller("a") export class A { @Get() a() {} }`, {
          files: {
            "src/main.ts": main(`await app.register(limit, ${options});`).replace(
              "async",
              `import limit from "@fastify/rate-limit"; async`,
            ),
          },
        }),
        [...runs],
      ],
    ),
    ["middleware for the controller", consumer(`consumer.apply(M, plain).forRoutes(c.A)`), ["M.use", "plain"]],
    [
      "middleware for a path",
      consumer(`consumer.apply(M).forRoutes({ path: "a", method: RequestMethod.GET }).apply(plain).forRoutes("b")`),
      ["M.use"],
    ],
    ["middleware that spares the path", consumer(`consumer.apply(M).exclude("a").forRoutes("*")`), []],
    ["middleware for everything", consumer(`consumer.apply(M).exclude("x").forRoutes("{*all}")`), ["M.use"]],
  ])("%s", (_, files, expected) => {
    expect(before(modelFrom(files))).toEqual(expected);
  });

  function consumer(chain: string): Files {
    const module = `import { MiddlewareConsumer, Module, RequestMethod } from "@nestjs/common"; import * as c from "./c"; ${OWN} function plain(req, res, next) {} @Module({ controllers: [c.A] }) export class AppModule { configure(consumer: MiddlewareConsumer) { ${chain}; } }`;
    return app(`@Controller("a") export class A { @Get() a() {} }`, { files: { "src/app.module.ts": module } });
  }

  it("notes the app's own decorators, and no others", () => {
    const files = app(
      `import { SetMetadata, HttpCode } from "@nestjs/common"; const Public = () => SetMetadata("public", true); @Controller("a") export class A { @Public() @HttpCode(200) @Get() a() {} }`,
    );
    expect(modelFrom(files).routes[0]?.marks?.map(({ name }) => name)).toEqual(["Public"]);
  });
});

describe("nest entries", () => {
  const files = (text: string, list: string): Files => ({
    "package.json": manifest,
    "src/main.ts": main(),
    "src/app.module.ts": `import { Module } from "@nestjs/common"; import * as c from "./c"; @Module({ providers: [${list}] }) export class AppModule {}`,
    "src/c.ts": `import { Injectable, Catch } from "@nestjs/common"; ${text}`,
  });
  const labels = (model: Model) =>
    model.entries
      .filter(({ kind, label }) => kind !== "route" && !label.startsWith("node "))
      .map(({ kind, label, fn }) => `${kind} ${label}: ${model.fn(fn)?.name}`);

  it.each<[name: string, text: string, entries: string[]]>([
    [
      "schedules",
      `import { Cron, CronExpression, Interval, Timeout } from "@nestjs/schedule"; @Injectable() export class A { @Cron("0 3 * * *") a() {} @Cron(CronExpression.EVERY_HOUR) b() {} @Interval("beat", 5000) c() {} @Timeout(100) d() {} e() {} }`,
      [
        "schedule cron 0 3 * * *: a",
        "schedule cron EVERY_HOUR: b",
        "schedule every 5000 ms: c",
        "schedule after 100 ms: d",
      ],
    ],
    [
      "jobs of bull",
      `import { OnQueueFailed, Process, Processor } from "@nestjs/bull"; @Processor("mail") export class A { @Process("receipt") a() {} @Process({ name: "report", concurrency: 2 }) b() {} @Process() c() {} @OnQueueFailed() d() {} }`,
      ["worker-job job receipt: a", "worker-job job report: b", "worker-job job: c", "event event: d"],
    ],
    [
      "jobs of bullmq",
      `import { OnWorkerEvent, Processor, WorkerHost } from "@nestjs/bullmq"; @Processor("mail") export class A extends WorkerHost { async process() {} @OnWorkerEvent("failed") b() {} }`,
      ["worker-job job mail: process", "event event failed: b"],
    ],
    [
      "messages",
      `import { EventPattern, GrpcMethod, MessagePattern } from "@nestjs/microservices"; @Injectable() export class A { @MessagePattern({ cmd: "sum" }) a() {} @EventPattern("done") b() {} @GrpcMethod("Heroes", "FindOne") c() {} }`,
      ["worker-job message sum: a", "worker-job message done: b", "worker-job call FindOne: c"],
    ],
    [
      "gateways",
      `import { SubscribeMessage, WebSocketGateway } from "@nestjs/websockets"; @WebSocketGateway() export class A { @SubscribeMessage("chat") a() {} handleConnection() {} }`,
      ["socket socket handleConnection: handleConnection", "socket socket chat: a"],
    ],
    [
      "listeners",
      `import { OnEvent } from "@nestjs/event-emitter"; @Injectable() export class A { @OnEvent("order.created") a() {} }`,
      ["event event order.created: a"],
    ],
    [
      "what runs at the start",
      `@Injectable() export class A { constructor() {} onModuleInit() {} onApplicationBootstrap() {} onModuleDestroy() {} }`,
      [
        "process start of A: constructor",
        "process start of A: onModuleInit",
        "process start of A: onApplicationBootstrap",
      ],
    ],
    ["filters", `@Catch() export class A { catch() {} }`, ["event error catch: catch"]],
  ])("of %s", (_, text, entries) => {
    expect(labels(modelFrom(files(text, "c.A")))).toEqual(entries);
  });

  it.each<[name: string, text: string, ways: string[]]>([
    [
      "a command bus",
      `import { CommandBus, CommandHandler } from "@nestjs/cqrs"; import { Controller, Post } from "@nestjs/common"; class Pay {} @CommandHandler(Pay) export class H { async execute(command: Pay) { await charge(); } } @Controller("a") export class A { constructor(private bus: CommandBus) {} @Post() pay() { return this.bus.execute(new Pay()); } }`,
      ["POST /a: A.pay > H.execute > stripe:charge"],
    ],
    [
      "an event bus, which nobody waits for",
      `import { EventBus, EventsHandler } from "@nestjs/cqrs"; import { Controller, Post } from "@nestjs/common"; class Paid {} class Other {} @EventsHandler(Paid, Other) export class H { async handle() { await charge(); } } @Controller("a") export class A { constructor(private bus: EventBus) {} @Post() pay() { this.bus.publish(new Paid()); } }`,
      ["event handle: H.handle > stripe:charge", "detached POST /a: A.pay > H.handle > stripe:charge"],
    ],
    [
      "an emitter, by pattern",
      `import { EventEmitter2, OnEvent } from "@nestjs/event-emitter"; import { Controller, Post } from "@nestjs/common"; @Injectable() export class H { @OnEvent("order.*") async on() { await charge(); } @OnEvent("user.*") off() {} } @Controller("a") export class A { constructor(private events: EventEmitter2) {} @Post() async pay() { await this.events.emitAsync("order.paid", {}); } }`,
      ["event order.*: H.on > stripe:charge", "POST /a: A.pay > H.on > stripe:charge"],
    ],
  ])("reached through %s", (_, text, ways) => {
    const model = modelFrom({
      ...files(`import { charge } from "stripe"; ${text}`, "c.H"),
      "src/app.module.ts": `import { Module } from "@nestjs/common"; import * as c from "./c"; @Module({ providers: [c.H], controllers: [c.A] }) export class AppModule {}`,
    });
    expect(waysTo(model, "stripe:charge").toSorted()).toEqual(ways.toSorted());
  });
});
