/** Databases through mappers and query builders. */
import { facts, type LibraryFact } from "./fact.ts";

const PRISMA_READS = "findMany findUnique findUniqueOrThrow findFirst findFirstOrThrow count aggregate groupBy";
const PRISMA_WRITES =
  "create createMany createManyAndReturn update updateMany updateManyAndReturn upsert delete deleteMany";
const MONGOOSE_READS =
  "find findOne findById countDocuments estimatedDocumentCount count aggregate distinct exists paginate populate";
const MONGOOSE_WRITES =
  "create insertMany updateOne updateMany replaceOne deleteOne deleteMany findByIdAndUpdate findByIdAndDelete findByIdAndRemove " +
  "findOneAndUpdate findOneAndDelete findOneAndRemove findOneAndReplace bulkWrite save remove";
const TYPEORM_READS =
  "find findOne findOneBy findOneOrFail findOneByOrFail findBy findAndCount findAndCountBy count countBy exists getMany getOne getManyAndCount getRawMany getRawOne";
const TYPEORM_WRITES = "save insert update upsert delete remove softDelete softRemove restore increment decrement";
const SEQUELIZE_READS = "findAll findOne findByPk findAndCountAll count sum max min";
const SEQUELIZE_WRITES =
  "create bulkCreate update upsert destroy increment decrement save findOrCreate restore truncate";
const DRIZZLE = "drizzle-orm/*:drizzle()";
const KNEX = ["knex:()", "knex:knex()", "knex:Knex()"].flatMap((made) => [made, `${made}.transaction()`]);

export const orm: readonly LibraryFact[] = [
  ...facts("database-read", "@prisma/client:PrismaClient().**", `${PRISMA_READS} $queryRaw $queryRawUnsafe`),
  ...facts(
    "database-write",
    "@prisma/client:PrismaClient().**",
    `${PRISMA_WRITES} $executeRaw $executeRawUnsafe $transaction`,
  ),
  ...["mongoose:model()", "mongoose:**.model()", "@typegoose/typegoose:getModelForClass()"].flatMap((made) => [
    ...facts("database-read", made, MONGOOSE_READS),
    ...facts("database-write", made, MONGOOSE_WRITES),
    ...facts("database-write", `${made}.**`, "save"),
  ]),
  ...facts(
    "database-read",
    DRIZZLE,
    "select selectDistinct selectDistinctOn $count query.*.findMany query.*.findFirst",
  ),
  ...facts("database-read", `${DRIZZLE}.with()`, "select"),
  ...facts("database-write", DRIZZLE, "insert update delete transaction"),
  ...facts("database-read", DRIZZLE, "execute run all get values", 0),
  ...KNEX.flatMap((made) => [
    { api: made, kind: "database-read" as const },
    ...facts("database-read", made, "select from table"),
    ...facts("database-read", made, "raw", 0),
    ...facts("database-write", `${made}.**`, "insert update del delete increment decrement truncate"),
    ...facts("database-write", made, "transaction"),
  ]),
  ...["typeorm:**", "typeorm-transactional-cls-hooked:**"].flatMap((made) => [
    ...facts("database-read", made, TYPEORM_READS),
    ...facts("database-read", made, "query", 0),
    ...facts("database-write", made, TYPEORM_WRITES),
  ]),
  ...["sequelize:**", "sequelize-typescript:**"].flatMap((made) => [
    ...facts("database-read", made, SEQUELIZE_READS),
    ...facts("database-read", made, "query", 0),
    ...facts("database-write", made, SEQUELIZE_WRITES),
  ]),
  ...facts("database-read", "kysely:Kysely()", "selectFrom"),
  ...facts("database-write", "kysely:Kysely()", "insertInto updateTable deleteFrom replaceInto mergeInto"),
  ...facts("database-read", "objection:Model", "query"),
  ...facts("database-read", "@mikro-orm/*:**", "find findOne findOneOrFail findAll findAndCount count"),
  ...facts(
    "database-write",
    "@mikro-orm/*:**",
    "persistAndFlush flush nativeInsert nativeUpdate nativeDelete removeAndFlush",
  ),
];
