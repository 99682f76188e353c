/** The compose file: the app's servers, their other processes, their migrations, and the services they really use. */
import { parseDocument } from "yaml";
import { z } from "zod";
import type { Service } from "../../analyzers/model.ts";
import type { Repo } from "../../analyzers/repo/repo.ts";
import { migrateCommand } from "../../analyzers/services/migrate-command.ts";
import type { Json } from "../../patches/edit.ts";
import { type Container, environmentOf, usedContainers } from "./backing.ts";
import { portOf } from "./image.ts";
import { execForm } from "./start-command.ts";

type Block = { [key: string]: Json };

const Template = z.object({ services: z.object({ app: z.record(z.string(), z.json()) }) });

/** The text of a compose file for these services of a repo, each made from the template's `app`. */
export function composeFor(services: readonly Service[], repo: Repo, template: string): string {
  const document = parseDocument(template);
  const { app } = Template.parse(document.toJS()).services;
  document.deleteIn(["services", "app"]);
  const taken = { names: new Set<string>(), ports: new Set<number>() };
  for (const service of services) {
    const name = services.length === 1 ? "app" : free(slug(service.name), taken.names);
    const port = freePort(portOf(service), taken.ports);
    const blocks = blocksOf(service, { name, port, app }, repo);
    for (const [key, block] of Object.entries(blocks)) document.setIn(["services", key], block);
  }
  const used = [...new Set(services.flatMap((service) => usedContainers(service, repo)))];
  for (const { name, definition } of used) document.setIn(["services", name], definition);
  const volumes = used.flatMap(({ volume }) => volume ?? []);
  if (volumes.length > 0) document.setIn(["volumes"], Object.fromEntries(volumes.map((name) => [name, {}])));
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

/** The containers of one service: its server, what migrates its database, its other processes. */
function blocksOf(
  service: Service,
  { name, port, app }: { name: string; port: number; app: Block },
  repo: Repo,
): { [name: string]: Block } {
  const used = usedContainers(service, repo);
  const settings = {
    env_file: [{ path: ".env", required: false }],
    environment: environmentOf(service, repo, used),
  };
  const prefix = name === "app" ? "" : `${name}-`;
  const healthy = Object.fromEntries(used.map((each) => [each.name, { condition: "service_healthy" }]));
  const migration = migrationOf(service, repo, used);
  const done = migration === null ? {} : { [`${prefix}migrate`]: { condition: "service_completed_successfully" } };
  const shared = { ...settings, ...waitingFor({ ...healthy, ...done }) };
  const workers = workersOf(service).map((worker): [string, Block] => [
    `${prefix}${worker.name}`,
    {
      build: contextOf(service),
      command: worker.argv,
      restart: "unless-stopped",
      init: true,
      stop_grace_period: "60s",
      // The image's own check asks the web server, which this process does not run.
      healthcheck: { disable: true },
      ...shared,
    },
  ]);
  return {
    [name]: { ...app, build: contextOf(service), ports: [`${port}:${portOf(service)}`], ...shared },
    ...(migration === null ? {} : { [`${prefix}migrate`]: { ...migration, ...settings, ...waitingFor(healthy) } }),
    ...Object.fromEntries(workers),
  };
}

/** `@acme/api` -> `acme-api`: what compose takes for a name. */
function slug(name: string): string {
  return (
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, "-")
      .replaceAll(/^-|-$/g, "") || "app"
  );
}

/** Databases have names of their own in the file. */
const reserved: ReadonlySet<string> = new Set(["postgres", "mysql", "mongo", "redis", "migrate"]);

function free(name: string, taken: Set<string>): string {
  const candidates = [name, `${name}-app`, ...Array.from({ length: taken.size + 1 }, (_, at) => `${name}-${at + 2}`)];
  const found = candidates.find((each) => !taken.has(each) && !reserved.has(each)) ?? name;
  taken.add(found);
  return found;
}

/** Two servers that listen on one port in their containers get neighbouring ones on the host. */
function freePort(wanted: number, taken: Set<number>): number {
  let port = wanted;
  while (taken.has(port)) port += 1;
  taken.add(port);
  return port;
}

function contextOf({ root }: Service): string {
  return root === "." ? "." : `./${root}`;
}

function waitingFor(services: Block): Block {
  return Object.keys(services).length === 0 ? {} : { depends_on: services };
}

/** A container that brings the database up to date and ends; the tools for it are in the stage that builds, not in the image. */
function migrationOf(service: Service, repo: Repo, used: readonly Container[]): Block | null {
  const command = used.some(({ isMigrated }) => isMigrated) ? migrateCommand(service, repo) : null;
  if (command === null) return null;
  return { build: { context: contextOf(service), target: "build" }, command: command.split(" ") };
}

/** Whether the compose file's own service brings the database up to date. */
export function migratesItself(service: Service, repo: Repo): boolean {
  return migrationOf(service, repo, usedContainers(service, repo)) !== null;
}

function workersOf(service: Service): { name: string; argv: string[] }[] {
  return service.processes.flatMap(({ name, command }) => {
    const form = execForm(command, service);
    return form === null || name === "app" ? [] : [{ name, argv: form.argv }];
  });
}
