/** The port a service listens on, as its code reads it; weaker sources only where the code does not say. */
import type { Place, Service } from "../model.ts";
import type { Repo } from "../repo/repo.ts";
import type { Call, Summary, Value } from "../summary.ts";
import type { Dockerfile } from "./container-files.ts";
import { launches } from "./command.ts";
import { inFolder } from "./manifest.ts";
import type { Sources } from "./located-value.ts";
import { settingOf, type Setting } from "./settings.ts";

const EXAMPLE_FILES = [".env.example", ".env.sample", ".env.template", "env.example", ".env.dist", ".env.defaults"];

/** Longer chains of calls are not followed to what they begin with. */
const MAX_CHAIN = 200;

/** A call that makes a process listen: `app.listen(...)`, `serve({ port })`, `Bun.serve({ port })`. */
function isListenCall({ callee }: Call): boolean {
  if (callee.kind === "member") return callee.property === "listen" || isRuntimeServe(callee);
  if (callee.kind !== "imported") return false;
  if (callee.name === "serve") return /^(@hono\/node-server|srvx)$/.test(callee.specifier);
  return callee.name === "listen";
}

function isRuntimeServe(callee: Extract<Value, { kind: "member" }>): boolean {
  return callee.property === "serve" && callee.object.kind === "name" && /^(Bun|Deno)$/.test(callee.object.name);
}

/** True for a module that makes a process listen by a call, or that a runtime serves for what it exports. */
export function listens(summary: Summary | undefined): boolean {
  return summary !== undefined && (summary.calls.some(isListenCall) || served(summary) !== null);
}

/** What Bun, Deno and Workers serve: a default export that has a `fetch` (`{ port, fetch: app.fetch }`) or is a Hono app. */
function served(summary: Summary): Value | null {
  const exported = summary.exports["default"];
  const value = exported === undefined ? null : behind(summary, exported);
  if (value?.kind === "object" && value.entries.some(({ key }) => key === "fetch")) return value;
  return value?.kind === "call" && isHono(summary, value, 0) ? value : null;
}

function behind({ functions }: Summary, value: Value): Value {
  const bound = value.kind === "name" ? functions[value.fn]?.bindings[value.name] : undefined;
  return bound?.length === 1 && bound[0] !== undefined ? bound[0] : value;
}

/** `new Hono()` and what is chained to it. */
function isHono(summary: Summary, value: Value, depth: number): boolean {
  const call = value.kind === "call" ? summary.calls[value.call] : undefined;
  if (call === undefined || depth > MAX_CHAIN) return false;
  const { callee } = call;
  if (callee.kind === "member") return isHono(summary, behind(summary, callee.object), depth + 1);
  return call.isNew && callee.kind === "imported" && /^(@hono\/|hono\b)/.test(callee.specifier);
}

/** What fastify-cli listens on: `-p`, else PORT, else 3000 (fastify-cli README, options of `start`); null for other commands. */
export function portOfCommand(command: string, place: Place): Service["port"] | null {
  const started = launches(command).find((each) => each.kind === "tool" && each.tool === "fastify");
  if (started?.kind !== "tool" || started.args[0] !== "start") return null;
  const flag = started.args.findIndex((arg) => arg === "-p" || arg === "--port");
  const value = flag < 0 ? null : portNumber(started.args[flag + 1] ?? null);
  if (value !== null) return { value, source: "-p in the start script", place };
  return { value: 3000, source: "PORT in the environment, 3000 by fastify-cli", place, env: "PORT" };
}

/** `files` are the service's own files, those nearest to its entry first. */
export function findPort(
  repo: Repo,
  root: string,
  files: readonly string[],
  sources: Sources,
  dockerfiles: readonly Dockerfile[],
): Service["port"] {
  const read = portInCode(files, sources);
  if (read !== null && read.value !== null) return read;
  const name = read?.env ?? "PORT";
  const example = portInExample(repo, root, name);
  if (example !== null) return { ...example, env: read?.env ?? null };
  const expose = dockerfiles.find((each) => each.expose !== null)?.expose;
  if (expose !== undefined && expose !== null) {
    return { value: expose.port, source: "EXPOSE in the Dockerfile", place: expose.place, env: read?.env ?? null };
  }
  return read ?? { value: null, source: "nothing in the code says it", place: null };
}

function portInCode(files: readonly string[], sources: Sources): Service["port"] | null {
  let named: Service["port"] | null = null;
  for (const file of files) {
    for (const { given, line } of listenings(sources.summaries.get(file))) {
      const setting = portArgument(given, file, sources);
      const value = portNumber(setting.value);
      if (value === null && setting.env === null) continue;
      const place: Place = { file, line };
      const port = {
        value,
        source: inWords(setting, value),
        place,
        ...(setting.env === null && setting.open ? {} : { env: setting.env }),
      };
      if (value !== null) return port;
      named ??= port;
    }
  }
  return named;
}

/** What the calls that listen are given first, and what the module exports to be served. */
function listenings(summary: Summary | undefined): { given: Value | undefined; line: number }[] {
  if (summary === undefined) return [];
  const calls = summary.calls.filter(isListenCall).map(({ args, span }) => ({ given: args[0], line: span.line }));
  const exported = served(summary);
  return exported?.kind === "object" ? [...calls, { given: exported, line: 1 }] : calls;
}

function portArgument(first: Value | undefined, file: string, sources: Sources): Setting {
  if (first === undefined) return { env: null, value: null, open: true };
  const option = first.kind === "object" ? first.entries.find((entry) => entry.key === "port")?.value : undefined;
  return settingOf(option ?? first, file, sources);
}

function portNumber(value: Setting["value"]): number | null {
  const port = typeof value === "string" && /^\d{1,5}$/.test(value) ? Number(value) : value;
  return typeof port === "number" && Number.isInteger(port) && port > 0 && port < 65_536 ? port : null;
}

function inWords({ env, open }: Setting, value: number | null): string {
  if (env === null) return open ? "default in the code" : "fixed in the code";
  return value === null ? `${env} in the environment, no default` : `${env} in the environment, ${value} in the code`;
}

function portInExample(repo: Repo, root: string, name: string): Service["port"] | null {
  for (const each of EXAMPLE_FILES) {
    const file = inFolder(root, each);
    const lines = (file === null ? null : repo.read(file))?.split(/\r?\n/) ?? [];
    const index = lines.findIndex((line) => line.startsWith(`${name}=`));
    const value = portNumber((lines[index] ?? "").slice(name.length + 1).replace(/["'\s]/g, ""));
    if (file !== null && value !== null)
      return { value, source: `${name} in ${each}`, place: { file, line: index + 1 } };
  }
  return null;
}
