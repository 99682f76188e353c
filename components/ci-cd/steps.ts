/** Which checks an app has, as steps of a pipeline, in the order in which they fail fastest. */
import type { Model, Service } from "../../analyzers/model.ts";
import { commandsOf } from "../../analyzers/services/toolchain.ts";

export interface Step {
  name: string;
  run: string;
}

/** Script names under which apps keep each check; the first that exists is taken. */
const scriptNames = {
  types: ["typecheck", "type-check", "types", "check-types", "tsc", "check:types"],
  lint: ["lint", "lint:check", "eslint"],
  test: ["test:ci", "test", "test:unit"],
  build: ["build"],
  migrate: ["migrate:deploy", "db:deploy", "migrate", "db:migrate", "migrate:up", "db:push"],
} as const;

/** What `npm init` writes when there are no tests, and runners that never end. */
const notATest = /no test specified|--watch(All)?(?!=false)\b|\bnodemon\b|(^|\s)-w(\s|$)/;

/** Installs, type-checks, lints, tests and builds: whatever of these the app has. */
export function stepsOf(service: Service, model: Model): Step[] {
  const commands = commandsOf(service, model.repo);
  const step = (name: string, script: string | null): Step[] =>
    script === null ? [] : [{ name, run: commands.run(script) }];
  const build = scriptOf(service, "build");
  return [
    ...(commands.setup === null ? [] : [{ name: "Set up the package manager", run: commands.setup }]),
    { name: "Install", run: commands.install },
    ...(generatesPrisma(service)
      ? [{ name: "Generate the database client", run: commands.exec("prisma generate") }]
      : []),
    ...typeCheck(service, model, build),
    ...step("Lint", scriptOf(service, "lint")),
    ...(needsDatabase(service) ? migration(service, model) : []),
    ...step("Test", testScriptOf(service)),
    ...step("Build", build),
  ];
}

export function testScriptOf(service: Service): string | null {
  const script = scriptOf(service, "test");
  return script === null || notATest.test(service.scripts[script] ?? "") ? null : script;
}

/** Tests of an app with a database are given one; without tests nobody would use it. */
export function needsDatabase(service: Service): boolean {
  return (
    testScriptOf(service) !== null &&
    service.backing.some(({ kind }) => kind === "postgres") &&
    databaseEnv(service) !== null
  );
}

/** The variable under which the app reads its Postgres address. */
export function databaseEnv(service: Service): string | null {
  return service.env.find(({ name }) => /^(DATABASE|POSTGRES|POSTGRESQL|PG|DB)_(URL|URI)$/.test(name))?.name ?? null;
}

function scriptOf(service: Service, kind: keyof typeof scriptNames): string | null {
  return scriptNames[kind].find((name) => Object.hasOwn(service.scripts, name)) ?? null;
}

/** Its own step only where the build does not check the types already. */
function typeCheck(service: Service, model: Model, build: string | null): Step[] {
  const commands = commandsOf(service, model.repo);
  const script = scriptOf(service, "types");
  if (script !== null) return [{ name: "Check types", run: commands.run(script) }];
  const checkedByBuild = build !== null && /\b(tsc|nest build|next build|vue-tsc)\b/.test(service.scripts[build] ?? "");
  const config = service.root === "." ? "tsconfig.json" : `${service.root}/tsconfig.json`;
  const typed = "typescript" in { ...service.dependencies, ...service.devDependencies } && model.repo.has(config);
  return typed && !checkedByBuild ? [{ name: "Check types", run: commands.exec("tsc --noEmit") }] : [];
}

function migration(service: Service, model: Model): Step[] {
  const commands = commandsOf(service, model.repo);
  const script = scriptOf(service, "migrate");
  if (script !== null) return [{ name: "Prepare the database", run: commands.run(script) }];
  return generatesPrisma(service)
    ? [{ name: "Prepare the database", run: commands.exec("prisma migrate deploy") }]
    : [];
}

function generatesPrisma(service: Service): boolean {
  const hasPrisma = "prisma" in { ...service.dependencies, ...service.devDependencies };
  const byItself = /prisma generate/.test(
    `${service.scripts["postinstall"] ?? ""} ${service.scripts["prepare"] ?? ""}`,
  );
  return hasPrisma && !byItself;
}
