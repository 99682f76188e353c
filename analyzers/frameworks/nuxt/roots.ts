/** Where the apps and layers of Nuxt and Nitro are, and what their configuration says. */
import { posix } from "node:path";
import { textsOf } from "../../link/known.ts";
import type { FileNode } from "../../link/program.ts";
import { union, type Tokens } from "../../link/token.ts";
import { isIn } from "../../services/manifest.ts";
import type { LinkedApp } from "../framework.ts";

/** The folder of one configuration; a layer has one of its own. */
export interface Root {
  folder: string;
  config: FileNode;
  kind: "nuxt" | "nitro";
  /** Folders that hold `api/`, `routes/`, `middleware/`, `plugins/` and `tasks/`. */
  servers: readonly string[];
  /** Folders that hold `pages/`. */
  sources: readonly string[];
}

const CONFIG = /^(nuxt|nitro)\.config\.[cm]?[jt]s$/;

export function rootsOf(app: LinkedApp): Root[] {
  return [...app.linked.solver.program.files.values()].flatMap((config) => {
    const kind = CONFIG.exec(posix.basename(config.path))?.[1];
    if (kind !== "nuxt" && kind !== "nitro") return [];
    const folder = posix.dirname(config.path);
    const at = (name: string) => posix.join(folder, name);
    const text = app.repo.read(config.path) ?? "";
    const server = /\bserverDir:\s*["']([^"']+)["']/.exec(text)?.[1];
    const source = /\bsrcDir:\s*["']([^"']+)["']/.exec(text)?.[1];
    const servers =
      server !== undefined
        ? [at(server)]
        : kind === "nuxt"
          ? [at("server"), ...(source === undefined ? [] : [at(posix.join(source, "server"))])]
          : [at(source ?? "."), ...(source === undefined ? [at("server")] : [])];
    const sources = source === undefined ? [at("app"), folder] : [at(source)];
    return [{ folder, config, kind, servers: [...new Set(servers)], sources }];
  });
}

/** What the configuration has at a path of names: `["nitro", "scheduledTasks"]`. */
export function setting({ linked: { solver } }: LinkedApp, { config }: Root, names: readonly string[]): Tokens {
  const calls = config.calls.filter((call) => call !== undefined && call.fn === config.fns[0]);
  const given = calls.flatMap(({ fact }) => fact.args.slice(0, 1));
  const whole = union([
    ...given.map((arg) => solver.evaluate(config, arg, null)),
    solver.exported(config, "default").filter(({ kind }) => kind === "object"),
  ]);
  return names.reduce<Tokens>((tokens, name) => union(tokens.map((token) => solver.member(token, name))), whole);
}

/** Whether the two make one app: a layer lies below the app that it is part of, or is named by it. */
export function isSameApp(app: LinkedApp, a: Root, b: Root): boolean {
  const isBelow = isIn(a.folder, b.config.path) || isIn(b.folder, a.config.path);
  return isBelow || layersOf(app, a).has(b.config.path) || layersOf(app, b).has(a.config.path);
}

/** The configurations that `extends` names. */
function layersOf(app: LinkedApp, root: Root): Set<string> {
  const { solver } = app.linked;
  const named = textsOf(solver, setting(app, root, ["extends"]));
  const found = named.flatMap((name) =>
    [name, `${name.replace(/\/$/, "")}/nuxt.config`].flatMap((specifier) => {
      const resolved = solver.modules.resolve(root.config.path, specifier);
      return resolved.kind === "file" ? [resolved.file] : [];
    }),
  );
  return new Set(found);
}
