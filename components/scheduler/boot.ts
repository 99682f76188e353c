/** Finds code that changes tables or writes sample rows whenever a copy of the app starts. */
import { closureOf } from "../../analyzers/closure.ts";
import { conditionsOf } from "../../analyzers/conditions.ts";
import type { CallSite, Known, Model, Reach, Service, Use } from "../../analyzers/model.ts";
import { replicasOf } from "../../analyzers/replicas.ts";
import { servingOf } from "../../analyzers/serving.ts";
import { usesWithin } from "../../analyzers/uses-within.ts";
import type { Match, Severity } from "../finding.ts";
import { bootCommands, bootRule } from "./boot-commands.ts";

interface Step {
  api: string;
  severity: Severity;
  /** Options of the call that make it one; it needs none when left out. */
  options?: readonly string[];
  harm: string;
}

const together = "nothing keeps several copies from doing it at the same time";
const guessing = "tables follow the code without a migration that somebody has read, columns with their data can go";

const steps: readonly Step[] = [
  { api: "sequelize:**.sync", severity: "warning", options: ["alter", "force"], harm: guessing },
  { api: "sequelize-typescript:**.sync", severity: "warning", options: ["alter", "force"], harm: guessing },
  { api: "typeorm:DataSource", severity: "warning", options: ["synchronize", "dropSchema"], harm: guessing },
  { api: "typeorm:createConnection", severity: "warning", options: ["synchronize", "dropSchema"], harm: guessing },
  {
    api: "@nestjs/typeorm:TypeOrmModule.forRoot",
    severity: "warning",
    options: ["synchronize", "dropSchema"],
    harm: guessing,
  },
  { api: "typeorm:**.synchronize", severity: "warning", harm: guessing },
  { api: "typeorm:**.runMigrations", severity: "warning", harm: together },
  { api: "umzug:**.up", severity: "warning", harm: together },
  { api: "migrate-mongo:up", severity: "warning", harm: together },
  { api: "drizzle-orm/*:migrate", severity: "warning", harm: together },
  { api: "knex:**.seed.run", severity: "warning", harm: "every copy writes the sample rows again" },
  {
    api: "knex:**.migrate.latest",
    severity: "note",
    harm: "a lock keeps copies apart, but a migration that fails keeps the whole app from starting",
  },
  {
    api: "node-pg-migrate:",
    severity: "note",
    harm: "a lock keeps copies apart, but a migration that fails keeps the whole app from starting",
  },
  {
    api: "node-pg-migrate:runner",
    severity: "note",
    harm: "a lock keeps copies apart, but a migration that fails keeps the whole app from starting",
  },
];

export function bootWork(model: Model): Match[] {
  return model.services.flatMap((service) => {
    if (servingOf(model, service).kind === "none" || replicasOf(model, service).kind === "one") return [];
    return [...migrations(service, model), ...seeds(service, model), ...bootCommands(service, model)];
  });
}

function migrations(service: Service, model: Model): Match[] {
  return steps.flatMap(({ api, severity, options, harm }) =>
    model.usesOf(api).flatMap((use) => {
      if (options !== undefined && !options.some((option) => isOn(use.call.args, option))) return [];
      const way = startOf(use.call, service, model);
      return way === null ? [] : [matchFor(use, { severity, harm, way }, model)];
    }),
  );
}

function isOn(args: readonly Known[], option: string): boolean {
  return args.some((arg) => {
    const value = arg.kind === "object" ? arg.entries[option] : undefined;
    return value?.kind === "literal" && value.value === true;
  });
}

/** How every start of the web process comes to make the call; null when it does not, or when a setting decides. */
function startOf(call: CallSite, service: Service, model: Model): Reach | null {
  if (model.service(call.file) !== service || model.context(call.file) !== "server") return null;
  const way = model.reach(call).find(({ entry }) => entry.kind === "process" && service.entry.includes(entry.file));
  if (way === undefined) return null;
  const tests = way.calls.flatMap(({ file, span }) => conditionsOf(model.repo.read(file) ?? "", span));
  return tests.some((test) => !/NODE_ENV\W+(==|===)\s*["']production/.test(test)) ? null : way;
}

function matchFor(
  use: Use,
  { severity, harm, way }: { severity: Severity; harm: string; way: Reach },
  model: Model,
): Match {
  const { call, api } = use;
  return {
    rule: bootRule,
    file: call.file,
    line: call.line,
    confidence: "medium",
    severity,
    message: `Every copy of the app does this when it starts: ${harm}.`,
    also: [],
    routes: [],
    path: way.path,
    call: call.id,
    anchor: `${api} in ${model.fn(call.fn)?.name ?? "the module"}`,
    fix: "brief",
  };
}

const seeding = /^(run)?seed|seed(er|s|data|database|db)?$|populateDb|insert(Sample|Demo)/i;

/** Own functions that write sample rows without a look at what is there. */
function seeds(service: Service, model: Model): Match[] {
  const files = model.repo.files.filter((file) => model.context(file) === "server" && model.service(file) === service);
  const named = files.flatMap((file) =>
    (model.summary(file)?.functions ?? []).flatMap(({ name }, index) =>
      seeding.test(name ?? "") ? (model.fn(`${file}#${index}`) ?? []) : [],
    ),
  );
  return named.flatMap((fn) => {
    const inside = closureOf(fn, model);
    const writes = usesWithin(inside, ["database-write"], model);
    const looks = usesWithin(inside, ["database-read"], model).length > 0;
    const isSafe = writes.some(({ api }) => /upsert|findOrCreate|findOneAndUpdate/.test(api));
    const [write] = writes;
    if (write === undefined || looks || isSafe) return [];
    return model.callers(fn.id).flatMap((call) => {
      const way = startOf(call, service, model);
      const clears = writes.some(({ api }) => /\.(deleteMany|truncate|destroy|drop)$/.test(api));
      const harm = clears
        ? "it empties tables and fills them anew, what users have stored there goes"
        : "every copy writes the same rows again";
      if (way === null) return [];
      const match = matchFor({ ...write, call }, { severity: clears ? "error" : "warning", harm, way }, model);
      return [{ ...match, also: [{ file: write.call.file, line: write.call.line }] }];
    });
  });
}
