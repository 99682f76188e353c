/** The new process where processes are declared: package.json and Procfile. */
import { posix } from "node:path";
import type { Model, Service } from "../../analyzers/model.ts";
import type { Edit } from "../../patches/edit.ts";
import type { Home } from "./queue-files.ts";

/** Versions this recipe was tried with; a tilde keeps a new minor from changing the schema or the api unasked. */
const versions = { "pg-boss": "~12.35.0", bullmq: "~6.7.0" };

export function processEdits(service: Service, { store, worker }: Home, model: Model): Edit[] {
  const manifest = posix.join(service.root, "package.json");
  const procfile = posix.join(service.root, "Procfile");
  const json = (path: string[], value: string, force = false): Edit => ({
    kind: "json",
    file: manifest,
    path,
    value,
    force,
  });
  return [
    json(["dependencies", store.kind], versions[store.kind]),
    json(["scripts", "worker"], worker.command),
    ...(worker.build === null ? [] : [json(["scripts", "build"], worker.build, true)]),
    ...(model.repo.has(procfile)
      ? [{ kind: "lines" as const, file: procfile, lines: [{ key: "worker", text: `worker: ${worker.command}` }] }]
      : []),
  ];
}
