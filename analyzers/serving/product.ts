/** Which services of a repo are the product: what users reach, not samples, documentation and tools beside it. */
import { posix } from "node:path";
import { deploysOf, isFunctionHost, isServerless } from "../deployment/hosting.ts";
import type { Model, Place, Route, Service } from "../model.ts";
import { serverFiles } from "./server-files.ts";
import { serverApis } from "./server-calls.ts";
import { readManifests } from "../services/index.ts";
import { isIn, lineHolding, type Manifest } from "../services/manifest.ts";
import { SERVER_FRAMEWORKS } from "../services/packages-used.ts";
import { isToolOnly } from "./express-apps.ts";

/** Folders whose packages are shown, tried or read, but not run for users. */
const besideTheProduct =
  /(^|\/)(\.[\w-]+|[\w-]*examples?|samples?|demos?|docs?|documentation|playgrounds?|sandbox(es)?|bench(marks?)?|e2e|cypress|tests?|testing|templates?|boilerplates?|fixtures|scripts|tools?|storybook|mocks?)(\/|$)/i;

export function isBesideTheProduct(path: string): boolean {
  return besideTheProduct.test(path);
}

const answering = new WeakMap<Model, readonly Service[]>();

/** Services that answer requests of users, as processes or as functions. */
export function answeringServices(model: Model): readonly Service[] {
  const found = answering.get(model) ?? findAnswering(model);
  answering.set(model, found);
  return found;
}

function findAnswering(model: Model): Service[] {
  return model.services.filter(
    (service) =>
      !isBesideTheProduct(service.root) &&
      !isToolOnly(service) &&
      !isCommand(model, service) &&
      answersRequests(model, service),
  );
}

/** A package that is installed for its commands; what it serves, it serves to the one who called it. */
function isCommand({ repo }: Model, { root, start }: Service): boolean {
  const bins = readManifests(repo).manifests.find((manifest) => manifest.root === root)?.bin ?? [];
  return bins.some((file) => start === null || start.includes(posix.normalize(file)));
}

/** Those of them that run as processes, which somebody has to start, watch and stop. */
export function processServices(model: Model): Service[] {
  return answeringServices(model).filter((service) => {
    if (isServerless(model, service)) return false;
    // A framework's own server may as well be run by a platform of functions: only a file that starts it says.
    return runsOwnServer(model, service) || isRunBy(model, service);
  });
}

/** A file of its own puts it on a host that runs processes, or any file does where it is the only app of the repo. */
function isRunBy(model: Model, service: Service): boolean {
  const deploys = deploysOf(model, service);
  const own = deploys.filter(({ evidence }) => service.root !== "." && isIn(service.root, evidence.file));
  if (own.length > 0) return own.some(({ target }) => !isFunctionHost(target));
  return deploys.length > 0 && answeringServices(model).length === 1;
}

function answersRequests(model: Model, service: Service): boolean {
  if (makesServer(model, service)) return true;
  return service.frameworks.some(({ name }) => ownServers.has(name)) && !isStatic(model, service);
}

/** Frameworks whose command serves requests without a line of the app's own that listens. */
const ownServers: ReadonlySet<string> = new Set(
  ["next", "nuxt", "sveltekit", "remix", "react-router", "nestjs", "fastify", "koa", "hono", "elysia"].filter((name) =>
    SERVER_FRAMEWORKS.has(name),
  ),
);

/** Whether routes, or a server, stand in the service's own code and not only in a package it may import. */
function makesServer(model: Model, service: Service): boolean {
  if (model.routes.some((route) => route.service === service.name)) return true;
  return serverApis.some((api) =>
    model.usesOf(api).some(({ call: { file } }) => isOwnServerFile(model, service, file)),
  );
}

function isOwnServerFile(model: Model, { root }: Service, file: string): boolean {
  return (
    model.context(file) === "server" && model.service(file)?.root === root && !isBesideTheProduct(posix.dirname(file))
  );
}

/** Whether the app's own code makes the server, and not the command of a framework. */
export function runsOwnServer(model: Model, service: Service): boolean {
  return makesServer(model, service) && !service.frameworks.some(({ name }) => runByCommand.has(name));
}

const runByCommand: ReadonlySet<string> = new Set(["next", "nuxt", "sveltekit", "remix", "react-router", "astro"]);

/** Pages that are made when the app is built: any file server will do. */
function isStatic({ repo }: Model, { root, dependencies, devDependencies }: Service): boolean {
  const config = ["js", "mjs", "cjs", "ts", "mts"].map(
    (ending) => repo.read(`${root === "." ? "" : `${root}/`}next.config.${ending}`) ?? "",
  );
  return (
    "@sveltejs/adapter-static" in { ...dependencies, ...devDependencies } ||
    config.some((text) => /output\s*:\s*["'`]export["'`]/.test(text))
  );
}

/** The place that stands for something a service does not have among its packages. */
export function dependenciesPlace({ repo }: Pick<Model, "repo">, { root }: Pick<Service, "root">): Place {
  const file = root === "." ? "package.json" : `${root}/package.json`;
  return { file, line: lineHolding(repo.read(file) ?? "", /^[ \t]*"dependencies"\s*:/m) };
}

/**
 * Whether a service has grown beyond what one person keeps in mind: ten routes, or forty files of server code where its
 * routes cannot be read. Both numbers are our judgement.
 */
export function isSizable(model: Model, service: Service): boolean {
  const routes = model.routes.filter((route) => route.service === service.name && !isForMachines(route)).length;
  return routes >= 10 || (routes === 0 && serverFiles(model, service).length >= 40);
}

/** Addresses that only whoever runs the app asks. */
function isForMachines({ path }: Route): boolean {
  return /\/(livez|readyz|healthz?|metrics)\/?$/.test(path);
}

/**
 * Names of the packages that a service can have to do with: its own, those of packages in the repo that are no service
 * (libraries it may import) and those that the packages above it install for all.
 */
export function packagesInReach({ repo, services }: Model, service: Service): Set<string> {
  const roots = new Set(services.map(({ root }) => root));
  const shared = readManifests(repo).manifests.filter(
    ({ root }) => root === service.root || root === "." || !roots.has(root),
  );
  return new Set(shared.flatMap(namesIn));
}

function namesIn({ dependencies, devDependencies, optionalDependencies }: Manifest): string[] {
  return Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });
}
