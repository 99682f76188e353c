/** Which checks an app has, as steps of a pipeline, in the order in which they fail fastest. */
import type { Model, Service } from "../../analyzers/model.ts";
import { migrateScripts } from "../../analyzers/services/migrate-command.ts";
import { commandsOf, prismaGenerateOf } from "../../analyzers/services/toolchain.ts";
import type { Unit } from "./units.ts";

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
  // The database of a test run is empty: pushing a schema drops nothing.
  migrate: [...migrateScripts, "db:push"],
} as const satisfies Record<string, readonly string[]>;
type Check = keyof typeof scriptNames;

/** What `npm init` writes when there are no tests, and runners that never end. */
const notATest = /no test specified|--watch(All)?(?!=false)\b|\bnodemon\b|(^|\s)-w(\s|$)/;

/** Installs, type-checks, lints, tests and builds: whatever of these the unit has. */
export function stepsOf(unit: Unit, model: Model): Step[] {
  const commands = commandsOf(unit, model.repo);
  const step = (name: string, check: Check): Step[] => {
    const run = commandOf(unit, check, model);
    return run === null ? [] : [{ name, run }];
  };
  const generates = prismaStep(unit, model);
  const steps = [
    ...(commands.setup === null ? [] : [{ name: "Set up the package manager", run: commands.setup }]),
    { name: "Install", run: commands.install },
    ...(generates === null ? [] : [{ name: "Generate the database client", run: generates }]),
    ...typeCheck(unit, model),
    ...step("Lint", "lint"),
    ...(needsDatabase(unit) ? migration(unit, model) : []),
    ...step("Test", "test"),
    ...step("Build", "build"),
  ];
  return [...steps, ...syntaxCheck(unit, steps)];
}

/** The unit's own script, else the members' where the package manager runs those that have it. Null when there is none. */
function commandOf(unit: Unit, check: Check, { repo }: Model): string | null {
  const own = scriptOf(unit, check);
  if (own !== null) return commandsOf(unit, repo).run(own);
  const names = unit.members.flatMap((member) => scriptOf(member, check) ?? []);
  const [name] = names;
  if (name === undefined || names.some((other) => other !== name)) return null;
  if (unit.packageManager === "pnpm") return `pnpm --recursive --if-present run ${name}`;
  return unit.packageManager === "npm" ? `npm run ${name} --workspaces --if-present` : null;
}

/** Runs a package's own tests to their end; null where its script watches, or where there is none. */
export function testCommandOf(unit: Unit, { repo }: Pick<Model, "repo">): string | null {
  const name = scriptOf(unit, "test");
  return name === null ? null : commandsOf(unit, repo).run(name);
}

export function hasTests(unit: Unit): boolean {
  return [unit, ...unit.members].some((each) => scriptOf(each, "test") !== null);
}

/** Tests of an app with a database are given one; without tests nobody would use it. */
export function needsDatabase(unit: Unit): boolean {
  return hasTests(unit) && unit.backing.some(({ kind }) => kind === "postgres") && databaseEnv(unit) !== null;
}

/** The variable under which the app reads its Postgres address. */
export function databaseEnv(unit: Unit): string | null {
  return unit.env.find(({ name }) => /^(DATABASE|POSTGRES|POSTGRESQL|PG|DB)_(URL|URI)$/.test(name))?.name ?? null;
}

function scriptOf(service: Pick<Service, "scripts">, check: Check): string | null {
  const name = scriptNames[check].find((script) => Object.hasOwn(service.scripts, script));
  if (name === undefined) return null;
  return check === "test" && notATest.test(service.scripts[name] ?? "") ? null : name;
}

/** The script that runs a package's tests and ends by itself; null when there is none. */
export function testScriptOf({ scripts }: Pick<Service, "scripts">): string | null {
  const name = [...scriptNames.test, "tests", "test:all", "vitest", "jest"].find((script) =>
    Object.hasOwn(scripts, script),
  );
  return name === undefined || /no test specified|^\s*(echo|exit|true)\b/.test(scripts[name] ?? "") ? null : name;
}

/** By the app's own script only: a check that nobody runs today may be red on an app that works. */
function typeCheck(unit: Unit, model: Model): Step[] {
  const run = commandOf(unit, "types", model);
  return run === null ? [] : [{ name: "Check types", run }];
}

/** For an app with nothing to run: at least a file that does not parse is noticed. */
function syntaxCheck(unit: Unit, steps: readonly Step[]): Step[] {
  const checks = steps.filter(({ name }) => ["Check types", "Lint", "Test", "Build"].includes(name));
  const [entry] = unit.entry;
  if (checks.length > 0 || entry === undefined || !/\.[cm]?js$/.test(entry)) return [];
  return [{ name: "Check syntax", run: "git ls-files '*.js' '*.mjs' '*.cjs' | xargs -n 1 node --check" }];
}

function migration(unit: Unit, model: Model): Step[] {
  const run = commandOf(unit, "migrate", model);
  if (run !== null) return [{ name: "Prepare the database", run }];
  const deploy = commandsOf(unit, model.repo).exec("prisma migrate deploy");
  return prismaStep(unit, model) !== null ? [{ name: "Prepare the database", run: deploy }] : [];
}

/** Null where the install makes the client by itself. */
function prismaStep(unit: Unit, { repo }: Model): string | null {
  const byItself = /prisma generate/.test(`${unit.scripts["postinstall"] ?? ""} ${unit.scripts["prepare"] ?? ""}`);
  return byItself ? null : prismaGenerateOf(unit, repo);
}
