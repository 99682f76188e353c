/** Imports a module that counts and times requests, by what Node itself tells of them: in apps of every framework. */
import { posix } from "node:path";
import type { Model, Service } from "../../analyzers/model.ts";
import type { Edit, EnvVar } from "../../patches/edit.ts";
import { toDialect } from "../../patches/editors/dialect.ts";
import { addEnv } from "../../patches/editors/dotenv.ts";
import { addImport } from "../../patches/editors/imports.ts";
import { addDependency, installNote } from "../../patches/editors/package-json.ts";
import { openSource, styleFor } from "../../patches/editors/source.ts";
import { specifierFor } from "../../patches/editors/specifier.ts";
import { newFile } from "../../patches/new-file.ts";
import type { Templates } from "../component.ts";
import { isMeterable } from "./meterable.ts";
import { unmeasured } from "./metrics.ts";

export interface Metered {
  edits: Edit[];
  notes: string[];
  env: EnvVar[];
}

const variable: EnvVar = {
  name: "METRICS_PORT",
  example: "9464",
  note: "Port of its own at which Prometheus fetches the app's numbers; keep it closed to the public. Unset: nothing is counted",
};

/** Null when one of the services cannot be metered: with it the finding would stay. */
export function meter(model: Model, templates: Templates): Metered | null {
  const parts = unmeasured(model).map((service) => meterIn(service, model, templates));
  if (parts.some((part) => part === null)) return null;
  const done = parts.flatMap((part) => part ?? []);
  return {
    edits: done.flatMap(({ edits }) => edits),
    notes: [...new Set(done.flatMap(({ notes }) => notes))],
    env: [variable],
  };
}

function meterIn(service: Service, model: Model, templates: Templates): Metered | null {
  const [entry] = service.entry;
  const source = entry === undefined || !isMeterable(model, service) ? null : openSource(model.repo, entry);
  if (source === null) return null;
  const file = newFile(model.repo, posix.dirname(source.file), "metrics", source.file);
  return {
    edits: [
      { kind: "create", file, text: toDialect(templates("metrics.ts"), styleFor(model.repo, file)) },
      ...addImport(source, { from: specifierFor(source.file, file, source.style) }),
      ...addDependency(service, "prom-client", "^15.1.3"),
      ...addEnv(model.repo, service.root, [variable]),
    ],
    notes: [
      installNote(service),
      "Set METRICS_PORT, and point Prometheus (or the host's own collector) at it; `http_request_duration_seconds` has the number, the times and the failures of requests, by route where the framework says it.",
    ],
    env: [variable],
  };
}
