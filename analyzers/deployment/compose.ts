/** What the compose files of a repo run, and whether they do so in production or on a developer's machine. */
import { posix } from "node:path";
import { readComposeServices, record, type ComposeService } from "../services/container-files.ts";
import type { Repo } from "../repo/repo.ts";

export interface ComposedService extends ComposeService {
  /** `production`: it is kept running. `development`: the source is mounted over the image, or the file says so by its name. */
  purpose: "production" | "development" | "unclear";
  /** Dockerfile it is built from, null when it only runs an image. */
  dockerfile: string | null;
  /** The stage of it that is built, null when none is named. */
  target: string | null;
  environment: Readonly<Record<string, string>>;
  /** Names of the services that wait until this one is healthy, or only until it has started. */
  awaitedBy: { name: string; healthy: boolean }[];
  /** What the health check runs; null without one (or with one that is switched off). */
  healthcheck: string | null;
}

const developmentFile =
  /(^|[._-])(dev|devel|development|local|override|test|tests|e2e|ci|debug|example|sample)([._-]|$)/i;
const productionFile = /(^|[._-])(prod|production|deploy|release|stack|swarm)([._-]|$)/i;
const besideTheProduct =
  /(^|\/)(\.devcontainer|examples?|samples?|docs?|tests?|e2e|dev|development|local|fixtures|templates?)\//i;

/** Every service of every compose file, those of files beside the product left out. */
export function composedServices(repo: Repo): ComposedService[] {
  const all = readComposeServices(repo).filter(({ file }) => !besideTheProduct.test(file));
  return all.map((service) => {
    const beside = all.filter(({ file }) => file === service.file);
    return {
      ...service,
      purpose: hasTwinInProduction(service, all) ? "development" : purposeOf(service),
      dockerfile: dockerfileOf(service),
      target: textOf(record(service.block["build"])["target"]) || null,
      environment: environmentOf(service.block["environment"]),
      awaitedBy: beside.flatMap((other) => waitOf(other, service.name)),
      healthcheck: healthcheckOf(service.block["healthcheck"]),
    };
  });
}

function purposeOf({ file, block, build }: ComposeService): ComposedService["purpose"] {
  const name = posix.basename(file);
  if (developmentFile.test(name) || (build !== null && mountsSource(block))) return "development";
  if (productionFile.test(name)) return "production";
  const restart = block["restart"] ?? record(record(block["deploy"])["restart_policy"])["condition"];
  const kept = typeof restart === "string" && /^(always|unless-stopped|on-failure|any)/.test(restart);
  return kept || "replicas" in record(block["deploy"]) ? "production" : "unclear";
}

/** Beside `compose.prod.yml` that says the whole of a service for itself, `compose.yml` is the developers' own. */
function hasTwinInProduction({ file, name }: ComposeService, all: readonly ComposeService[]): boolean {
  if (productionFile.test(posix.basename(file))) return false;
  return all.some(
    (other) =>
      other.name === name &&
      productionFile.test(posix.basename(other.file)) &&
      posix.dirname(other.file) === posix.dirname(file) &&
      (other.build !== null || "image" in other.block),
  );
}

/** A folder of the repo mounted into the container (`.:/app`, `./src:/app/src`): the code that runs is the developer's own. */
function mountsSource(block: Readonly<Record<string, unknown>>): boolean {
  if ("develop" in block) return true;
  const { volumes, build } = block;
  const context = plainFolder(textOf(build) || textOf(record(build)["context"]));
  return (Array.isArray(volumes) ? volumes : []).some((volume) => {
    const { source, target } = record(volume);
    const [from = "", to = ""] = typeof volume === "string" ? volume.split(":") : [textOf(source), textOf(target)];
    // What the image is built from is code, whatever the folder is called.
    const isCode = codeFolder.test(from) || plainFolder(from) === context;
    return /^\.{1,2}(\/|$)/.test(from) && isCode && to.startsWith("/");
  });
}

function plainFolder(path: string): string {
  return posix.join(path, ".");
}

/** The repo itself, a package in it, or its source; not data, uploads, logs or single configuration files. */
const codeFolder =
  /^\.{1,2}\/?$|\/(src|app|apps|server|client|backend|frontend|api|web|packages|lib|services?|worker)\/?$|\/package\.json$/i;

function dockerfileOf({ build, block }: ComposeService): string | null {
  if (build === null) return null;
  const named = record(block["build"])["dockerfile"];
  return posix.join(build, typeof named === "string" ? named : "Dockerfile");
}

function environmentOf(value: unknown): Record<string, string> {
  if (!Array.isArray(value))
    return Object.fromEntries(Object.entries(record(value)).map(([name, each]) => [name, textOf(each)]));
  const pairs = value.flatMap((line) => {
    const [, name, text] = /^([^=]+)=(.*)$/s.exec(String(line)) ?? [];
    return name === undefined || text === undefined ? [] : [[name, text] as const];
  });
  return Object.fromEntries(pairs);
}

function waitOf({ name, block }: ComposeService, awaited: string): { name: string; healthy: boolean }[] {
  const waits = block["depends_on"];
  if (Array.isArray(waits)) return waits.includes(awaited) ? [{ name, healthy: false }] : [];
  const wait = record(waits)[awaited];
  return wait === undefined ? [] : [{ name, healthy: record(wait)["condition"] === "service_healthy" }];
}

function healthcheckOf(value: unknown): string | null {
  const { test, disable } = record(value);
  const text = Array.isArray(test) ? test.join(" ") : typeof test === "string" ? test : null;
  return disable === true || text === null || /^NONE\b/.test(text) ? null : text;
}

/** A plain value as text; empty for what is none. */
function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}
