/** The modules by which copies claim ticks and runs keep apart: their text for this app, or those that an earlier patch brought. */
import { posix } from "node:path";
import type { Model, Service } from "../../analyzers/model.ts";
import type { Edit } from "../../patches/edit.ts";
import { toDialect } from "../../patches/editors/dialect.ts";
import { importStatement, type Export } from "../../patches/editors/import-of.ts";
import { styleFor } from "../../patches/editors/source.ts";
import { fill } from "../../patches/fill.ts";
import { newFile } from "../../patches/new-file.ts";
import { appLogger } from "../app-logger.ts";
import type { Templates } from "../component.ts";
import type { Claim } from "./claims.ts";
import type { NestDialect } from "./nest-client.ts";
import type { Schedule } from "./schedules.ts";

export interface GuardFile extends Export {
  edits: Edit[];
}

/** `claims` are all those of its service; one module serves them. */
export function guardFile(claim: Claim, claims: readonly Claim[], model: Model, templates: Templates): GuardFile {
  const exported = claim.kind === "wrap" ? "oncePerTick" : "claimTick";
  const name = claim.kind === "wrap" ? "once-per-tick" : "claim-tick";
  const files = claims.map(({ schedule }) => schedule.call.file);
  const guard = moduleFor({ exported, name, files }, claim.schedule, model, (file) =>
    fill(templates("once-per-tick.ts"), valuesFor(claim, file, model)),
  );
  return guard.edits.length > 0 && claim.kind === "wrap"
    ? { ...guard, edits: [...guard.edits, ...claim.store.edits] }
    : guard;
}

export function flagFile(
  flags: readonly { schedule: Schedule }[],
  schedule: Schedule,
  model: Model,
  templates: Templates,
): GuardFile {
  const files = flags.map((each) => each.schedule.call.file);
  const wanted = { exported: "skipWhileRunning", name: "skip-while-running", files };
  return moduleFor(wanted, schedule, model, () => templates("skip-while-running.ts"));
}

/** The module that has the function already, or a new one in the folder that all of its callers share. */
function moduleFor(
  { exported, name, files }: { exported: string; name: string; files: readonly string[] },
  { call, service }: Schedule,
  model: Model,
  write: (file: string) => string,
): GuardFile {
  const stem = new RegExp(`(^|/)${name.replaceAll("-", "-?")}\\d*\\.[cm]?[jt]s$`, "i");
  const there = model.repo.files
    .filter((file) => stem.test(file))
    .flatMap((file) => model.functions(file))
    .find(({ file, exportedAs }) => exportedAs.includes(exported) && model.service(file) === service);
  if (there !== undefined) return { file: there.file, exported, local: exported, edits: [] };
  const file = newFile(model.repo, commonFolder(files), name, call.file);
  const text = toDialect(write(file), styleFor(model.repo, file));
  return { file, exported, local: exported, edits: [{ kind: "create", file, text }] };
}

function valuesFor(claim: Claim, file: string, model: Model): Record<string, string | boolean> {
  const { dialect } = claim.kind === "wrap" ? claim.store : claim;
  const client = claim.kind === "wrap" ? claim.store.client : null;
  const given = claim.kind === "method" ? parameters[claim.dialect] : null;
  const named = client === null ? null : { ...client, local: reserved.test(client.local) ? "client" : client.local };
  const style = styleFor(model.repo, file);
  const isPostgres = !/redis|mongoose/.test(dialect);
  return {
    wrapper: claim.kind === "wrap",
    redis: dialect.includes("redis"),
    ioredis: dialect === "ioredis",
    mongoose: dialect === "mongoose",
    ownMongoose: dialect === "mongoose" && given === null,
    givenMongoose: dialect === "mongoose" && given !== null,
    givenPrisma: dialect === "prisma" && given !== null,
    givenTypeorm: dialect === "typeorm",
    postgres: isPostgres,
    prisma: dialect === "prisma",
    drizzle: dialect === "drizzle",
    pg: dialect === "pg",
    typeorm: dialect === "typeorm",
    pgOrTypeorm: dialect === "pg" || dialect === "typeorm",
    rowsInside: claim.kind === "wrap" && claim.store.rowsInside,
    client: named !== null,
    CLIENT_IMPORT: named === null ? "" : importStatement(file, style, named),
    CLIENT: given?.name ?? named?.local ?? "mongoose.connection",
    PARAMETER: given === null ? "" : `${given.name}: ${given.type}`,
    PARAMETERS: given === null ? "" : `${given.name}: ${given.type}, `,
    ARGUMENT: given?.name ?? "",
    GIVEN: given === null ? "" : `${given.name}, `,
    ...logging(claim.schedule.service, file, model),
  };
}

/** Names that the module has for other things. */
const reserved = /^(sql|mongoose|job|tick|every|run|args|error|rows|claimed|ticks|timer|late)$/;

const parameters: Readonly<Record<NestDialect, { name: string; type: string }>> = {
  prisma: { name: "database", type: "Database" },
  mongoose: { name: "connection", type: "Connection" },
  typeorm: { name: "database", type: "Database" },
};

function logging(service: Service, file: string, model: Model): Record<string, string | boolean> {
  const said = "was left out: its tick could not be claimed";
  if (service.frameworks.some(({ name }) => name === "nestjs"))
    return {
      logger: true,
      LOGGER_IMPORT: 'import { Logger } from "@nestjs/common"',
      LOG: `new Logger("ScheduledJobs").error(\`\${job} ${said}\`, error)`,
    };
  const logger = appLogger(model, service);
  const console = `console.error(\`Job \${job} ${said}\`, error)`;
  if (logger === null) return { logger: false, LOGGER_IMPORT: "", LOG: console };
  return {
    logger: true,
    LOGGER_IMPORT: importStatement(file, styleFor(model.repo, file), logger),
    LOG:
      logger.form === "object-first"
        ? `${logger.local}.error({ err: error, job }, "The job ${said}")`
        : `${logger.local}.error(\`Job \${job} ${said}\`, error)`,
  };
}

function commonFolder(files: readonly string[]): string {
  const [first = "", ...others] = files.map((file) => posix.dirname(file));
  const parts = first.split("/");
  while (parts.length > 0 && !others.every((other) => `${other}/`.startsWith(`${parts.join("/")}/`))) parts.pop();
  return parts.length === 0 ? "." : parts.join("/");
}
