/** Nitro's tasks: what a schedule in the configuration starts, and what waits to be started by name. */
import { posix } from "node:path";
import { textsOf } from "../../link/known.ts";
import type { FileNode } from "../../link/program.ts";
import type { Entry } from "../../model.ts";
import { entriesOf, exportedHandlers } from "../conventional.ts";
import type { LinkedApp } from "../framework.ts";
import { setting, type Root } from "./roots.ts";

/** `folder`: where the task files lie; their paths below it are their names, `db/migrate.ts` is `db:migrate`. */
export function taskEntries(app: LinkedApp, root: Root, folder: string, files: readonly FileNode[]): Entry[] {
  const schedules = schedulesOf(app, root);
  return files.flatMap((file) => {
    const name = posix
      .relative(folder, file.path)
      .replace(/(\/index)?\.[cm]?[jt]s$/, "")
      .replaceAll("/", ":");
    const cron = schedules.get(name);
    const handlers = exportedHandlers(app, file, "default");
    return entriesOf(
      handlers,
      cron === undefined ? "event" : "schedule",
      cron === undefined ? `task ${name}` : `cron ${cron}`,
    );
  });
}

/** Task -> cron expression, from `scheduledTasks: { "0 3 * * *": ["cms:update"] }`. */
function schedulesOf(app: LinkedApp, root: Root): Map<string, string> {
  const { solver } = app.linked;
  const found = new Map<string, string>();
  const names = root.kind === "nuxt" ? ["nitro", "scheduledTasks"] : ["scheduledTasks"];
  for (const token of setting(app, root, names)) {
    if (token.kind !== "object") continue;
    for (const { key, value } of token.value.entries) {
      for (const name of textsOf(solver, solver.evaluate(token.file, value, token.env))) found.set(name, key);
    }
  }
  return found;
}
