/** Mounts the two health addresses as the first thing that an app does with a request. */
import { posix } from "node:path";
import type { CallSite, Model, Service } from "../../analyzers/model.ts";
import type { Edit } from "../../patches/edit.ts";
import { toDialect } from "../../patches/editors/dialect.ts";
import { addImport, freeName } from "../../patches/editors/imports.ts";
import { openSource, styleFor } from "../../patches/editors/source.ts";
import { specifierFor } from "../../patches/editors/specifier.ts";
import { fill } from "../../patches/fill.ts";
import { newFile } from "../../patches/new-file.ts";
import type { Templates } from "../component.ts";
import { healthWay, servingApp } from "./health-way.ts";
import { mountController } from "./mount-controller.ts";

export type Mounted = { edits: Edit[] } | { cannot: string };

export function mountHealth(creation: CallSite, model: Model, templates: Templates): Mounted {
  const service = model.service(creation.file);
  const app = service === null ? null : servingApp(model, service);
  if (service === null || app === null || app.creation.id !== creation.id)
    return { cannot: "the app that serves was not found" };
  if (app.framework === "nestjs") return mountController(service, model, templates);
  const way = healthWay(app.framework);
  const source = openSource(model.repo, creation.file);
  if (way === null || source === null) return { cannot: "the app's file could not be changed" };
  const router = app.framework === "koa" ? koaRouter(service) : "";
  if (router === null) return { cannot: "the app has no router of its own" };
  if (app.framework === "fastify" && checksEverything(creation, model))
    return { cannot: "a hook of the app checks every request, and a probe has no login: it has to let these two pass" };
  const module = newFile(model.repo, folderFor(model, source.file), "health", source.file);
  const name = freeName(source, "health") === "health" ? "health" : freeName(source, "healthRoutes");
  const use = way.mount(source, creation, name);
  if (use === null) return { cannot: "the app is made in a place where no statement can follow it" };
  const from = specifierFor(source.file, module, source.style);
  const text = fill(templates(way.template), { ROUTER: router });
  return {
    edits: [
      { kind: "create", file: module, text: toDialect(text, styleFor(model.repo, module)) },
      ...addImport(source, { from, names: [{ name: "health", as: name }] }),
      use,
    ],
  };
}

function koaRouter({ dependencies }: Service): string | null {
  return ["@koa/router", "koa-router"].find((name) => dependencies[name] !== undefined) ?? null;
}

/** Fastify runs the hooks of an app before all of its routes, wherever they stand. */
function checksEverything(creation: CallSite, model: Model): boolean {
  return model.usesOn(creation).some(
    ({
      api,
      call: {
        args: [name],
      },
    }) => {
      const isHook = api.endsWith(".addHook") && name?.kind === "literal";
      return isHook && /^(onRequest|preParsing|preValidation|preHandler)$/.test(String(name.value));
    },
  );
}

/** The folder that the app's file imports its routes from, file by file; else the file's own. */
function folderFor(model: Model, file: string): string {
  const folder = posix.dirname(file);
  const fromRoutes = (model.summary(file)?.imports ?? [])
    .map(({ specifier }) => /^\.{1,2}\/(?:.*\/)?(?:routes|routers)\/[^/]+$/.exec(specifier)?.[0])
    .find((specifier) => specifier !== undefined);
  return fromRoutes === undefined ? folder : posix.join(folder, posix.dirname(fromRoutes));
}
