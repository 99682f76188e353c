/** A controller with the two health addresses, in the root module of a Nest app. */
import { posix } from "node:path";
import type { Model, Service } from "../../analyzers/model.ts";
import { nestApp } from "../../analyzers/serving/nest-app.ts";
import { serverFiles } from "../../analyzers/serving/server-files.ts";
import { toDialect } from "../../patches/editors/dialect.ts";
import { addImport, freeName } from "../../patches/editors/imports.ts";
import { addToList } from "../../patches/editors/list-options.ts";
import { openSource, styleFor } from "../../patches/editors/source.ts";
import { specifierFor } from "../../patches/editors/specifier.ts";
import { fill } from "../../patches/fill.ts";
import type { Templates } from "../component.ts";
import type { Mounted } from "./mount-health.ts";

export function mountController(service: Service, model: Model, templates: Templates): Mounted {
  const app = nestApp(model, service);
  const source = app === null ? null : openSource(model.repo, app.module.file);
  if (app === null || source === null)
    return { cannot: "the app is not created from one module of its own in its start file" };
  const texts = serverFiles(model, service).map((file) => model.repo.read(file) ?? "");
  if (texts.some((text) => /\bAPP_GUARD\b|\buseGlobalGuards\s*\(/.test(text)))
    return {
      cannot: "a guard of the whole app checks every request, and a probe has no login: it has to let these two pass",
    };
  const file = posix.join(
    posix.dirname(source.file),
    `health.controller.${source.style.language === "typescript" ? "ts" : "js"}`,
  );
  const name = freeName(source, "HealthController");
  if (model.repo.has(file) || source.style.language === "javascript")
    return {
      cannot: "the recipe writes a controller of its own in TypeScript, and there is one already or none can be",
    };
  const list = addToList(source, app.module.span, { at: 0, key: "controllers" }, [name]);
  if (list === null) return { cannot: "the root module's controllers are not written out as a list" };
  const versioned = texts.some((text) => /\.enableVersioning\s*\(/.test(text));
  const text = fill(templates("health-nest.ts"), { versioned });
  const from = specifierFor(source.file, file, source.style);
  return {
    edits: [
      { kind: "create", file, text: toDialect(text, styleFor(model.repo, file)) },
      ...addImport(source, { from, names: [{ name: "HealthController", as: name }] }),
      ...list,
    ],
  };
}
