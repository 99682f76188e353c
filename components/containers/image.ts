/** What the image of a service needs, read off the model: the values that fill the Dockerfile's template. */
import { posix } from "node:path";
import { isHeldBelow } from "../../analyzers/deployment/node-version.ts";
import type { Model, Place, Route, Service, Use } from "../../analyzers/model.ts";
import { commandsOf, nodeMajorOf, prismaGenerateOf } from "../../analyzers/services/toolchain.ts";
import { misnamedEntry } from "./compiled-entry.ts";
import { startCommand } from "./start-command.ts";

export type Blank = { cannot: string };

/** For an app that reads its port from the environment and names no other. */
const usualPort = 3000;

/** Paths under which apps answer "am I alive", the cheapest first. */
const livenessPath =
  /^\/(api\/)?(v\d+\/)?(livez|live|liveness|healthz|health\/live|health|healthcheck|health-check|ping|_health)$/;

/** What runs on 18 runs on the majors that an image is written for, by and large; older code has to be tried by its authors. */
const oldestNode = 18;

/** Values for `templates/Dockerfile`, or why no image can be written safely. */
export function imageOf(service: Service, model: Model): Record<string, string | boolean> | Blank {
  if (isHeldBelow(model, service, oldestNode))
    return {
      cannot: `it is meant for a Node older than ${oldestNode}, which no longer gets security fixes: raise Node first`,
    };
  const command = startCommand(service);
  if (command === null) return { cannot: cannotStart(service) };
  if (service.outDir !== null && service.build === null)
    return {
      cannot: `the start script runs what a compiler writes to ${service.outDir}, and no script \`build\` writes it`,
    };
  const misnamed = misnamedEntry(service, model, command.argv);
  if (misnamed !== null) {
    const { named, written, outside } = misnamed;
    return {
      cannot: `the start script runs ${named}, but the build writes that file to ${written}, because ${outside} is compiled along with it`,
    };
  }
  const packages = service.packageManager ?? "npm";
  if (packages === "yarn" && commandsOf(service, model.repo).setup === "corepack enable") {
    return {
      cannot:
        "yarn 2 and later keep their releases and plugins in the repo, and which of them the image needs is not known here",
    };
  }
  const { dependencies, scripts } = service;
  const prismaGenerate = prismaGenerateOf(service, model.repo);
  const hasPrisma = prismaGenerate !== null;
  const outside = pathOutside(service, model);
  if (outside !== null) {
    return {
      cannot: `the app reads files outside its own folder (${outside.file}:${outside.line}), which an image of this folder alone would not hold`,
    };
  }
  const commands = commandsOf(service, model.repo);
  const health = healthPath(service, model);
  return {
    NODE: String(nodeMajorOf(service).major),
    hasSetup: commands.setup !== null,
    SETUP: commands.setup ?? "",
    installNeedsSource: ["preinstall", "install", "postinstall", "prepare"].some((name) => name in scripts),
    MANIFESTS: manifests(service, model),
    INSTALL: cached(commands.install, packages),
    hasPrisma,
    PRISMA_GENERATE: prismaGenerate ?? "",
    needsOpenssl:
      hasPrisma && !/^\D*(?:[7-9]|\d\d)/.test(dependencies["@prisma/client"] ?? dependencies["prisma"] ?? ""),
    hasBuild: service.build !== null && "build" in scripts,
    BUILD: commands.run("build"),
    prunes: command.prunable,
    SHIPPED: command.prunable ? "pruned" : "build",
    PRUNE: pruneCommand(packages, commands.installProduction),
    writesFiles: writesLocalFiles(service, model),
    PORT: String(portOf(service)),
    PORT_EXPRESSION: portExpression(service) ?? String(portOf(service)),
    hasHealthRoute: health !== null,
    HEALTH_URL: healthUrl(service, health ?? "/"),
    COMMAND: JSON.stringify(command.argv).replaceAll(",", ", "),
  };
}

/** The port the app listens on unless told otherwise. */
export function portOf(service: Service): number {
  return service.port.value ?? usualPort;
}

/** The port as JavaScript reads it at run time; null when the code fixes it. */
function portExpression(service: Service): string | null {
  const { env = null } = service.port;
  return env === null ? null : `process.env.${env} || ${portOf(service)}`;
}

/** JavaScript for the address that the container asks about itself. */
export function healthUrl(service: Service, path: string): string {
  const port = portExpression(service);
  return port === null ? `'http://127.0.0.1:${portOf(service)}${path}'` : `'http://127.0.0.1:' + (${port}) + '${path}'`;
}

/** The path that says "alive", for the image's own check. */
export function healthPath(service: Service, model: Model): string | null {
  return aliveRoutes(service, model)[0]?.path ?? null;
}

/**
 * Routes that say "alive", the shortest first: without parameters, and their handlers ask no database, because a slow one must
 * not get every container restarted.
 */
export function aliveRoutes(service: Service, model: Model): Route[] {
  const asking = new Set(
    model
      .usesOfKind("database-read", "database-write", "cache")
      .flatMap(({ call }) => model.reach(call).flatMap(({ entry }) => entry.routeId ?? [])),
  );
  return healthRoutes(service, model).filter(({ id }) => !asking.has(id));
}

/** The same with those that ask the database, which say whether the app can answer. */
export function healthRoutes(service: Service, model: Model): Route[] {
  return model.routes
    .filter((route) => route.service === service.name && ["GET", "ALL"].includes(route.method))
    .filter(({ path }) => livenessPath.test(path))
    .toSorted((one, other) => one.path.length - other.path.length);
}

/** Whether the app writes files at run time: uploads, logs, a database that is a file. */
export function writesLocalFiles(service: Service, model: Model): boolean {
  if (service.backing.some(({ kind }) => kind === "sqlite")) return true;
  return model.uses.some(
    (use) =>
      writesFile(use) &&
      model.service(use.call.file)?.name === service.name &&
      ["server", "worker"].includes(model.context(use.call.file)),
  );
}

/** multer writes to a disk when it is told where; without that it keeps uploads in memory. */
function writesFile({ kind, api, call }: Use): boolean {
  const [options] = call.args;
  const hasFolder = options?.kind === "object" && "dest" in options.entries;
  const writes = kind === "file-write" || api === "multer:diskStorage" || api === "winston:transports.File";
  return writes || (api === "multer:" && hasFolder);
}

/** A path such as `join(__dirname, "../../client/dist")` that leads out of the service's folder. */
function pathOutside(service: Service, model: Model): Place | null {
  if (service.root === ".") return null;
  const joins = ["node:path:join", "node:path:resolve"].flatMap((api) => model.usesOf(api));
  const found = joins.find(({ call }) => {
    const parts = call.args.flatMap((arg) =>
      arg.kind === "literal" && typeof arg.value === "string" ? arg.value : [],
    );
    const here = model.context(call.file) === "server" && model.service(call.file)?.name === service.name;
    const target = posix.join(posix.dirname(call.file), ...parts);
    return here && parts.some((part) => part.startsWith("..")) && !`${target}/`.startsWith(`${service.root}/`);
  });
  return found === undefined ? null : { file: found.call.file, line: found.call.line };
}

function cannotStart(service: Service): string {
  return service.start === null
    ? "nothing says how the app is started in production: no start script, and no single plain JavaScript entry"
    : `the start script \`${service.start}\` does more than start one node process`;
}

/** package.json, the lockfile and the package manager's settings: what an install reads. */
function manifests(service: Service, { repo }: Model): string {
  const names = [
    "package.json",
    "package-lock.json",
    "npm-shrinkwrap.json",
    "pnpm-lock.yaml",
    "pnpm-workspace.yaml",
    "yarn.lock",
    "bun.lock",
    "bun.lockb",
    ".npmrc",
    ".yarnrc",
  ];
  return names.filter((name) => repo.has(service.root === "." ? name : `${service.root}/${name}`)).join(" ");
}

function cached(install: string, packages: string): string {
  return packages === "npm" ? `--mount=type=cache,target=/root/.npm ${install}` : install;
}

/** Takes development dependencies out of what is installed. */
export function pruneCommand(packages: string, installProduction: string): string {
  switch (packages) {
    case "npm":
      return "npm prune --omit=dev";
    case "pnpm":
      return "CI=true pnpm prune --prod --ignore-scripts";
    case "bun":
      return `rm -rf node_modules && ${installProduction}`;
    default:
      return `${installProduction} --ignore-scripts --prefer-offline`;
  }
}
