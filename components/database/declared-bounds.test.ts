/** Page sizes of which the class that describes the request says how large they may be. */
import { describe, expect, it } from "vitest";
import { analyze } from "../../analyzers/index.ts";
import { memoryRepo } from "../../analyzers/repo/memory.ts";
import { unboundedPageSizes } from "./page-size.ts";

const app = (fields: string, more = ""): Record<string, string> => ({
  "package.json": JSON.stringify({
    name: "shelf",
    scripts: { start: "node dist/main.js" },
    dependencies: { "@nestjs/core": "^11.0.0", "@nestjs/common": "^11.0.0", typeorm: "^0.3.0" },
  }),
  "src/main.ts": `import { NestFactory } from "@nestjs/core"; import { AppModule } from "./app.module";
async function start() { const app = await NestFactory.create(AppModule); await app.listen(3000); } start();`,
  "src/app.module.ts": `import { Module } from "@nestjs/common"; import { BooksController } from "./books.controller"; import { BooksService } from "./books.service";
@Module({ controllers: [BooksController], providers: [BooksService] }) export class AppModule {}`,
  "src/find-books.dto.ts": `import { IsInt, IsOptional, Max, Min } from "class-validator"; import { Transform, Type } from "class-transformer";
${more} export class FindBooksDto ${fields}`,
  "src/other.dto.ts": `import { Max } from "class-validator"; export class OtherDto { @Max(50) limit: number; }`,
  "src/book.entity.ts": `import { Column, Entity, PrimaryGeneratedColumn } from "typeorm"; @Entity("books") export class Book { @PrimaryGeneratedColumn() id: number; @Column() title: string; }`,
  "src/books.service.ts": `import { Injectable } from "@nestjs/common"; import { InjectRepository } from "@nestjs/typeorm"; import { Repository } from "typeorm";
import { Book } from "./book.entity"; import { FindBooksDto } from "./find-books.dto";
@Injectable() export class BooksService { constructor(@InjectRepository(Book) private readonly books: Repository<Book>) {}
  find(query: FindBooksDto) { const { limit } = query; return this.books.find({ take: limit }); } }`,
  "src/books.controller.ts": `import { Controller, Get, Query } from "@nestjs/common"; import { BooksService } from "./books.service"; import { FindBooksDto } from "./find-books.dto";
@Controller("books") export class BooksController { constructor(private readonly service: BooksService) {} @Get() list(@Query() query: FindBooksDto) { return this.service.find(query); } }`,
});

it.each([
  ["has a highest value", "{ @IsInt() @Min(1) @Max(100) @Type(() => Number) limit?: number = 20; }", "", 0],
  [
    "has none, though another class has one for this name",
    "{ @IsInt() @Type(() => Number) limit?: number = 20; }",
    "",
    1,
  ],
  ["takes it from its parent", "extends PageDto {}", "export class PageDto { @Max(100) limit: number; }", 0],
  ["is cut by code", "{ @Transform(({ value }) => Math.min(Number(value), 50)) limit: number; }", "", 0],
  ["is only made a number", "{ @Transform(({ value }) => Number(value)) limit: number; }", "", 1],
])("a number that %s", async (_, fields, more, count) => {
  const model = await analyze(memoryRepo(app(fields, more)), { cacheFolder: null });
  expect(unboundedPageSizes(model)).toHaveLength(count);
});

describe("a page size that Hono has checked", () => {
  it.each<[schema: string, count: number]>([
    ["limit: z.coerce.number().optional()", 1],
    ["limit: z.string().regex(/^[0-9]+$/).default('20')", 1],
    ["limit: z.coerce.number().int().min(1).max(100).default(20)", 0],
    ["limit: z.coerce.number().transform((n) => Math.min(n, 100))", 0],
    [
      "limit: z.string().transform((text) => {\n const n = Number(text);\n return n < 1 ? 10 : Math.min(n, 50);\n }),\n page: z.string()",
      0,
    ],
    [
      "limit: z.string().transform((text) => Number(text)),\n page: z.string().transform((n) => Math.min(Number(n), 9))",
      1,
    ],
    ["limit: z.enum(['10', '50'])", 0],
  ])("%s", async (schema, count) => {
    const files = {
      "package.json": JSON.stringify({
        name: "app",
        type: "module",
        scripts: { start: "node server.ts" },
        dependencies: { hono: "4", "@hono/node-server": "1", "@hono/zod-validator": "0", zod: "3", pg: "8" },
      }),
      "server.ts": `import { serve } from "@hono/node-server";
import { zValidator } from "@hono/zod-validator";
import { Hono } from "hono";
import pg from "pg";
import { z } from "zod";
const pool = new pg.Pool();
const app = new Hono();
app.get("/bikes", zValidator("query", z.object({ ${schema} })), async (c) => {
  const { limit } = c.req.valid("query");
  const { rows } = await pool.query("SELECT id, name FROM bikes ORDER BY id LIMIT $1", [Number(limit || 20)]);
  return c.json(rows);
});
serve(app);
`,
    };
    const model = await analyze(memoryRepo(files), { cacheFolder: null });
    expect(unboundedPageSizes(model)).toHaveLength(count);
  });
});

describe("a number that a parameter of its own brings", () => {
  it.each([
    ['@Query("limit") limit: number', "limit", 1],
    ['@Query("limit", new DefaultValuePipe(20), ParseIntPipe) limit: number', "limit", 1],
    ['@Query("limit", CappedPipe) limit: number', "limit", 0],
    ['@Query("limit") limit: number', "Math.min(limit, 50)", 0],
  ])("%s, given on as %s", async (param, given, count) => {
    const files = {
      ...app("{}"),
      "src/books.service.ts": `import { Injectable } from "@nestjs/common"; import { InjectRepository } from "@nestjs/typeorm"; import { Repository } from "typeorm"; import { Book } from "./book.entity";
@Injectable() export class BooksService { constructor(@InjectRepository(Book) private readonly books: Repository<Book>) {}
  find(limit: number) { return this.books.find({ take: limit }); } }`,
      "src/books.controller.ts": `import { Controller, DefaultValuePipe, Get, ParseIntPipe, Query } from "@nestjs/common"; import { BooksService } from "./books.service"; import { CappedPipe } from "./capped.pipe";
@Controller("books") export class BooksController { constructor(private readonly service: BooksService) {} @Get() list(${param}) { return this.service.find(${given}); } }`,
    };
    const model = await analyze(memoryRepo(files), { cacheFolder: null });
    expect(unboundedPageSizes(model)).toHaveLength(count);
  });
});

describe("a page size of which two routes have schemas", () => {
  const routes = (own: string): Record<string, string> => ({
    "package.json": JSON.stringify({
      name: "mill",
      scripts: { start: "node src/index.ts" },
      dependencies: {
        hono: "4",
        "@hono/node-server": "1",
        zod: "4",
        "@hono/zod-validator": "0.7",
        "@prisma/client": "6",
      },
    }),
    "src/index.ts": `import { serve } from "@hono/node-server"; import { Hono } from "hono"; import { grains } from "./grains/grains.route"; import { bags } from "./bags/bags.route";
const app = new Hono(); app.route("/grains", grains); app.route("/bags", bags); serve(app);`,
    "src/paging.ts": `import { z } from "zod"; const limit = z.coerce.number().max(50); export const paging = z.object({ limit });`,
    ...route("grains", own),
    ...route("bags", "z.object({ limit: z.coerce.number().max(50) })"),
  });
  const route = (name: string, schema: string): Record<string, string> => ({
    [`src/${name}/${name}.schema.ts`]: `import { z } from "zod"; ${schema.startsWith("paging") ? 'import { paging } from "../paging";' : ""} export const asked = ${schema};`,
    [`src/${name}/${name}.route.ts`]: `import { Hono } from "hono"; import { zValidator } from "@hono/zod-validator"; import { PrismaClient } from "@prisma/client"; import { asked } from "./${name}.schema";
const prisma = new PrismaClient(); export const ${name} = new Hono();
${name}.get("/", zValidator("query", asked), async (c) => { const { limit } = c.req.valid("query"); return c.json(await prisma.delivery.findMany({ take: limit })); });`,
  });

  it.each([
    ["z.object({ limit: z.coerce.number() })", ["src/grains/grains.route.ts"]],
    ["z.object({ limit: z.coerce.number().max(20) })", []],
    ["paging.extend({ kind: z.string() })", []],
  ])("%s beside a bounded one", async (schema, files) => {
    const model = await analyze(memoryRepo(routes(schema)), { cacheFolder: null });
    expect(unboundedPageSizes(model).map(({ file }) => file)).toEqual(files);
  });
});
