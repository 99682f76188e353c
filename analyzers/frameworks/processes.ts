/** Processes: the module bodies that run when a service, or a worker beside it, starts. */
import { isPython } from "../repo/source-file.ts";
import { idOf } from "../link/program.ts";
import type { Entry } from "../model.ts";
import type { Framework, LinkedApp } from "./framework.ts";

export const processes: Framework = {
  name: "processes",
  find: (app) => ({
    routes: [],
    entries: app.services.flatMap((service) => [
      ...service.entry.flatMap((file) => startOf(app, file, `${runner(file)} ${file}`)),
      ...service.processes.flatMap(({ name, entry = [] }) =>
        entry.flatMap((file) => startOf(app, file, `${name}: ${runner(file)} ${file}`)),
      ),
    ]),
  }),
};

function runner(file: string): string {
  return isPython(file) ? "python" : "node";
}

function startOf({ linked }: LinkedApp, file: string, label: string): Entry[] {
  const body = linked.solver.program.files.get(file)?.fns[0];
  return body === undefined ? [] : [{ kind: "process", fn: idOf(body), file, line: 1, label, routeId: null }];
}
