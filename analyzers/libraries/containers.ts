/** Dependency injection: which decorators ask a container for something, and which make a class one that it constructs. */
import { patternTable } from "../link/pattern.ts";

/**
 * What arrives. `provider`: what is registered for the first argument; `argument`: the first argument itself;
 * `made`: something of a package, by its api.
 */
type Injection = { api: string } & ({ gives: "provider" } | { gives: "argument" } | { gives: "made"; made: string });

const token = (api: string): Injection => ({ api, gives: "provider" });
const made = (api: string, what: string): Injection => ({ api, gives: "made", made: what });

const injections: readonly Injection[] = [
  token("@nestjs/common:Inject"),
  token("tsyringe:inject"),
  token("inversify:inject"),
  token("typedi:Inject"),
  token("@graphql-modules/di:Inject"),
  token("graphql-modules:Inject"),
  made("nestjs-slonik:InjectPool", "slonik:DatabasePool()"),
  made("@nestjs/typeorm:InjectRepository", "typeorm:Repository()"),
  made("@nestjs/typeorm:InjectDataSource", "typeorm:DataSource()"),
  made("@nestjs/typeorm:InjectEntityManager", "typeorm:EntityManager()"),
  made("@nestjs/typeorm:InjectConnection", "typeorm:DataSource()"),
  made("@nestjs/mongoose:InjectModel", "mongoose:model()"),
  made("@nestjs/mongoose:InjectConnection", "mongoose:createConnection()"),
  { api: "@nestjs/sequelize:InjectModel", gives: "argument" },
  made("@nestjs/sequelize:InjectConnection", "sequelize:Sequelize()"),
  made("@mikro-orm/nestjs:InjectRepository", "@mikro-orm/core:EntityRepository()"),
  made("@mikro-orm/nestjs:InjectEntityManager", "@mikro-orm/core:EntityManager()"),
  made("@nestjs/bull:InjectQueue", "bull:()"),
  made("@nestjs/bullmq:InjectQueue", "bullmq:Queue()"),
  made("@nestjs/bullmq:InjectFlowProducer", "bullmq:FlowProducer()"),
  made("@nestjs-modules/ioredis:InjectRedis", "ioredis:()"),
  made("@liaoliaots/nestjs-redis:InjectRedis", "ioredis:()"),
  made("@golevelup/nestjs-stripe:InjectStripeClient", "stripe:()"),
  made("nestjs-stripe:InjectStripe", "stripe:()"),
  made("nest-knexjs:InjectConnection", "knex:()"),
  made("nestjs-knex:InjectKnex", "knex:()"),
  made("nestjs-kysely:InjectKysely", "kysely:Kysely()"),
  made("nestjs-pino:InjectPinoLogger", "nestjs-pino:PinoLogger()"),
];

const findInjection = patternTable(injections);

/** What a decorator of a parameter or a property asks for; null when it asks for nothing. */
export function injectionOf(api: string): Injection | null {
  return findInjection(api);
}

/** Wrappers by which a token or a module may be named before it is declared. */
export const forwardReferences: ReadonlySet<string> = new Set(["@nestjs/common:forwardRef", "tsyringe:delay"]);

const managed = patternTable(
  [
    "@nestjs/common:Injectable",
    "@nestjs/common:Controller",
    "@nestjs/common:Catch",
    "@nestjs/graphql:Resolver",
    "@nestjs/websockets:WebSocketGateway",
    "@nestjs/bull:Processor",
    "@nestjs/bullmq:Processor",
    "@nestjs/cqrs:CommandHandler",
    "@nestjs/cqrs:QueryHandler",
    "@nestjs/cqrs:EventsHandler",
  ].map((api) => ({ api })),
);

/** True for the class decorators that let the container construct the class when the process starts. */
export function isManaged(api: string): boolean {
  return managed(api) !== null;
}
