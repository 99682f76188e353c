/** The port a service listens on, as its code reads it; weaker sources only where the code does not say. */
import type { Place, Service } from "../model.ts";
import type { Repo } from "../repo/repo.ts";
import type { Call, Value } from "../summary.ts";
import type { Dockerfile } from "./container-files.ts";
import { inFolder } from "./manifest.ts";
import type { Sources } from "./located-value.ts";
import { settingOf, type Setting } from "./settings.ts";

const EXAMPLE_FILES = [".env.example", ".env.sample", ".env.template", "env.example", ".env.dist", ".env.defaults"];

/** A call that makes a process listen: `app.listen(...)`, `serve({ port })`, `Bun.serve({ port })`. */
export function isListenCall({ callee }: Call): boolean {
  if (callee.kind === "member") return callee.property === "listen" || isBunServe(callee);
  if (callee.kind !== "imported") return false;
  return callee.name === "listen" || (callee.name === "serve" && callee.specifier === "@hono/node-server");
}

function isBunServe(callee: Extract<Value, { kind: "member" }>): boolean {
  return callee.property === "serve" && callee.object.kind === "name" && callee.object.name === "Bun";
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
    for (const call of sources.summaries.get(file)?.calls ?? []) {
      if (!isListenCall(call)) continue;
      const setting = portArgument(call, file, sources);
      const value = portNumber(setting.value);
      if (value === null && setting.env === null) continue;
      const place: Place = { file, line: call.span.line };
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

function portArgument(call: Call, file: string, sources: Sources): Setting {
  const [first] = call.args;
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
