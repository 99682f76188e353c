/** The file that a logger is written into, and what comes with it. */
import { posix } from "node:path";
import { isHeldBelow } from "../../analyzers/deployment/node-version.ts";
import type { Model, Service } from "../../analyzers/model.ts";
import { serverFiles } from "../../analyzers/serving/server-files.ts";
import type { Edit, EnvVar } from "../../patches/edit.ts";
import { toDialect } from "../../patches/editors/dialect.ts";
import { addEnv } from "../../patches/editors/dotenv.ts";
import { addDependency, installNote } from "../../patches/editors/package-json.ts";
import { styleFor } from "../../patches/editors/source.ts";
import { newFile } from "../../patches/new-file.ts";

export type Logged = { edits: Edit[]; notes: string[]; env: EnvVar[] } | { cannot: string };

/** What keeps lines readable in development. */
export const pretty = { "pino-pretty": "^13.2.0" };

const level: EnvVar = {
  name: "LOG_LEVEL",
  example: "info",
  note: "What is logged at least: trace, debug, info, warn, error",
};

/** Where the logger goes for an app that is made in this file. */
export function loggerFile(
  app: string,
  service: Service,
  model: Model,
  oldestNode: number,
): string | { cannot: string } {
  return isHeldBelow(model, service, oldestNode)
    ? {
        cannot: `the app is held on a Node older than ${oldestNode}, which the logger no longer supports: raise Node first`,
      }
    : newFile(model.repo, folderFor(model, service, app), "logger", app);
}

/** The file itself with its packages and its setting, besides the edits that bring it into the app. */
export function written(
  file: string,
  template: string,
  packages: Readonly<Record<string, string>>,
  service: Service,
  model: Model,
  rest: { edits: Edit[]; notes: string[] },
): Logged {
  return {
    edits: [
      { kind: "create", file, text: toDialect(template, styleFor(model.repo, file)) },
      ...rest.edits,
      ...Object.entries(packages).flatMap(([name, range]) => addDependency(service, name, range)),
      ...addEnv(model.repo, service.root, [level]),
    ],
    env: [level],
    notes: [installNote(service), ...rest.notes],
  };
}

/** Among the app's own helpers where it has a folder for them; else beside the app. */
function folderFor(model: Model, service: Service, app: string): string {
  const base = posix.dirname(app);
  const folders = ["utils", "lib", "helpers", "config"].map((name) => posix.join(base, name));
  const files = new Set(serverFiles(model, service).map((file) => posix.dirname(file)));
  return folders.find((folder) => files.has(folder)) ?? base;
}
