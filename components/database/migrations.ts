/** Schemas that change without a record: nobody can say what the next deploy does to the data, or take it back. */
import { posix } from "node:path";
import type { CallSite, Model, Service } from "../../analyzers/model.ts";
import { isAlwaysOn } from "../../analyzers/queries/given-options.ts";
import { isIn } from "../../analyzers/services/manifest.ts";
import { tablesOf, type Table } from "../../analyzers/schema/index.ts";
import { lineAt } from "../../analyzers/schema/table.ts";
import type { Confidence, Match } from "../finding.ts";

const migrationsRule = "database/no-migrations";

export function withoutMigrations(model: Model): Match[] {
  return model.services.flatMap((service) => {
    const pushes = pushing(model, service);
    const synced = [...synchronized(model, service), ...together(syncCalls(model, service))];
    if (pushes.length + synced.length > 0) return [...pushes, ...synced];
    return unrecorded(model, service);
  });
}

/** Scripts by which a deploy or a start changes the schema as the code says, without asking. */
const pushCommand =
  /\bprisma\s+db\s+push\b|\bdrizzle-kit\s+push\b|\bsequelize\s+db:sync\b|\btypeorm\b.*\bschema:sync\b/;
const production =
  /^(start|prestart|build|postbuild|prebuild|postinstall|deploy|release|prod|vercel-build|heroku-postbuild|render-build)([:_-].*)?$/;

function pushing(model: Model, service: Service): Match[] {
  const file = service.root === "." ? "package.json" : `${service.root}/package.json`;
  const text = model.repo.read(file) ?? "";
  return Object.entries(service.scripts).flatMap(([name, command]) => {
    if (!pushCommand.test(command) || !production.test(name)) return [];
    const at = text.indexOf(`"${name}"`, Math.max(0, text.indexOf('"scripts"')));
    const risk = /accept-data-loss|--force/.test(command)
      ? "a renamed column is dropped with its data, without a question"
      : "a renamed column can be dropped with its data";
    return [
      match(
        { file, line: at < 0 ? 1 : lineAt(text, at) },
        "high",
        `\`npm run ${name}\` makes the database look like the schema in the code (\`${pushCommand.exec(command)?.[0] ?? ""}\`): ${risk}, and nothing records what changed or how to go back.`,
        `script ${name}`,
        "The schema is pushed at deploy instead of migrated",
      ),
    ];
  });
}

/** `synchronize: true` as a plain literal; one that depends on the environment is for development. */
function synchronized(model: Model, service: Service): Match[] {
  const uses = [
    "typeorm:DataSource",
    "typeorm:createConnection",
    "@nestjs/typeorm:TypeOrmModule.forRoot",
    "@nestjs/typeorm:TypeOrmModule.forRootAsync",
  ].flatMap((api) => model.usesOf(api));
  return uses.flatMap(({ call }) => {
    const isOn = isServed(call, service, model) && isAlwaysOn(call, "synchronize", model);
    const idle = hasMigrations(model, service)
      ? " The migrations that are kept beside it never get to do anything."
      : "";
    return isOn
      ? [
          match(
            call,
            "high",
            `\`synchronize: true\` changes the tables at every start to what the code says: a renamed column is dropped with its data, and two instances that start together change them at once.${idle}`,
            "synchronize",
            "The schema changes itself at every start",
          ),
        ]
      : [];
  });
}

function isServed({ file }: CallSite, service: Service, model: Model): boolean {
  return model.service(file) === service && model.context(file) === "server";
}

const guards = /NODE_ENV|development|isDev|isProd|SYNC|process\.env/;

/** `sequelize.sync()` when the app starts. */
function syncCalls(model: Model, service: Service): Match[] {
  return ["sequelize:**.sync", "sequelize-typescript:**.sync"]
    .flatMap((api) => model.usesOf(api))
    .flatMap(({ call }) => {
      if (!isServed(call, service, model) || isGuarded(call, model)) return [];
      const options = call.args[0];
      const has = (key: string): boolean =>
        options?.kind === "object" && options.entries[key]?.kind === "literal" && options.entries[key].value === true;
      if (has("force"))
        return [
          match(
            call,
            "high",
            "`sync({ force: true })` drops every table and makes it anew when the app starts: the next restart loses all data.",
            "sync force",
            "Every start drops the tables",
          ),
        ];
      if (has("alter"))
        return [
          match(
            call,
            "high",
            "`sync({ alter: true })` changes the tables at every start to what the models say: it can drop a column with its data, and two instances that start together do it at once.",
            "sync alter",
            "The schema changes itself at every start",
          ),
        ];
      return hasMigrations(model, service)
        ? []
        : [
            match(
              call,
              "medium",
              "The tables are made by `sync()` when the app starts, which never changes one that is there: the first new column works on your machine and fails in production.",
              "sync",
              "The schema is made at the start and never changed",
            ),
          ];
    });
}

/** An app that makes its tables in many places has one matter to mend. */
function together(matches: readonly Match[]): Match[] {
  const [first, ...rest] = matches.toSorted(
    (a, b) => Number(b.confidence === "high") - Number(a.confidence === "high"),
  );
  return first === undefined ? [] : [{ ...first, also: rest.map(({ file, line }) => ({ file, line })) }];
}

function isGuarded({ file, fn, span }: CallSite, model: Model): boolean {
  const holder = model.fn(fn);
  const from = Math.max(holder?.span.start ?? 0, span.start - 300);
  return guards.test((model.repo.read(file) ?? "").slice(from, span.start));
}

const declaring: Readonly<Record<Table["source"], string | null>> = {
  prisma: "Prisma",
  drizzle: "Drizzle",
  typeorm: "TypeORM",
  sequelize: "Sequelize",
  mongoose: null,
  sql: null,
  builder: null,
};

/** Tables declared in code, and nothing anywhere that makes or changes them step by step. */
function unrecorded(model: Model, service: Service): Match[] {
  const own = tablesOf(model).filter(
    ({ place, source, engine }) =>
      declaring[source] !== null && engine !== "mongodb" && isOwn(place.file, service, model),
  );
  const [first] = own;
  if (first === undefined || hasMigrations(model, service)) return [];
  const tool = declaring[first.source] ?? "";
  return [
    match(
      first.place,
      "medium",
      `The tables are declared for ${tool}, but no migration is kept in the repo: each database is changed by hand or by pushing, so nobody can repeat, review or take back a change, and production drifts from the code.`,
      `no migrations for ${tool}`,
    ),
  ];
}

/** Folders of things to copy from, and of what tests alone use. */
const notItsOwn = /(^|\/)(examples?|templates?|starters?|demos?|docs?|tests?|e2e|fixtures?)\//i;

/** In the service's folder, or in a package beside it that no process starts from. */
function isOwn(file: string, service: Service, model: Model): boolean {
  const owner = model.service(file);
  const started = model.services.find(({ entry }) => entry.length > 0);
  const lead = started ?? model.services[0];
  return (
    owner === service ||
    (owner === null && (service.root === "." || (service === lead && !notItsOwn.test(file)))) ||
    (owner !== null && owner.entry.length === 0 && model.services.length > 1 && service === started)
  );
}

const folders =
  /(^|\/)(migrations?|migrate|db-migrations|changelogs?|versions|drizzle|supabase\/migrations|flyway|liquibase)\//i;

/** A folder of migrations, a set-up script in SQL, or a tool whose only purpose they are. */
function hasMigrations(model: Model, service: Service): boolean {
  const files = model.repo.files.some(
    (file) =>
      (folders.test(file) && /\.(sql|[cm]?[jt]s|ya?ml|xml|py|rb)$/.test(file)) ||
      (file.endsWith(".sql") && isIn(service.root, file)),
  );
  const tools = [
    "node-pg-migrate",
    "db-migrate",
    "umzug",
    "postgres-migrations",
    "dbmate",
    "graphile-migrate",
    "knex-migrate",
  ];
  const named = Object.values(service.scripts).some(
    (command) => /migrat(e|ion)/i.test(command) && !/prisma\s+migrate\s+(dev|reset)/.test(command),
  );
  const ignored = (model.repo.read(posix.join(service.root, ".gitignore")) ?? model.repo.read(".gitignore") ?? "")
    .split("\n")
    .some((line) => /^\/?((prisma|drizzle|src|server)\/)?(migrations|drizzle)\/?\s*$/.test(line));
  return (
    files || named || ignored || tools.some((name) => name in service.dependencies || name in service.devDependencies)
  );
}

function match(
  place: { file: string; line: number },
  confidence: Confidence,
  message: string,
  anchor: string,
  title?: string,
): Match {
  return {
    rule: migrationsRule,
    ...(title === undefined ? {} : { title }),
    file: place.file,
    line: place.line,
    confidence,
    message,
    also: [],
    routes: [],
    path: [],
    call: "id" in place && typeof place.id === "string" ? place.id : null,
    anchor,
    fix: "brief",
  };
}
