/** Types of packages whose name is not the constructor's: what a value annotated with them was made by. */

/** Type -> api of the instance; null where a value of the type says nothing worth following. */
const INSTANCES: Readonly<Record<string, string | null>> = {
  "express:Express": "express:()",
  "express:Application": "express:()",
  "express:Router": "express:Router()",
  "express:IRouter": "express:Router()",
  "express:Request": null,
  "express:Response": null,
  "express:NextFunction": null,
  "express:RequestHandler": null,
  "express:ErrorRequestHandler": null,
  "fastify:FastifyInstance": "fastify:()",
  "koa:ParameterizedContext": "koa:Context()",
  "koa:BaseContext": "koa:Context()",
  "koa:DefaultContext": "koa:Context()",
  "@koa/router:RouterContext": "koa:Context()",
  "koa-router:RouterContext": "koa:Context()",
  "koa-router:IRouterContext": "koa:Context()",
  "@nestjs/common:INestApplication": "@nestjs/core:NestFactory.create()",
  "@nestjs/platform-express:NestExpressApplication": "@nestjs/core:NestFactory.create()",
  "@nestjs/platform-fastify:NestFastifyApplication": "@nestjs/core:NestFactory.create()",
  "@nestjs/common:INestMicroservice": "@nestjs/core:NestFactory.createMicroservice()",
  "nestjs-prisma:PrismaService": "@prisma/client:PrismaClient()",
  "bull:Queue": "bull:()",
  "mongoose:Model": "mongoose:model()",
  "nodemailer:Transporter": "nodemailer:createTransport()",
  "axios:AxiosInstance": "axios:create()",
  "knex:Knex": "knex:()",
  "ioredis:Redis": "ioredis:()",
  "ioredis:Cluster": "ioredis:Cluster()",
  "redis:RedisClientType": "redis:createClient()",
  "pg:PoolClient": "pg:Pool().connect()",
  "mongodb:Db": "mongodb:MongoClient().db()",
  "mongodb:Collection": "mongodb:MongoClient().db().collection()",
  "mysql2/promise:Pool": "mysql2/promise:createPool()",
  "mysql2/promise:Connection": "mysql2/promise:createConnection()",
  "mysql2:Pool": "mysql2:createPool()",
  "socket.io:Socket": "socket.io:Server().on()",
  "winston:Logger": "winston:createLogger()",
  "pino:Logger": "pino:()",
  "drizzle-orm/node-postgres:NodePgDatabase": "drizzle-orm/node-postgres:drizzle()",
  "drizzle-orm/postgres-js:PostgresJsDatabase": "drizzle-orm/postgres-js:drizzle()",
  "drizzle-orm/neon-http:NeonHttpDatabase": "drizzle-orm/neon-http:drizzle()",
  "drizzle-orm/neon-serverless:NeonDatabase": "drizzle-orm/neon-serverless:drizzle()",
  "@supabase/supabase-js:SupabaseClient": "@supabase/supabase-js:createClient()",
};

/** The api of a value of the type: a known one, else what `new Type()` would give. `knownOnly`: null for all others. */
export function instanceOfType(specifier: string, name: string, knownOnly = false): string | null {
  const known = INSTANCES[`${specifier}:${name}`];
  if (known !== undefined || knownOnly) return known ?? null;
  return name === "default" || name === "*" ? `${specifier}:()` : `${specifier}:${name}()`;
}
