/** Finds code that changes tables or writes sample rows whenever a copy of the app starts. */
import { textOf } from "../../analyzers/code/text.ts";
import { closureOf } from "../../analyzers/code/closure.ts";
import { conditionsOf } from "../../analyzers/code/conditions.ts";
import type { CallSite, Fn, Model, Reach, Service, Use } from "../../analyzers/model.ts";
import { isAlwaysOn } from "../../analyzers/queries/given-options.ts";
import { replicasOf } from "../../analyzers/deployment/replicas.ts";
import { servingOf } from "../../analyzers/serving/serving.ts";
import { usesWithin } from "../../analyzers/code/uses-within.ts";
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
  ...["typeorm:DataSource", "@nestjs/typeorm:TypeOrmModule.forRoot", "@nestjs/typeorm:TypeOrmModule.forRootAsync"].map(
    (api): Step => ({
      api,
      severity: "warning",
      options: ["migrationsRun"],
      harm: `\`migrationsRun\` has it run the migrations, and ${together}`,
    }),
  ),
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
    return [
      ...migrations(service, model),
      ...ownMigrations(service, model),
      ...seeds(service, model),
      ...bootCommands(service, model),
    ];
  });
}

function migrations(service: Service, model: Model): Match[] {
  return steps.flatMap(({ api, severity, options, harm }) =>
    model.usesOf(api).flatMap((use) => {
      if (options !== undefined && !options.some((option) => isOn(use, option, model))) return [];
      const way = startOf(use.call, service, model, isSetting);
      return way === null ? [] : [matchFor(use, { severity, harm, way }, model)];
    }),
  );
}

function isOn({ api, call }: Use, option: string, model: Model): boolean {
  if (api.startsWith("@nestjs/typeorm:")) return isAlwaysOn(call, option, model);
  return call.args.some((arg) => {
    const value = arg.kind === "object" ? arg.entries[option] : undefined;
    return value?.kind === "literal" && value.value === true;
  });
}

/** How every start of the web process comes to make the call; null when it does not, or when `isChoice` a test on the way. */
function startOf(call: CallSite, service: Service, model: Model, isChoice: (test: string) => boolean): Reach | null {
  if (model.service(call.file) !== service || model.context(call.file) !== "server") return null;
  const way = model.reach(call).find(({ entry }) => entry.kind === "process" && service.entry.includes(entry.file));
  if (way === undefined) return null;
  const isMain = (test: string, file: string) => /require\.main|import\.meta/.test(test) && file === way.entry.file;
  const isChosen = way.calls.some(({ file, span }) =>
    conditionsOf(model.repo.read(file) ?? "", span).some((test) => !isMain(test, file) && isChoice(test)),
  );
  return isChosen ? null : way;
}

/** Holds wherever users are: `NODE_ENV === "production"`, `NODE_ENV !== "test"`. */
function holdsInProduction(test: string): boolean {
  const isExit = test.startsWith("unless");
  if (/NODE_ENV\W*===?\W*(dev|test|local)|NODE_ENV\W*!==?\W*prod/.test(test)) return isExit;
  return !isExit && /NODE_ENV\W*(===?\W*prod|!==?\W*(dev|test|local))/.test(test);
}

const settings =
  /process\.env|\benv\.|config|argv|require\.main|import\.meta|enable|disable|flag|should|force|[A-Z]{3,}_[A-Z]/;

/** A setting that somebody chose, or the environment of a developer. */
function isSetting(test: string): boolean {
  return settings.test(test) && !holdsInProduction(test);
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

/** The service's functions whose name says so. */
function namedFunctions(pattern: RegExp, service: Service, model: Model): Fn[] {
  const files = model.repo.files.filter((file) => model.context(file) === "server" && model.service(file) === service);
  return files.flatMap((file) =>
    (model.summary(file)?.functions ?? []).flatMap(({ name }, index) =>
      pattern.test(name ?? "") ? (model.fn(`${file}#${index}`) ?? []) : [],
    ),
  );
}

const migrating = /^(run|apply|execute|perform)_?(all|pending|db|database)?_?migrations?$/i;

/** Migration runners of the app's own, unless they take a lock. */
function ownMigrations(service: Service, model: Model): Match[] {
  return namedFunctions(migrating, service, model).flatMap((fn) => {
    const inside = closureOf(fn, model);
    const [write] = usesWithin(inside, ["database-write"], model);
    const text = textOf(model, fn);
    if (write === undefined || /lock/i.test(text) || callsKnownStep(inside, model)) return [];
    return model.callers(fn.id).flatMap((call) => {
      const way = startOf(call, service, model, isSetting);
      return way === null ? [] : [matchFor({ ...write, call }, { severity: "warning", harm: together, way }, model)];
    });
  });
}

function callsKnownStep(inside: ReadonlySet<string>, model: Model): boolean {
  return steps.some(({ api }) => model.usesOf(api).some(({ call }) => inside.has(call.fn)));
}

const seeding = /^(run)?seed|seed(er|s|data|database|db)?$|populateDb|insert(Sample|Demo)/i;

/** Own functions that write sample rows without a look at what is there. */
function seeds(service: Service, model: Model): Match[] {
  return namedFunctions(seeding, service, model).flatMap((fn) => {
    const inside = closureOf(fn, model);
    const writes = usesWithin(inside, ["database-write"], model);
    const looks = usesWithin(inside, ["database-read"], model).length > 0;
    const isSafe = writes.some(({ api }) => /upsert|findOrCreate|findOneAndUpdate/.test(api));
    const [write] = writes;
    if (write === undefined || looks || isSafe) return [];
    return model.callers(fn.id).flatMap((call) => {
      // A look at what is there (`if (count === 0)`) is as good a reason as a setting.
      const way = startOf(call, service, model, (test) => !holdsInProduction(test));
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
