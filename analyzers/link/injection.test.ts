import { describe, expect, it } from "vitest";
import { modelFrom, waysTo } from "./testing/model-from.ts";

type Files = Record<string, string>;

const manifest = JSON.stringify({
  name: "app",
  scripts: { start: "node src/main.ts" },
  dependencies: { "@nestjs/core": "^11.0.0" },
});
const NEST = `import { Controller, forwardRef, Inject, Injectable, Module, Post } from "@nestjs/common";`;
const MAIL = `import { create } from "mail";`;
const CONTROLLER = (constructor: string, call: string, more = "") =>
  `${NEST} ${more} @Controller("a") export class A { ${constructor} @Post() async a() { await ${call}; } }`;

function app(controller: string, files: Files, providers: string, imports = ""): Files {
  return {
    "package.json": manifest,
    "src/main.ts": `import { NestFactory } from "@nestjs/core"; import { AppModule } from "./module"; async function run() { const app = await NestFactory.create(AppModule); await app.listen(3000); } run();`,
    "src/module.ts": `${NEST} import { A } from "./a"; ${imports} @Module({ controllers: [A], providers: [${providers}] }) export class AppModule {}`,
    "src/a.ts": controller,
    ...files,
  };
}

const MAILER = {
  "src/mailer.ts": `${NEST} ${MAIL} @Injectable() export class Mailer { private box = create(); async send() { await this.box.send(); } }`,
};
const IMPORT = `import { Mailer } from "./mailer";`;
const WAY = "POST /a: A.a > Mailer.send > mail:create().send";

describe("injection", () => {
  it.each<[name: string, files: Files, way?: string]>([
    [
      "a constructor parameter",
      app(CONTROLLER(`constructor(private readonly m: Mailer) {}`, "this.m.send()", IMPORT), MAILER, "Mailer", IMPORT),
    ],
    [
      "an imported name of another spelling",
      app(
        CONTROLLER(
          `constructor(private readonly m: Box) {}`,
          "this.m.send()",
          `import { Mailer as Box } from "./mailer";`,
        ),
        MAILER,
        "Mailer",
        IMPORT,
      ),
    ],
    [
      "an abstract class that one class extends",
      app(
        CONTROLLER(`constructor(private readonly m: Box) {}`, "this.m.send()", `import { Box } from "./box";`),
        {
          "src/box.ts": `export abstract class Box { abstract send(): Promise<void>; }`,
          "src/mailer.ts": `${MAIL} import { Box } from "./box"; export class Mailer extends Box { private box = create(); async send() { await this.box.send(); } }`,
        },
        "Mailer",
        IMPORT,
      ),
    ],
    [
      "a property",
      app(CONTROLLER(`@Inject() private readonly m: Mailer;`, "this.m.send()", IMPORT), MAILER, "Mailer", IMPORT),
    ],
    [
      "a text",
      app(
        CONTROLLER(
          `constructor(@Inject("MAIL") private readonly m: Box) {}`,
          "this.m.send()",
          `interface Box { send(): Promise<void> }`,
        ),
        MAILER,
        `{ provide: "MAIL", useClass: Mailer }`,
        IMPORT,
      ),
    ],
    [
      "a symbol from another file",
      app(
        CONTROLLER(
          `constructor(@Inject(BOX) private readonly m) {}`,
          "this.m.send()",
          `import { BOX } from "./tokens";`,
        ),
        { ...MAILER, "src/tokens.ts": `export const BOX = Symbol("box"); export const OTHER = Symbol("box");` },
        `{ provide: OTHER, useValue: {} }, { provide: BOX, useClass: Mailer }`,
        `${IMPORT} import { BOX, OTHER } from "./tokens";`,
      ),
    ],
    [
      "a symbol of a class",
      app(
        CONTROLLER(
          `constructor(@Inject(Tokens.Box) private readonly m) {}`,
          "this.m.send()",
          `import { Tokens } from "./tokens";`,
        ),
        { ...MAILER, "src/tokens.ts": `export class Tokens { static readonly Box = Symbol("box"); }` },
        `{ provide: Tokens.Box, useClass: Mailer }`,
        `${IMPORT} import { Tokens } from "./tokens";`,
      ),
    ],
    [
      "an abstract class with its provider",
      app(
        CONTROLLER(`constructor(private readonly m: Box) {}`, "this.m.send()", `import { Box } from "./box";`),
        { ...MAILER, "src/box.ts": `export abstract class Box { abstract send(): Promise<void>; }` },
        `{ provide: Box, useClass: Mailer }`,
        `${IMPORT} import { Box } from "./box";`,
      ),
    ],
    [
      "a class that stands for another",
      app(
        CONTROLLER(`constructor(@Inject("X") private readonly m) {}`, "this.m.send()"),
        MAILER,
        `Mailer, { provide: "X", useExisting: Mailer }`,
        IMPORT,
      ),
    ],
    [
      "a value",
      app(
        CONTROLLER(`constructor(@Inject("X") private readonly m) {}`, "this.m.send()"),
        MAILER,
        `{ provide: "X", useValue: new Mailer() }`,
        IMPORT,
      ),
    ],
    [
      "a factory",
      app(
        CONTROLLER(`constructor(@Inject("X") private readonly m) {}`, "this.m.send()"),
        MAILER,
        `{ provide: "X", useFactory: async () => new Mailer() }`,
        IMPORT,
      ),
    ],
    [
      "a class token that is named before it is declared",
      app(
        CONTROLLER(
          `constructor(@Inject(forwardRef(() => Mailer)) private readonly m: Mailer) {}`,
          "this.m.send()",
          IMPORT,
        ),
        MAILER,
        "Mailer",
        IMPORT,
      ),
    ],
    [
      "a decorator of the app's own",
      app(
        CONTROLLER(`constructor(@Box() private readonly m) {}`, "this.m.send()", `const Box = () => Inject("X");`),
        MAILER,
        `{ provide: "X", useClass: Mailer }`,
        IMPORT,
      ),
    ],
    [
      "the base class's constructor",
      app(
        CONTROLLER(
          "",
          "this.m.send()",
          `${IMPORT} class Base { constructor(protected readonly m: Mailer) {} }`,
        ).replace("class A {", "class A extends Base { constructor(m: Mailer) { super(m); }"),
        MAILER,
        "Mailer",
        IMPORT,
      ),
    ],
  ])("by %s", (_, files, way = WAY) => {
    expect(waysTo(modelFrom(files), "mail:create().send")).toEqual([way]);
  });

  it("hands a factory what it asks for", () => {
    const files = app(
      CONTROLLER(`constructor(@Inject("USE") private readonly use) {}`, "this.use.run()"),
      {
        ...MAILER,
        "src/use.ts": `export class Use { constructor(private readonly m) {} async run() { await this.m.send(); } }`,
      },
      `{ provide: "MAIL", useClass: Mailer }, { provide: "USE", useFactory: (mailer) => new Use(mailer), inject: [{ token: "MAIL", optional: true }] }`,
      `${IMPORT} import { Use } from "./use";`,
    );
    expect(waysTo(modelFrom(files), "mail:create().send")).toEqual([
      "POST /a: A.a > Use.run > Mailer.send > mail:create().send",
    ]);
  });

  it("tells instances of a wrapper apart by what each was made with", () => {
    const files = app(
      CONTROLLER(
        `constructor(@Inject("MAIL") private readonly mail, @Inject("NOTE") private readonly note) {} @Post("b") async b() { await this.note.run(); }`,
        "this.mail.run()",
      ),
      {
        "src/use.ts": `${MAIL} export class Mail { async run() { await create().send(); } } export class Note { async run() {} } export class Logged { constructor(private readonly inner) {} async run() { await this.inner.run(); } }`,
      },
      `{ provide: "MAIL", useFactory: () => new Logged(new Mail()) }, { provide: "NOTE", useFactory: () => new Logged(new Note()) }`,
      `import { Logged, Mail, Note } from "./use";`,
    );
    expect(waysTo(modelFrom(files), "mail:create().send")).toEqual([
      "POST /a: A.a > Logged.run > Mail.run > mail:create().send",
    ]);
  });

  it("takes no provider from a test", () => {
    const files = app(
      CONTROLLER(`constructor(private readonly m: Mailer) {}`, "this.m.send()", IMPORT),
      {
        ...MAILER,
        "src/a.spec.ts": `import { Mailer } from "./mailer"; class Fake { async send() {} } export const list = [{ provide: Mailer, useClass: Fake }];`,
      },
      "Mailer",
      IMPORT,
    );
    expect(waysTo(modelFrom(files), "mail:create().send")).toEqual([WAY]);
  });

  it.each([
    ["one provider of a class", `constructor(private readonly m: Mailer) {}`, "Mailer", "proven"],
    [
      "several providers of a token",
      `constructor(@Inject("X") private readonly m) {}`,
      `{ provide: "X", useClass: Mailer }, { provide: "X", useClass: Other }`,
      "inferred",
    ],
    ["an interface's name", `constructor(private readonly m: IMailer) {}`, "Mailer", "inferred"],
  ])("is as sure as %s", (_, constructor, providers, certainty) => {
    const files = app(
      CONTROLLER(constructor, "this.m.send()", `${IMPORT} interface IMailer {}`),
      { ...MAILER, "src/other.ts": `export class Other { async send() {} }` },
      providers,
      `${IMPORT} import { Other } from "./other";`,
    );
    const model = modelFrom(files);
    const [use] = model.usesOf("mail:create().send");
    expect(use === undefined ? [] : model.reach(use.call).map((way) => way.certainty)).toEqual([certainty]);
  });

  it.each<[name: string, constructor: string, call: string, imports: string, api: string]>([
    [
      "typeorm",
      `constructor(@InjectRepository(User) private r: Repository<User>) {}`,
      "this.r.save({})",
      `import { InjectRepository } from "@nestjs/typeorm"; import { Repository } from "typeorm"; class User {}`,
      "typeorm:Repository().save",
    ],
    [
      "mongoose",
      `constructor(@InjectModel(User.name) private m: Model<User>) {}`,
      "this.m.find()",
      `import { InjectModel } from "@nestjs/mongoose"; import { Model } from "mongoose"; class User {}`,
      "mongoose:model().find",
    ],
    [
      "sequelize",
      `constructor(@InjectModel(User) private m: typeof User) {}`,
      "this.m.findAll()",
      `import { InjectModel } from "@nestjs/sequelize"; import { Model } from "sequelize-typescript"; class User extends Model {}`,
      "sequelize-typescript:Model.findAll",
    ],
    [
      "bull",
      `constructor(@InjectQueue("mail") private q: Queue) {}`,
      `this.q.add("x")`,
      `import { InjectQueue } from "@nestjs/bull"; import { Queue } from "bull";`,
      "bull:().add",
    ],
    [
      "bullmq",
      `constructor(@InjectQueue("mail") private q: Queue) {}`,
      `this.q.add("x")`,
      `import { InjectQueue } from "@nestjs/bullmq"; import type { Queue } from "bullmq";`,
      "bullmq:Queue().add",
    ],
    [
      "axios",
      `constructor(private h: HttpService) {}`,
      `firstValueFrom(this.h.get("x").pipe())`,
      `import { HttpService } from "@nestjs/axios"; import { firstValueFrom } from "rxjs";`,
      "@nestjs/axios:HttpService().get",
    ],
    [
      "axios without observables",
      `constructor(private h: HttpService) {}`,
      `this.h.axiosRef.get("x")`,
      `import { HttpService } from "@nestjs/axios";`,
      "@nestjs/axios:HttpService().axiosRef.get",
    ],
    [
      "the mailer module",
      `constructor(private m: MailerService) {}`,
      `this.m.sendMail({})`,
      `import { MailerService } from "@nestjs-modules/mailer";`,
      "@nestjs-modules/mailer:MailerService().sendMail",
    ],
    [
      "prisma",
      `constructor(private p: Prisma) {}`,
      `this.p.user.findMany()`,
      `import { PrismaClient } from "@prisma/client"; @Injectable() class Prisma extends PrismaClient { async onModuleInit() { await this.$connect(); } }`,
      "@prisma/client:PrismaClient().user.findMany",
    ],
    [
      "the prisma module",
      `constructor(private p: PrismaService) {}`,
      `this.p.user.findMany()`,
      `import { PrismaService } from "nestjs-prisma";`,
      "@prisma/client:PrismaClient().user.findMany",
    ],
  ])("knows what %s gives", (_, constructor, call, imports, api) => {
    const model = modelFrom(app(CONTROLLER(constructor, call, imports), {}, ""));
    expect(
      model
        .usesOf(api)
        .map(({ kind, call: site }) => [kind !== null, model.reach(site).map(({ detached }) => detached)]),
    ).toEqual([[true, [false]]]);
  });

  it.each<[name: string, read: string, files: Files, api: string]>([
    ["an environment's name", `c.get("HOST", "x")`, {}, "env"],
    [
      "a namespace",
      `c.get("mail.host")`,
      {
        "src/config.ts": `import { registerAs } from "@nestjs/config"; export default registerAs("mail", () => ({ host: process.env.MAIL_HOST }));`,
      },
      "env",
    ],
    [
      "a loaded file",
      `c.getOrThrow("mail.host")`,
      {
        "src/config.ts": `import { ConfigModule } from "@nestjs/config"; const load = () => ({ mail: { host: process.env.MAIL_HOST } }); ConfigModule.forRoot({ load: [load] });`,
      },
      "env",
    ],
    ["nothing known", `c.get("mail.host")`, {}, "external"],
  ])("reads %s through the configuration", (_, read, files, kind) => {
    const model = modelFrom(
      app(
        `${NEST} import { ConfigService } from "@nestjs/config"; import { create } from "mail"; @Controller("a") export class A { constructor(private c: ConfigService) {} @Post() a() { const { c } = this; create({ host: ${read} }); } }`,
        files,
        "",
      ),
    );
    const [options] = model.usesOf("mail:create")[0]?.call.args ?? [];
    expect(options?.kind === "object" ? options.entries["host"]?.kind : options).toBe(kind);
  });
});
