/** Tables of every kind of declaration in one notation. */
import { describe, expect, it } from "vitest";
import { analyze } from "../index.ts";
import { memoryRepo } from "../repo/memory.ts";
import { modelFrom } from "../link/testing/model-from.ts";
import { columnOf, isIndexed, isUnique, tablesNamed, tablesOf, type Table } from "./index.ts";

/** `users|User: id! email^ name user_id->users (a,b)^`: `!` primary, `^` unique, `*` indexed. */
function tableNotation({ names, columns, indexes, open }: Table): string {
  const shown = columns.map(
    (column) =>
      column.names.join("|") +
      (column.primary ? "!" : "") +
      (column.unique ? "^" : "") +
      (column.indexed ? "*" : "") +
      (column.references === null ? "" : `->${column.references}`),
  );
  const indexed = indexes.map((index) => `(${index.columns.join(",")})${index.unique ? "^" : ""}`);
  return [`${names.join("|")}:`, ...shown, ...indexed, ...(open ? ["open"] : [])].join(" ");
}

function tables(files: Record<string, string>): string[] {
  return tablesOf(modelFrom(files)).map(tableNotation);
}

describe("Prisma", () => {
  const source = (provider: string) => `datasource db {\n  provider = "${provider}"\n}\n`;
  const models = `
model User {
  id    Int     @id @default(autoincrement())
  email String  @unique
  name  String? @map("full_name") // shown
  role  Role
  posts Post[]
  profile Profile?
}

model Post {
  id       Int  @id
  author   User @relation(fields: [authorId], references: [id])
  authorId Int
  slug     String
  @@index([slug, authorId(sort: Desc)])
  @@unique([authorId, slug])
  @@map("posts")
}

model Profile {
  userId Int @id
  user   User @relation(fields: [userId], references: [id])
}
`;

  it("reads columns, keys, indexes and what points where", () => {
    expect(tables({ "prisma/schema.prisma": source("postgresql") + models })).toEqual([
      "User: id! email^ name|full_name role",
      "Post|posts: id! authorId->User slug (slug,authorId) (authorId,slug)^",
      "Profile: userId!->User",
    ]);
  });

  it.each([
    ["@@index(authorId)", "(authorId)"],
    ["@@index([authorId]) // for the feed", "(authorId)"],
    ['@@index(fields: [authorId, slug], map: "feed")', "(authorId,slug)"],
    ["@@unique(slug)", "(slug)^"],
  ])("reads %s", (attribute, index) => {
    const post = models.replace("@@index([slug, authorId(sort: Desc)])", attribute);
    expect(tables({ "schema.prisma": source("postgresql") + post })[1]).toContain(` ${index} (authorId,slug)^`);
  });

  it("counts the index that MySQL makes for a foreign key", () => {
    expect(tables({ "prisma/schema.prisma": source("mysql") + models })[1]).toContain("(authorId)");
    const emulated = source("mysql").replace("}", '  relationMode = "prisma"\n}');
    expect(tables({ "prisma/schema.prisma": emulated + models })[1]).not.toContain("(authorId)");
  });

  it("finds the data source of a schema in several files", () => {
    const files = { "prisma/schema/base.prisma": source("mysql"), "prisma/schema/post.prisma": models };
    expect(tablesOf(modelFrom(files)).map(({ engine }) => engine)).toEqual(["mysql", "mysql", "mysql"]);
  });

  it("takes the schema itself for the one in use, not a draft beside it", () => {
    const draft = models.replace("  slug     String", "  slug     String\n  @@index([authorId])");
    const files = { "prisma/schema.prisma": source("postgresql") + models, "prisma/schema_new.prisma": draft };
    expect(tables(files)).toEqual(tables({ "prisma/schema.prisma": source("postgresql") + models }));
  });

  it("knows the line of a column and the lists of a model", () => {
    const [user, post] = tablesOf(modelFrom({ "schema.prisma": source("postgresql") + models }));
    expect(user?.lists).toEqual([{ name: "posts", table: "Post" }]);
    expect(post === undefined ? null : columnOf(post, "authorId")?.place).toEqual({ file: "schema.prisma", line: 17 });
  });
});

describe("code", () => {
  it.each<[name: string, code: string, expected: string[]]>([
    [
      "Drizzle, indexes in an array",
      `import { pgTable, serial, text, integer, index, uniqueIndex } from "drizzle-orm/pg-core";
       export const users = pgTable("users", { id: serial("id").primaryKey(), email: text("email").notNull().unique() });
       export const posts = pgTable("blog_posts", { id: serial().primaryKey(), userId: integer("user_id").references(() => users.id), slug: text("slug") },
         (t) => [index("a").on(t.userId, t.slug), uniqueIndex("b").on(t.slug)]);`,
      ["users: id! email^", "posts|blog_posts: id! userId|user_id->users slug (userId,slug) (slug)^"],
    ],
    [
      "Drizzle, keys in an object, columns spread",
      `import { sqliteTable, text, primaryKey } from "drizzle-orm/sqlite-core"; import { times } from "./times";
       export const likes = sqliteTable("likes", { a: text("a"), b: text("b"), ...times }, (t) => ({ pk: primaryKey({ columns: [t.a, t.b] }) }));`,
      ["likes: a! b! (a,b)^ open"],
    ],
    [
      "Drizzle on MySQL, where foreign keys are indexed",
      `import { mysqlTable, int } from "drizzle-orm/mysql-core"; export const a = mysqlTable("a", { id: int("id").primaryKey(), bId: int("b_id").references(() => b.id) });`,
      ["a: id! bId|b_id->b (bId)"],
    ],
    [
      "TypeORM",
      `import { Entity, PrimaryGeneratedColumn, Column, ManyToOne, OneToMany, Index, Unique, JoinColumn } from "typeorm";
       @Entity("posts") @Index(["slug", "at"]) @Unique(["slug"])
       export class Post { @PrimaryGeneratedColumn() id: number; @Column({ unique: true }) code: string; @Index() @Column() at: Date; @Column({ name: "slug_text" }) slug: string;
         @ManyToOne(() => User) author: User; @OneToMany(() => Comment, (c) => c.post) comments: Comment[]; }`,
      ["Post|posts: id! code^ at* slug|slug_text author|authorId->User (slug,at) (slug)^"],
    ],
    [
      "a relation of TypeORM beside the field of its key",
      `import { Entity, PrimaryGeneratedColumn, Column, ManyToOne, JoinColumn } from "typeorm";
       @Entity("seats") export class Seat { @PrimaryGeneratedColumn() id: number; @Column() show_id: string; @ManyToOne(() => Show) @JoinColumn({ name: "show_id" }) show: Show; @Column() rowId: string; @ManyToOne(() => Row) row: Row; @ManyToOne(() => Guest) guest: Guest; }`,
      ["Seat|seats: id! show_id|show|showId|show_id|show_id->Show rowId|row|rowId|rowId->Row guest|guestId->Guest"],
    ],
    [
      "Sequelize",
      `import { Sequelize, DataTypes } from "sequelize"; const db = new Sequelize(url);
       const User = db.define("User", { email: { type: DataTypes.STRING, unique: true }, role: DataTypes.STRING }, { tableName: "app_users", indexes: [{ unique: true, fields: ["role", "email"] }] });
       const Post = db.define("Post", { title: DataTypes.STRING }); Post.belongsTo(User, { foreignKey: "authorId" });`,
      ["User|app_users: id!^ email^ role (role,email)^", "Post: id!^ title authorId->User"],
    ],
    [
      "Mongoose",
      `import mongoose from "mongoose"; const { Schema } = mongoose;
       const postSchema = new Schema({ author: { type: Schema.Types.ObjectId, ref: "User", index: true }, slug: { type: String, unique: true }, off: { type: String, index: false }, address: { city: String } });
       postSchema.index({ author: 1, createdAt: -1 }); export const Post = mongoose.model("Post", postSchema);`,
      ["Post|post: _id|id!^ author*->User slug^ off address.city (author,createdAt)"],
    ],
    [
      "Mongoose without new",
      `const mongoose = require("mongoose"); module.exports = mongoose.model("Cat", mongoose.Schema({ name: String }));`,
      ["Cat: _id|id!^ name"],
    ],
    [
      "SQL within code",
      "import Database from 'better-sqlite3'; const db = new Database('x'); db.exec(`CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, owner TEXT)`); db.exec('CREATE INDEX i ON notes(owner)');",
      ["notes: id! owner (owner)"],
    ],
  ])("%s", (_, code, expected) => {
    expect(tables({ "app.ts": code })).toEqual(expected);
  });
});

describe("SQL files and migrations", () => {
  it.each<[name: string, sql: string, expected: string[]]>([
    [
      "columns and constraints",
      `CREATE TABLE IF NOT EXISTS public.orders (
         id SERIAL PRIMARY KEY, user_id INT NOT NULL REFERENCES users(id), code TEXT UNIQUE, total NUMERIC(10, 2),
         CONSTRAINT one UNIQUE (user_id, code), FOREIGN KEY (total) REFERENCES totals (id), CHECK (total > 0)
       );`,
      ["orders: id! user_id->users code^ total->totals (user_id,code)^"],
    ],
    ["a composite key", "create table a (x int, y int, primary key (x, y));", ["a: x! y! (x,y)^"]],
    [
      "an index, with its method",
      "CREATE TABLE a (x int, y int); CREATE INDEX CONCURRENTLY i ON a USING btree (x DESC, y);",
      ["a: x y (x,y)"],
    ],
    ["an index on an expression", "CREATE TABLE a (x text); CREATE UNIQUE INDEX i ON a (lower(x));", ["a: x ()^"]],
    ["a partial unique index", "CREATE TABLE a (x int); CREATE UNIQUE INDEX i ON a (x) WHERE x > 0;", ["a: x (x)"]],
    [
      "MySQL's keys",
      "CREATE TABLE `a` (`id` int, `b` int, PRIMARY KEY (`id`), KEY `k` (`b`), UNIQUE KEY `u` (`b`, `id`));",
      ["a: id! b (id)^ (b) (b,id)^"],
    ],
    [
      "later changes",
      "CREATE TABLE a (x int); ALTER TABLE a ADD COLUMN IF NOT EXISTS y int REFERENCES b(id), ADD CONSTRAINT u UNIQUE (x);",
      ["a: x y->b (x)^"],
    ],
    [
      "a dump's key",
      "CREATE TABLE public.a (id int); ALTER TABLE ONLY public.a ADD CONSTRAINT a_pkey PRIMARY KEY (id);",
      ["a: id! (id)^"],
    ],
    ["an index alone", "CREATE INDEX i ON elsewhere (x);", ["elsewhere: (x)"]],
    [
      "an index that is taken out again",
      'CREATE TABLE a (x int, y int); CREATE UNIQUE INDEX "a_x_key" ON a (x); CREATE INDEX k ON a (y); DROP INDEX IF EXISTS "a_x_key";',
      ["a: x y (y)"],
    ],
    [
      "an index that only the way back takes out",
      "-- +goose Up\nCREATE TABLE a (x int); CREATE INDEX k ON a (x);\n-- +goose Down\nDROP INDEX k;",
      ["a: x (x)"],
    ],
    ["nothing of the kind", "INSERT INTO a VALUES (1);", []],
  ])("%s", (_, sql, expected) => {
    expect(tables({ "db/init.sql": sql })).toEqual(expected);
  });

  it("leaves the way back of a migration alone", () => {
    expect(tables({ "migrations/1.down.sql": "CREATE TABLE a (x int);" })).toEqual([]);
  });

  it("knows the line of a column", () => {
    const [table] = tablesOf(modelFrom({ "a.sql": "-- one\nCREATE TABLE a (\n  id int,\n\n  b int\n);" }));
    expect(table?.place.line).toBe(2);
    expect(table?.columns.map(({ place }) => place.line)).toEqual([3, 5]);
  });

  it.each<[name: string, code: string, expected: string[]]>([
    [
      "Knex",
      `exports.up = async (knex) => { await knex.schema.createTable("orders", (t) => { t.increments("id"); t.integer("user_id").unsigned().references("id").inTable("users").index(); t.string("code").unique(); t.text("note"); t.index(["note", "code"]); t.timestamps(true, true); }); };`,
      ["orders: id! user_id*->users code^ note (note,code)"],
    ],
    [
      "Sequelize's query interface",
      `module.exports = { up: async (q, S) => { await q.createTable("Posts", { id: { type: S.INTEGER, primaryKey: true }, userId: { type: S.INTEGER, references: { model: "Users" } } }); await q.addIndex("Posts", ["userId"]); } };`,
      ["Posts: id! userId->Users (userId)"],
    ],
    [
      "node-pg-migrate",
      `exports.up = (pgm) => { pgm.createTable("posts", { id: "id", user_id: { type: "integer", references: "users" } }); pgm.createIndex("posts", "user_id"); };`,
      ["posts: id user_id->users (user_id)"],
    ],
  ])("%s", (_, code, expected) => {
    expect(tables({ "migrations/001.js": code })).toEqual(expected);
  });
});

describe("questions", () => {
  const model = modelFrom({
    "a.sql":
      "CREATE TABLE order_items (id int PRIMARY KEY, order_id int, sku text, place int, UNIQUE (order_id, sku)); CREATE INDEX i ON order_items (sku, place);",
  });
  const [table] = tablesNamed(model, "OrderItem", "app.ts");

  it.each([
    ["id", true],
    ["order_id", true],
    ["orderId", true],
    ["sku", true],
    ["place", false],
  ])("an index leads with %s: %s", (name, expected) => {
    const column = table === undefined ? null : columnOf(table, name);
    expect(table !== undefined && column !== null && isIndexed(table, column)).toBe(expected);
  });

  it.each<[columns: string[], expected: boolean]>([
    [["id"], true],
    [["order_id"], false],
    [["sku", "orderId"], true],
    [["sku", "place"], false],
  ])("rows with %s are one: %s", (columns, expected) => {
    expect(table !== undefined && isUnique(table, columns)).toBe(expected);
  });

  it.each([
    ["order_items", 1],
    ["orderItems", 1],
    ["OrderItem", 1],
    ["order_item", 1],
    ["OrderItemModel", 1],
    ["orderItemsTable", 1],
    ["order_items_table", 1],
    ["OrderItemstable", 0],
    ["Model", 0],
  ])("%s is %s of the tables", (name, expected) => {
    expect(tablesNamed(model, name, "app.ts")).toHaveLength(expected);
  });
});

it("knows a schema of Nest by the name under which a module offers its model", () => {
  const files = {
    "names.ts": 'export const ORDER_MODEL = "Order";',
    "order.schema.ts": `import { Prop, Schema, SchemaFactory } from "@nestjs/mongoose";
      @Schema() export class OrderDocument { @Prop({ index: true }) buyer: string; }
      export const OrderSchema = SchemaFactory.createForClass(OrderDocument);`,
    "app.module.ts": `import { MongooseModule } from "@nestjs/mongoose"; import { OrderSchema } from "./order.schema"; import { ORDER_MODEL } from "./names";
      export const imports = [MongooseModule.forFeature([{ name: ORDER_MODEL, schema: OrderSchema }])];`,
  };
  expect(tables(files)).toEqual(["OrderDocument|Order: _id|id!^ buyer*"]);
});

it("leaves out the earlier version of a model, in a file which nothing loads", async () => {
  const schema = (field: string): string =>
    `const { Schema, model } = require("mongoose");\nconst NoteSchema = new Schema({ ${field}: String });\nmodule.exports = model("Note", NoteSchema);\n`;
  const files = {
    "package.json": JSON.stringify({ scripts: { start: "node app.js" }, dependencies: { mongoose: "8" } }),
    "app.js": `require("./models/note");\n`,
    "models/note-old.js": schema("text"),
    "models/note.js": schema("body"),
  };
  const model = await analyze(memoryRepo(files), { cacheFolder: null });
  expect(tablesNamed(model, "Note", "app.js").map(({ place }) => place.file)).toEqual(["models/note.js"]);
});

it("takes the schema that the app loads before the copy that drizzle-kit pulled into the folder of migrations", async () => {
  const schema = `import { pgTable, uuid } from "drizzle-orm/pg-core";\nexport const notes = pgTable("notes", { id: uuid("id"), userId: uuid("user_id") });\n`;
  const files = {
    "package.json": JSON.stringify({ scripts: { start: "node src/app.js" }, dependencies: { "drizzle-orm": "0.40" } }),
    "src/app.js": `import { notes } from "./schema.js";\nconsole.log(notes);\n`,
    "src/migrations/schema.js": schema,
    "src/schema.js": schema,
  };
  const model = await analyze(memoryRepo(files), { cacheFolder: null });
  expect(tablesNamed(model, "notes", "src/app.js").map(({ place }) => place.file)).toEqual(["src/schema.js"]);
});
