/** What a service's toolchain is called with: its package manager's commands and the Node it should run on. */
import type { Repo } from "../repo/repo.ts";
import type { Service } from "../model.ts";

/** Node majors with fixes for at least another year, in the order we choose them (nodejs/Release, 2026-11: 24 until 2028-04-30, 22 until 2027-04-30). */
const supportedMajors = [24, 22, 26] as const;

export interface Commands {
  /** Installs exactly what the lockfile says; from package.json when there is none. */
  install: string;
  /** The same without development dependencies. */
  installProduction: string;
  run(script: string): string;
  /** Runs a binary of the installed dependencies. */
  exec(binary: string): string;
  /** Puts the package manager on a machine that has only Node and npm; null for npm itself. */
  setup: string | null;
}

/** The commands of the service's package manager; npm's when none is known. */
export function commandsOf(service: Service, repo: Repo): Commands {
  const locked = service.lockfile !== null;
  switch (service.packageManager) {
    case "pnpm":
      return {
        install: locked ? "pnpm install --frozen-lockfile" : "pnpm install",
        installProduction: locked ? "pnpm install --frozen-lockfile --prod" : "pnpm install --prod",
        run: (script) => `pnpm run ${script}`,
        exec: (binary) => `pnpm exec ${binary}`,
        setup: `npm install --global pnpm@${pinned(service, repo) ?? pnpmMajor(service, repo)}`,
      };
    case "yarn":
      return yarn(service, repo);
    case "bun":
      return {
        install: locked ? "bun install --frozen-lockfile" : "bun install",
        installProduction: locked ? "bun install --frozen-lockfile --production" : "bun install --production",
        run: (script) => `bun run ${script}`,
        exec: (binary) => `bunx ${binary}`,
        setup: `npm install --global bun@${pinned(service, repo) ?? "1"}`,
      };
    default:
      return {
        install: locked ? "npm ci" : "npm install",
        installProduction: locked ? "npm ci --omit=dev" : "npm install --omit=dev",
        run: (script) => (script === "test" || script === "start" ? `npm ${script}` : `npm run ${script}`),
        exec: (binary) => `npx ${binary}`,
        setup: null,
      };
  }
}

/** Yarn 1 comes by npm; later lines are fetched by corepack, which Node carries up to 24. */
function yarn(service: Service, repo: Repo): Commands {
  const version = pinned(service, repo);
  const classic = version === null ? !/^__metadata:/m.test(lockText(service, repo)) : version.startsWith("1.");
  const frozen = classic ? " --frozen-lockfile" : " --immutable";
  const install = `yarn install${service.lockfile === null ? "" : frozen}`;
  return {
    install,
    installProduction: classic ? `${install} --production` : "yarn workspaces focus --production",
    run: (script) => `yarn run ${script}`,
    exec: (binary) => `yarn run ${binary}`,
    setup: classic ? `npm install --global yarn@${version ?? "1"}` : "corepack enable",
  };
}

/**
 * The Node major to build and run on: the first supported one that the app's own wish (`engines`, `.nvmrc`) allows.
 * `honoured` is false when it asks for one that is out of support; the newest long-term line stands in then.
 */
export function nodeMajorOf(service: Service): { major: number; honoured: boolean } {
  const wishes = (service.nodeVersion ?? "").split("||").map(parseRange);
  const allowed = supportedMajors.find((major) => wishes.some((bounds) => bounds.every((admits) => admits(major))));
  return { major: allowed ?? supportedMajors[0], honoured: allowed !== undefined };
}

type Bound = (major: number) => boolean;

/** `>=18 <23`, `^20.1.0`, `v22`, `lts/*` as bounds on the major; what is not understood admits everything. */
function parseRange(range: string): Bound[] {
  return [...range.matchAll(/(>=|<=|>|<|\^|~|=)?\s*v?(\d+)(\.[\dx*]+)*/g)].map(([, operator, digits]): Bound => {
    const bound = Number(digits);
    switch (operator) {
      case ">=":
      case ">":
        return (major) => major >= bound;
      case "<=":
        return (major) => major <= bound;
      case "<":
        return (major) => major < bound;
      default:
        return (major) => major === bound;
    }
  });
}

/**
 * The command that makes Prisma's client, null where the app has no Prisma. A `prisma.config` that reads the database's
 * address fails without one, although nothing is connected to: then one that leads nowhere stands in.
 */
export function prismaGenerateOf(service: Service, repo: Repo): string | null {
  if (!("prisma" in { ...service.dependencies, ...service.devDependencies })) return null;
  const configs = ["ts", "mts", "js", "mjs", "cjs"].map((ending) => join(service.root, `prisma.config.${ending}`));
  const stand = configs.some((file) => repo.has(file))
    ? "DATABASE_URL=postgresql://unused:unused@localhost/unused "
    : "";
  return stand + commandsOf(service, repo).exec("prisma generate");
}

/** The version in `packageManager` (`pnpm@9.1.0+sha512...` -> `9.1.0`), from the service's or the root's package.json. */
function pinned(service: Service, repo: Repo): string | null {
  for (const file of [join(service.root, "package.json"), "package.json"]) {
    const match = /"packageManager"\s*:\s*"[a-z]+@([\w.-]+)/.exec(repo.read(file) ?? "");
    if (match?.[1] !== undefined) return match[1];
  }
  return null;
}

/** The newest pnpm major that reads the lockfile as it is. */
function pnpmMajor(service: Service, repo: Repo): string {
  const format = /^lockfileVersion:\s*'?(\d+)/m.exec(lockText(service, repo))?.[1];
  if (format === "5") return "7";
  if (format === "6") return "8";
  return "10";
}

function lockText(service: Service, repo: Repo): string {
  return service.lockfile === null ? "" : (repo.read(service.lockfile) ?? "");
}

function join(folder: string, file: string): string {
  return folder === "." ? file : `${folder}/${file}`;
}
