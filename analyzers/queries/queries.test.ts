/** Queries of every library in one notation. */
import { describe, expect, it } from "vitest";
import { modelFrom } from "../link/testing/model-from.ts";
import { queriesOf } from "./index.ts";
import { queryNotation, readingNotation } from "./testing/notation.ts";
import { runsInTransaction } from "./transactions.ts";

/** The readings of the queries in a module that begins with `head`. */
function readings(head: string, code: string, file = "app.ts"): string[] {
  return queriesOf(modelFrom({ [file]: `${head}\n${code}` })).map(readingNotation);
}

const prisma = 'import { PrismaClient } from "@prisma/client"; const prisma = new PrismaClient();';

describe("Prisma", () => {
  it.each<[code: string, expected: string]>([
    ["prisma.post.findMany()", "list post()"],
    [
      "prisma.post.findMany({ where: { authorId: id, published: true, createdAt: { gte: d }, tag: { in: tags } }, take: 20, skip: 5 })",
      "list post(authorId=, published=, createdAt<>, tag in) limit:20 paged",
    ],
    [
      "prisma.post.findMany({ take: Number(n), orderBy: { createdAt: 'desc' }, include: { author: true, tags: false } })",
      "list post() order:createdAt limit:value with:author",
    ],
    [
      "prisma.post.findMany({ where: { OR: [{ a: 1 }, { b: 2 }], AND: [{ c: 3 }], NOT: { d: 4 } } })",
      "list post(~a=, ~b=, c=)",
    ],
    ["prisma.post.findMany({ where: { ...filter } })", "list post() open"],
    ["prisma.post.findMany(options)", "list post() open limit:?"],
    [
      "prisma.post.findMany({ where: { title: q ? { contains: q } : undefined, tag: t ? { equals: t } : undefined } })",
      "list post(~title~~, ~tag=)",
    ],
    ["prisma.like.findUnique({ where: { userId_postId: { userId, postId } } })", "one like(userId=, postId=)"],
    ["prisma.post.findFirst({ where: { author: { id } } })", "one post(author=)"],
    ["prisma.post.findMany({ where: { author: { name: x } } })", "list post(author?)"],
    [
      "prisma.user.update({ where: { id }, data: { credits: { decrement: 1 }, name, role: { set: r } } })",
      "update user(id=) sets:credits±,name,role",
    ],
    ["prisma.user.createMany({ data: rows })", "insert user() many"],
    ["prisma.user.upsert({ where: { email }, create: { email }, update: { name } })", "upsert user(email=) sets:name"],
    ["prisma.user.count({ where: { role } })", "count user(role=)"],
    ["prisma.user.deleteMany({})", "delete user()"],
    ["prisma.$queryRaw`SELECT * FROM users WHERE id = ${id}`", "list users(id=)"],
    ["prisma.$executeRawUnsafe('UPDATE users SET n = n + 1')", "update users() sets:n±"],
    [
      "const f = () => { const where: any = { done: false }; where.shopId = shop; return prisma.post.findMany({ where }); };",
      "list post(done=, shopId=)",
    ],
    [
      "const f = () => { const where: any = {}; if (shop) where.shopId = shop; else { where.tag = { in: tags }; } where.at = {}; where.at.gte = from; return prisma.post.findMany({ where }); };",
      "list post(~shopId=, ~tag in, at?, at<>)",
    ],
    [
      "const f = () => { const where: any = {}; where[key] = 1; return prisma.post.findMany({ where }); };",
      "list post() open",
    ],
    [
      "prisma.post.findMany({ where: all ? { teamId: t } : { teamId: t, userId: u } })",
      "list post(teamId=, teamId=, ~userId=)",
    ],
    [
      "const f = () => { let where = {}; if (u) where = { userId: u }; return prisma.post.findMany({ where }); };",
      "list post(~userId=)",
    ],
    ["prisma.slot.findMany({ where: { calendar: { date: d, staffId: s } } })", "list slot(calendar?, calendar.date=)"],
  ])("%s", (code, expected) => {
    expect(readings(prisma, code)).toEqual([expected]);
  });
});

describe("Drizzle", () => {
  const head = `import { drizzle } from "drizzle-orm/node-postgres"; import { eq, and, or, inArray, desc, gte, count, sql } from "drizzle-orm"; import { users, posts } from "./schema"; const db = drizzle(url);`;

  it.each<[code: string, expected: string]>([
    ["db.select().from(users)", "list users()"],
    ["db.select().from(users).where(eq(users.id, id)).limit(1)", "one users(users.id=) limit:1"],
    [
      "db.select().from(posts).where(and(eq(posts.userId, id), gte(posts.at, d))).orderBy(desc(posts.at)).limit(n).offset(m)",
      "list posts(posts.userId=, posts.at<>) order:at limit:value paged",
    ],
    ["db.select().from(posts).where(or(eq(posts.a, 1), inArray(posts.b, list)))", "list posts(~posts.a=, ~posts.b in)"],
    ["db.select().from(posts).where(sql`a = 1`)", "list posts() open"],
    [
      "const conditions = [eq(posts.userId, id)]; if (from) conditions.push(gte(posts.at, from)); db.select().from(posts).where(and(...conditions))",
      "list posts(posts.userId=, ~posts.at<>)",
    ],
    ["db.select().from(posts).where(and(...conditionsOf(filter)))", "list posts() open"],
    [
      "db.select().from(posts).where(and(eq(posts.userId, id), from ? gte(posts.at, from) : undefined))",
      "list posts(posts.userId=, ~posts.at<>)",
    ],
    ["db.select({ n: count() }).from(posts)", "count posts()"],
    [
      "db.select().from(users).leftJoin(posts, eq(posts.userId, users.id))",
      "list users() with:posts joins:posts.userId",
    ],
    [
      "db.query.posts.findMany({ where: eq(posts.userId, id), with: { user: true }, limit: 10 })",
      "list posts(posts.userId=) limit:10 with:user",
    ],
    ["db.query.posts.findFirst({ where: (p, { eq }) => eq(p.id, id) })", "one posts(id=)"],
    ["db.insert(users).values({ email, name })", "insert users() sets:email,name"],
    ["db.insert(users).values(rows.map((r) => r)).onConflictDoNothing()", "upsert users() many"],
    [
      "db.update(users).set({ credits: sql`${users.credits} - 1`, name }).where(eq(users.id, id))",
      "update users(users.id=) sets:credits±,name",
    ],
    ["db.delete(users).where(eq(users.id, id))", "delete users(users.id=)"],
    ["db.select().from(posts).for('update')", "list posts() locks"],
    [
      "const f = () => { const all = []; all.push(eq(posts.teamId, t)); if (u) { all.push(eq(posts.userId, u)); } return db.select().from(posts).where(and(...all)); };",
      "list posts(posts.teamId=, ~posts.userId=)",
    ],
    [
      "const f = () => { let where = eq(posts.teamId, t); if (u) where = and(where, eq(posts.userId, u)); return db.select().from(posts).where(where); };",
      "list posts(posts.teamId=, posts.teamId=, ~posts.userId=)",
    ],
  ])("%s", (code, expected) => {
    expect(readings(head, code)).toEqual([expected]);
  });

  it("follows a query that is put together name by name", () => {
    const code =
      "let q = db.select().from(posts).$dynamic(); if (a) q = q.where(eq(posts.a, a)); const rows = await q.limit(5);";
    expect(readings(head, code)).toEqual(["list posts(~posts.a=) limit:5"]);
  });

  it("does not know what a function of the app adds to a query that it is handed", () => {
    expect(readings(head, "function page(q) { return q.limit(3); } await page(db.select().from(posts));")).toEqual([
      "list posts() open limit:?",
    ]);
  });
});

describe("Knex, Objection, Kysely", () => {
  it("Knex: a transaction is a client of its own", () => {
    const code = "const trx = await db.transaction(); await trx('users').where({ id }).update({ name });";
    expect(readings('import knex from "knex"; const db = knex({ client: "pg" });', code)).toEqual([
      "transaction ?()",
      "update users(id=) sets:name",
    ]);
  });

  it.each<[code: string, expected: string]>([
    ["db('users').where({ email }).first()", "one users(email=)"],
    [
      "db('orders as o').where('o.user_id', id).andWhere('total', '>', 5).orderBy('created_at').limit(10).offset(5)",
      "list orders(user_id=, total<>) order:created_at limit:10 paged",
    ],
    ["db('a').whereIn('x', xs).whereNull('y').orWhere('z', 1).whereRaw('w = ?', [1])", "list a(x in, y?, ~z=, w=)"],
    [
      "db.select('*').from('users').join('orders', 'orders.user_id', 'users.id')",
      "list users() with:orders joins:orders.user_id",
    ],
    ["db('users').insert({ email })", "insert users() sets:email"],
    ["db('users').where('id', id).update({ name })", "update users(id=) sets:name"],
    ["db('users').where('id', id).decrement('credits', 1)", "update users(id=) sets:credits±"],
    ["db('users').where('id', id).del()", "delete users(id=)"],
    ["db('users').count('* as n')", "count users()"],
    ["db('users').where('id', id).forUpdate().first()", "one users(id=) locks"],
    ["db.raw('SELECT * FROM users WHERE id = ?', [id])", "list users(id=)"],
    [
      "db('orders').join('users', 'users.id', 'orders.user_id').where({ 'orders.user_id': id, paid: true })",
      "list orders(user_id=, paid=) with:users joins:users.id",
    ],
  ])("Knex: %s", (code, expected) => {
    expect(readings('import knex from "knex"; const db = knex({ client: "pg" });', code)).toEqual([expected]);
  });

  it.each<[code: string, expected: string]>([
    ["User.query().where('role', 'admin').limit(5)", "list User(role=) limit:5"],
    ["User.query().findById(id).withGraphFetched('posts')", "one User(id=) with:posts"],
    ["User.query().patchAndFetchById(id, { name })", "update User(id=) sets:name"],
    ["User.query().page(0, size)", "list User() limit:value paged"],
  ])("Objection: %s", (code, expected) => {
    expect(readings('import { Model } from "objection"; class User extends Model {}', code)).toEqual([expected]);
  });

  it.each<[code: string, expected: string]>([
    ["db.selectFrom('users').where('users.email', '=', email).selectAll().executeTakeFirst()", "one users(email=)"],
    [
      "db.selectFrom('users as u').innerJoin('posts', 'posts.user_id', 'u.id').orderBy('u.name').limit(3).execute()",
      "list users() order:name limit:3 with:posts joins:posts.user_id",
    ],
    ["db.updateTable('users').set({ name }).where('id', '=', id).execute()", "update users(id=) sets:name"],
    ["db.insertInto('users').values({ email }).execute()", "insert users() sets:email"],
  ])("Kysely: %s", (code, expected) => {
    expect(readings('import { Kysely } from "kysely"; const db = new Kysely({});', code)).toEqual([expected]);
  });
});

describe("TypeORM and Sequelize", () => {
  const typeorm =
    'import { DataSource, In, MoreThan, Not } from "typeorm"; import { User } from "./user"; const db = new DataSource({}); const repo = db.getRepository(User);';
  const user = { "user.ts": "export class User {}" };

  it.each<[code: string, expected: string]>([
    ["repo.find()", "list User()"],
    [
      "repo.find({ where: { role, age: MoreThan(3), id: In(ids), name: Not(x) }, take: 5, order: { name: 'ASC' }, relations: ['posts'] })",
      "list User(role=, age<>, id in, name?) order:name limit:5 with:posts",
    ],
    ["repo.find({ where: [{ a: 1 }, { b: 2 }] })", "list User(~a=, ~b=)"],
    ["repo.findOneBy({ email })", "one User(email=)"],
    ["repo.findAndCount({ take: n, skip: m })", "list User() limit:value paged"],
    ["repo.increment({ id }, 'credits', 5)", "update User(id=) sets:credits±"],
    ["repo.update({ id }, { name })", "update User(id=) sets:name"],
    ["repo.save({ name })", "insert User() open sets:name"],
    ["db.manager.find(User, { where: { id } })", "list User(id=)"],
    [
      "repo.createQueryBuilder('u').where('u.email = :email', { email }).orderBy('u.name').take(5).getMany()",
      "list User(email=) order:name limit:5",
    ],
    ["repo.createQueryBuilder('u').leftJoinAndSelect('u.posts', 'p').getOne()", "one User() with:posts"],
  ])("TypeORM: %s", (code, expected) => {
    const model = modelFrom({ "app.ts": `${typeorm}\n${code}`, ...user });
    expect(queriesOf(model).map(readingNotation)).toEqual([expected]);
  });

  it("knows the entity that is injected", () => {
    const code = `import { Repository } from "typeorm"; class Users { constructor(@InjectRepository(User) private readonly users: Repository<User>, private posts: Repository<Post>) {} all() { return this.users.find(); } more() { return this.posts.find(); } }`;
    expect(readings("", code)).toEqual(["list User()", "list Post()"]);
  });

  const sequelize =
    'import { Sequelize, Op } from "sequelize"; const db = new Sequelize(url); const User = db.define("User", {});';

  it.each<[code: string, expected: string]>([
    ["User.findAll()", "list User()"],
    [
      "User.findAll({ where: { role, age: { [Op.gt]: 3 } }, limit: 5, offset: 1, order: [['name', 'ASC']], include: [Post] })",
      "list User(role=, age<>) order:name limit:5 paged with:Post",
    ],
    ["User.findAll({ where: { role }, ...options })", "list User(role=) open limit:?"],
    ["User.findAll({ where: { id: { [Op.in]: ids } } })", "list User(id in)"],
    ["User.findAll({ where: { [Sequelize.Op.or]: [{ name }, { email }] } })", "list User(~name=, ~email=)"],
    ["User.findByPk(id)", "one User(id=)"],
    ["User.update({ name }, { where: { id } })", "update User(id=) sets:name"],
    ["User.increment('credits', { where: { id } })", "update User(id=) sets:credits±"],
    ["User.create({ email }, { transaction })", "insert User() sets:email tx"],
    ["User.findOne({ where: { id }, lock: true, transaction })", "one User(id=) locks tx"],
    ["db.query('SELECT * FROM users WHERE id = :id', { replacements: { id } })", "list users(id=)"],
  ])("Sequelize: %s", (code, expected) => {
    expect(readings(sequelize, code)).toEqual([expected]);
  });

  it("reads models that Sequelize lists itself", () => {
    const models = "const { User } = db.models; await User.findAll({ where: { role } });";
    expect(readings('import { Sequelize } from "sequelize"; const db = new Sequelize(url);', models)).toEqual([
      "list User(role=)",
    ]);
  });

  it("follows a Sequelize row to what is written", () => {
    expect(readings(sequelize, "const u = await User.findByPk(id); await u.update({ name });")).toEqual([
      "one User(id=)",
      "update User() open sets:name",
    ]);
  });
});

describe("MongoDB", () => {
  const mongoose = 'import mongoose from "mongoose"; const User = mongoose.model("User", new mongoose.Schema({}));';

  it.each<[code: string, expected: string]>([
    ["User.find()", "list User()"],
    [
      "User.find({ role, age: { $gte: 3 }, tag: { $in: tags } }).sort('-createdAt name').skip(5).limit(10).populate('posts')",
      "list User(role=, age<>, tag in) order:createdAt,name limit:10 paged with:posts",
    ],
    ["User.find({ $or: [{ a: 1 }, { b: 2 }] })", "list User(~a=, ~b=)"],
    ["User.find({}).where('role', r)", "list User(role=)"],
    ["User.findById(id)", "one User(_id=)"],
    ["User.findByIdAndUpdate(id, { $inc: { n: 1 }, $set: { name } })", "update User(_id=) sets:n±,name"],
    ["User.findOneAndUpdate({ email }, { name }, { upsert: true })", "upsert User(email=) sets:name"],
    ["User.create({ email })", "insert User() sets:email"],
    ["User.paginate(filter, { limit: n })", "list User() open limit:value paged"],
    ["User.countDocuments({ role })", "count User(role=)"],
    ["const query = User.find({ role }); await query.countDocuments();", "count User(role=)"],
    ["User.find().distinct('city')", "aggregate User()"],
    ["new User({ email }).save()", "insert User() open sets:email"],
    ["User.updateOne({ _id: id }, { name }, { session })", "update User(_id=) sets:name tx"],
  ])("Mongoose: %s", (code, expected) => {
    expect(readings(mongoose, code)).toEqual([expected]);
  });

  it("follows a document to what is written", () => {
    expect(readings(mongoose, "const u = await User.findOne({ email }); u.n += 1; await u.save();")).toEqual([
      "one User(email=)",
      "update User() open",
    ]);
  });

  it("tells the first save of a document from later ones", () => {
    const code = "const u = new User({ email }); await u.save(); u.name = name; await u.save();";
    expect(readings(mongoose, code)).toEqual(["insert User() open sets:email", "update User() open"]);
  });

  it("knows the model that is injected by a constant", () => {
    const model = modelFrom({
      "names.ts": 'export const ORDER_MODEL = "Order";',
      "app.ts": `import { InjectModel } from "@nestjs/mongoose"; import { Model } from "mongoose"; import { ORDER_MODEL } from "./names";
        class Orders { constructor(@InjectModel(ORDER_MODEL) private readonly orders: Model<OrderDocument>) {} all() { return this.orders.find(); } }`,
    });
    expect(queriesOf(model).map(readingNotation)).toEqual(["list Order()"]);
  });

  it("knows the model that a class of its own was made with", () => {
    const model = modelFrom({
      "models.ts":
        'import { model } from "mongoose"; export const PostModel = model("Post", {}); export const TagModel = model("Tag", {});',
      "base.ts": "export class Base { constructor(model) { this.model = model; } all() { return this.model.find(); } }",
      "posts.ts":
        'import { Base } from "./base"; export class Posts extends Base { by(author) { return [author].map((one) => this.model.find({ author: one })); } }',
      "tags.ts":
        'import { Base } from "./base"; import { TagModel } from "./models"; class Tags extends Base { constructor() { super(TagModel); } named(name) { return this.model.findOne({ name }); } } export const tags = new Tags();',
      "app.ts":
        'import { Posts } from "./posts"; import { PostModel } from "./models"; export const posts = new Posts(PostModel);',
    });
    const found = queriesOf(model).map(readingNotation);
    expect(found).toContain("list Post(author=)");
    expect(found).toContain("one Tag(name=)");
  });

  it("reads the driver's collections", () => {
    const head = 'import { MongoClient } from "mongodb"; const db = new MongoClient(url).db();';
    expect(
      readings(
        head,
        "db.collection('users').find({ role }).limit(3).toArray(); db.collection('users').updateOne({ _id }, { $inc: { n: 1 } });",
      ),
    ).toEqual(["list users(role=) limit:3", "update users(_id=) sets:n±"]);
  });
});

describe("hosted databases", () => {
  it.each<[code: string, expected: string]>([
    ["db.from('users').select('*')", "list users()"],
    [
      "db.from('posts').select('*, author(name)').eq('user_id', id).order('created_at').range(0, 9)",
      "list posts(user_id=) order:created_at limit:10 paged with:author",
    ],
    ["db.from('posts').select().in('id', ids).limit(n)", "list posts(id in) limit:value"],
    ["db.from('posts').select('*', { count: 'exact', head: true })", "count posts()"],
    ["db.from('posts').select().eq('id', id).single()", "one posts(id=)"],
    ["db.from('posts').update({ n: 1 }).eq('id', id)", "update posts(id=) sets:n"],
    ["db.from('posts').insert(rows.map((r) => r))", "insert posts() many"],
  ])("Supabase: %s", (code, expected) => {
    expect(
      readings('import { createClient } from "@supabase/supabase-js"; const db = createClient(a, b);', code),
    ).toEqual([expected]);
  });

  it.each<[code: string, expected: string]>([
    [
      "db.collection('users').where('role', '==', r).orderBy('at').limit(5).get()",
      "list users(role=) order:at limit:5",
    ],
    ["db.collection('users').doc(id).get()", "one users(id=)"],
    ["db.collection('users').doc(id).update({ n: FieldValue.increment(1) })", "update users(id=) sets:n±"],
    ["db.collection('users').add({ name })", "insert users() sets:name"],
  ])("Firestore: %s", (code, expected) => {
    expect(
      readings('import { getFirestore, FieldValue } from "firebase-admin/firestore"; const db = getFirestore();', code),
    ).toEqual([expected]);
  });
});

describe("SQL texts", () => {
  const pg = 'import pg from "pg"; const pool = new pg.Pool();';

  it.each<[name: string, code: string, expected: string[]]>([
    ["a literal", "pool.query('SELECT * FROM a WHERE id = $1', [id]);", ["list a(id=)"]],
    ["a template", "pool.query(`SELECT * FROM a WHERE id = ${id} LIMIT 5`);", ["list a(id=) limit:5"]],
    ["a constant", "const sql = 'SELECT * FROM a'; pool.query(sql);", ["list a()"]],
    ["a configuration object", "pool.query({ text: 'SELECT * FROM a WHERE id = $1', values: [id] });", ["list a(id=)"]],
    [
      "a text that grows",
      "let sql = 'SELECT * FROM a'; if (x) sql += ' WHERE x = $1'; sql += ' LIMIT 10'; pool.query(sql);",
      ["list a(x=) limit:10"],
    ],
    ["a text that could be anything", "pool.query(build());", ["raw ?() open"]],
    ["a client of the pool", "const client = await pool.connect(); client.query('BEGIN');", ["transaction ?() open"]],
  ])("%s", (_, code, expected) => {
    expect(readings(pg, code)).toEqual(expected);
  });

  it.each<[name: string, head: string, code: string, expected: string]>([
    [
      "postgres.js",
      'import postgres from "postgres"; const sql = postgres(url);',
      "sql`SELECT * FROM a WHERE id = ${id}`",
      "list a(id=)",
    ],
    [
      "mysql2",
      'import mysql from "mysql2/promise"; const db = mysql.createPool({});',
      "db.execute('SELECT * FROM a WHERE id = ? LIMIT 5', [id])",
      "list a(id=) limit:5",
    ],
    [
      "better-sqlite3",
      'import Database from "better-sqlite3"; const db = new Database("x.db");',
      "db.prepare('SELECT * FROM a WHERE id = ?').all(id)",
      "list a(id=)",
    ],
    [
      "sqlite3",
      'import sqlite3 from "sqlite3"; const db = new sqlite3.Database("x.db");',
      "db.all('SELECT * FROM a WHERE id = ?', [id], done)",
      "list a(id=)",
    ],
    [
      "Neon",
      'import { neon } from "@neondatabase/serverless"; const sql = neon(url);',
      "sql`SELECT * FROM a LIMIT ${n}`",
      "list a() limit:value",
    ],
    [
      "libsql",
      'import { createClient } from "@libsql/client"; const db = createClient({});',
      "db.execute({ sql: 'SELECT * FROM a WHERE id = ?', args: [id] })",
      "list a(id=)",
    ],
  ])("%s", (_, head, code, expected) => {
    expect(readings(head, code)).toEqual([expected]);
  });

  it("stands where a wrapper is called, also through two of them", () => {
    const model = modelFrom({
      "db.ts": `${pg}\nexport async function query(text, params = []) { return (await pool.query(text, params)).rows; }\nexport const one = async (text, params) => (await query(text, params))[0];`,
      "app.ts": `import { query, one } from "./db";\nawait query("SELECT * FROM users");\n\nawait one("SELECT * FROM users WHERE id = $1", [id]);`,
    });
    const found = queriesOf(model).map((query) => `${query.call.file}:${queryNotation(query)}`);
    expect(found.toSorted()).toEqual(["app.ts:2: list users()", "app.ts:4: list users(id=)"]);
  });
});

describe("Python", () => {
  const heads: Readonly<Record<string, string>> = {
    sqlalchemy:
      "from sqlalchemy import select, func, and_, or_\nfrom sqlalchemy.orm import sessionmaker, selectinload\nfrom models import Order\ndb = sessionmaker()()\n",
    flask: "from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\nclass Order(db.Model): pass\n",
    django:
      "from django.db import models\nfrom django.shortcuts import get_object_or_404\nclass Order(models.Model): pass\n",
    mongo: "import os\nfrom pymongo import MongoClient\ndb = MongoClient()[os.environ['DB']]\n",
    beanie: "from beanie import Document\nclass Order(Document): pass\n",
    supabase: "from supabase import create_client\nclient = create_client('u', 'k')\n",
  };

  it.each<[head: string, code: string, expected: string[]]>([
    ["sqlalchemy", "return db.execute(select(Order)).scalars().all()", ["list Order()"]],
    [
      "sqlalchemy",
      "q = select(Order).where(Order.user_id == user.id, Order.at >= day).order_by(Order.at).limit(20)\n  found = db.execute(q)\n  return found.scalars().all()",
      ["list Order(user_id=, at<>) order:? limit:20"],
    ],
    ["sqlalchemy", "return db.scalar(select(Order).where(Order.id == i))", ["one Order(id=)"]],
    ["sqlalchemy", "return db.scalars(select(Order).where(Order.id.in_(ids))).all()", ["list Order(id in)"]],
    ["sqlalchemy", "return db.execute(select(func.count(Order.id))).scalar()", ["aggregate Order()"]],
    ["sqlalchemy", "return db.query(Order).filter(or_(Order.a == 1, Order.b == 2)).all()", ["list Order(~a=, ~b=)"]],
    ["sqlalchemy", "return db.query(Order).options(selectinload(Order.items)).all()", ["list Order() with:items"]],
    ["sqlalchemy", "return db.get(Order, i)", ["one Order(id=)"]],
    ["sqlalchemy", "q = select(Order)\n  return q", []],
    ["flask", "return Order.query.filter_by(user_id=u).first()", ["one Order(user_id=)"]],
    ["flask", "db.session.add(Order(total=1))", ["insert Order() many"]],
    [
      "django",
      "return list(Order.objects.filter(user=u, at__gte=day).select_related('user'))",
      ["list Order(user=, at<>) with:user"],
    ],
    ["django", "return get_object_or_404(Order, pk=i)", ["one Order(pk=)"]],
    [
      "django",
      "found = Order.objects.filter(user=u)\n  if not found.exists(): return None\n  return [o for o in found]",
      ["list Order(user=)"],
    ],
    ["django", "return Order.objects.all()[:10]", ["list Order() limit:10"]],
    ["mongo", "return list(db.orders.find({'user_id': u}).sort('at', -1))", ["list orders(user_id=) order:at"]],
    ["mongo", "return db['orders'].find_one({'id': i})", ["one orders(id=)"]],
    ["mongo", "return db.orders.find().to_list(50)", ["list orders() limit:50"]],
    ["beanie", "return Order.find(Order.user_id == u).to_list()", ["list Order(user_id=)"]],
    [
      "supabase",
      "return client.table('orders').select('*').eq('user_id', u).limit(5).execute()",
      ["list orders(user_id=) limit:5"],
    ],
  ])("%s: %s", (head, code, expected) => {
    const model = modelFrom({
      "requirements.txt": "flask\n",
      "main.py": `${heads[head] ?? ""}def f(i, u, user, ids, day):\n  ${code}\n`,
    });
    const found = queriesOf(model).filter(({ dialect }) => dialect !== "sql");
    expect(found.map(readingNotation)).toEqual(expected);
  });
});

describe("runsInTransaction", () => {
  const pg = 'import pg from "pg"; const pool = new pg.Pool();';

  it.each<[name: string, head: string, code: string, expected: boolean[]]>([
    [
      "Prisma's callback",
      prisma,
      "prisma.$transaction(async (tx) => { await tx.a.create({ data }); }); prisma.b.create({ data });",
      [true, false],
    ],
    [
      "Prisma's list",
      prisma,
      "prisma.$transaction([prisma.a.create({ data }), prisma.b.create({ data })]);",
      [true, true],
    ],
    [
      "a list that is filled before it is handed over",
      prisma,
      "async function f() { const steps = [prisma.a.create({ data })]; if (due) steps.push(prisma.b.create({ data })); await prisma.$transaction(steps); await prisma.c.create({ data }); }",
      [true, true, false],
    ],
    [
      "BEGIN in the same function",
      pg,
      "async function f() { const c = await pool.connect(); await c.query('BEGIN'); await c.query('DELETE FROM a'); } async function g() { await pool.query('DELETE FROM b'); }",
      [true, true, false],
    ],
    [
      "a helper of the app's own",
      pg,
      "async function withTransaction(run) { const c = await pool.connect(); await c.query('BEGIN'); await run(c); await c.query('COMMIT'); } withTransaction(async (c) => { await pool.query('DELETE FROM a'); });",
      [true, true, true],
    ],
    [
      "a callback that is handed on to who opens one",
      prisma,
      "class Tenants { static async run(id, work) { return await retry(() => prisma.$transaction(async (tx) => als.run({ tx }, () => work(tx)))); } } function inTenant(id, work) { return Tenants.run(id, work); } inTenant(1, async (tx) => { await prisma.a.create({ data }); }); prisma.b.create({ data });",
      [true, false],
    ],
    [
      "a callback that is only called",
      prisma,
      "async function retry(work) { return await work(); } retry(async () => { await prisma.a.create({ data }); });",
      [false],
    ],
    [
      "a session",
      'import mongoose from "mongoose"; const A = mongoose.model("A", {});',
      "A.updateOne({}, {}, { session }); A.updateOne({}, {});",
      [true, false],
    ],
  ])("%s", (_, head, code, expected) => {
    const model = modelFrom({ "app.ts": `${head}\n${code}` });
    const queries = queriesOf(model).toSorted((a, b) => a.call.span.start - b.call.span.start);
    expect(queries.map((query) => runsInTransaction(model, query))).toEqual(expected);
  });
});
