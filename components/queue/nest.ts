/** What the queue needs to know of a NestJS app: which module a worker starts from, and what hands out the things that do the work. */
import { posix } from "node:path";
import { indexIn } from "../../analyzers/ids.ts";
import { serverApp } from "../../analyzers/serving/server-apps.ts";
import type { CallSite, Model, Service } from "../../analyzers/model.ts";
import type { Call, ClassFact, Summary } from "../../analyzers/summary.ts";

/** The module that the app is made of: the class and the file that declares it. */
export interface RootModule {
  name: string;
  file: string;
}

export function isNest({ dependencies }: Service): boolean {
  return "@nestjs/core" in dependencies;
}

/** Null where the module is not named where the app is made. */
export function rootModule(model: Model, service: Service): RootModule | null {
  const app = serverApp(model, service);
  const [given] = app?.framework === "nestjs" ? app.creation.args : [];
  return given?.kind === "class" ? { name: given.name, file: given.file } : null;
}

/** Why a second process cannot start from the app's modules and do nothing but jobs; null when it can. */
export function nestObstacle(model: Model, service: Service): string | null {
  if (rootModule(model, service) === null) return "the module that the app is made of could not be found";
  const isOwn = (file: string): boolean => model.service(file) === service;
  if (model.entries.some(({ kind, file }) => kind === "schedule" && isOwn(file)))
    return "a worker that starts from the app's modules would run its schedules, too";
  if (asksForRequest(model, isOwn))
    return "some of the app's providers are made anew for each request, and a job has none";
  const cli = model.repo.read(posix.join(service.root, "nest-cli.json")) ?? "";
  return /"webpack"\s*:\s*true|"builder"\s*:\s*("webpack"|\{\s*"type"\s*:\s*"webpack")/.test(cli)
    ? "webpack bundles the app, and the worker would have to become a second entry of that bundle"
    : null;
}

function asksForRequest(model: Model, isOwn: (file: string) => boolean): boolean {
  return model.repo.files.some(
    (file) =>
      file.endsWith(".ts") && isOwn(file) && /\bScope\.REQUEST\b|@Inject\(REQUEST\)/.test(model.repo.read(file) ?? ""),
  );
}

/** Something that Nest hands out by its class, as the calling class holds it. */
export interface Provider {
  /** `this.mailer`, or `this` for the calling class itself. */
  holder: string;
  /** Local name of the class in the calling file. */
  class: string;
}

/** What a call in a class of Nest's is made on; null where Nest would not hand out the same by the class alone. */
export function providerOf(site: CallSite, model: Model): (Provider & { method: string }) | null {
  const summary = model.summary(site.file);
  const call = summary?.calls[indexIn(site.id)];
  const holder = summary === null ? null : classAround(summary, indexIn(site.fn));
  if (summary === null || call?.callee.kind !== "member" || holder === null || !isManaged(holder, summary)) return null;
  const { object, property: method } = call.callee;
  if (object.kind === "this") return ofItself(holder, method, model.repo.read(site.file) ?? "");
  if (object.kind !== "member" || object.object.kind !== "this") return null;
  const type = holder.fieldTypes[object.property];
  if (type === undefined || isGivenByToken(object.property, holder, summary) || !isImportedClass(type, summary))
    return null;
  const targets = model.targets(site);
  if (targets.some((target) => target.class !== type)) return null;
  return { holder: `this.${object.property}`, class: type, method };
}

function classAround(summary: Summary, fn: number): ClassFact | null {
  for (let at: number | null = fn; at !== null; at = summary.functions[at]?.parent ?? null) {
    const index = summary.functions[at]?.class ?? null;
    if (index !== null) return summary.classes[index] ?? null;
  }
  return null;
}

/** Decorated as something that Nest makes and keeps. */
function isManaged({ decorators }: ClassFact, summary: Summary): boolean {
  return decorators.some((id) => /^(Injectable|Controller|Resolver)$/.test(nameOf(summary.calls[id])));
}

/** `@Inject(MAILER) private readonly mailer: Mailer`: what stands there is registered under something else than its class. */
function isGivenByToken(field: string, { members }: ClassFact, { functions, calls }: Summary): boolean {
  const made = members.find(({ name }) => name === "constructor");
  const params = made === undefined ? [] : (functions[made.fn]?.params ?? []);
  const decorators = params.filter(({ name }) => name === field).flatMap((param) => param.decorators ?? []);
  return decorators.some((id) => nameOf(calls[id]) === "Inject");
}

function nameOf(call: Call | undefined): string {
  return call?.callee.kind === "imported" ? call.callee.name : "";
}

function isImportedClass(type: string, { imports }: Summary): boolean {
  return imports.some(({ typeOnly, names }) => !typeOnly && names.some(({ local }) => local === type));
}

/** Another module can call only what the class shows. */
function ofItself({ name, span }: ClassFact, method: string, text: string): (Provider & { method: string }) | null {
  const body = text.slice(span.start, span.end);
  const isHidden = new RegExp(`\\b(private|protected)\\s+(static\\s+)?(async\\s+)?${method}\\b`).test(body);
  return name === null || isHidden || method.startsWith("#") ? null : { holder: "this", class: name, method };
}
