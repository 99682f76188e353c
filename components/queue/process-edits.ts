/** The new process where processes are declared: package.json and Procfile. */
import { posix } from "node:path";
import type { Model, Service } from "../../analyzers/model.ts";
import type { Edit } from "../../patches/edit.ts";
import type { Home } from "./queue-files.ts";
import type { Store } from "./services.ts";

/** Versions this recipe was tried with; a tilde keeps a new minor from changing the schema or the api unasked. */
const versions: Readonly<Record<Store["kind"], Readonly<Record<string, string>>>> = {
  "pg-boss": { "pg-boss": "~12.35.0" },
  bullmq: { bullmq: "~6.7.0" },
  agenda: { "@agendajs/mongo-backend": "~4.0.3", agenda: "~6.2.6", mongodb: "^6.20.0" },
};

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
    ...Object.entries(versions[store.kind]).map(([name, version]) => json(["dependencies", name], version)),
    json(["scripts", "worker"], worker.command),
    ...(worker.build === null ? [] : [json(["scripts", "build"], worker.build, true)]),
    ...(model.repo.has(procfile)
      ? [{ kind: "lines" as const, file: procfile, lines: [{ key: "worker", text: `worker: ${worker.command}` }] }]
      : []),
  ];
}
