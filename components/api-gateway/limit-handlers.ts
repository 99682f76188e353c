/** Limits where nothing stands before a single route: as the first step of its handler, by a module of the app's own. */
import type { Model, Place, Service } from "../../analyzers/model.ts";
import { addEnv } from "../../patches/editors/dotenv.ts";
import { aliasedSpecifier } from "../../patches/editors/aliased.ts";
import { importOf } from "../../patches/editors/import-of.ts";
import { addImport, type ImportWish } from "../../patches/editors/imports.ts";
import { openSource } from "../../patches/editors/source.ts";
import { handlerModule, handlerStore, type HandlerStore, moduleFile, upstashVariables } from "./handler-module.ts";
import { type Form, limitHandler } from "./handler-steps.ts";
import { type Limit, refused, type Wanted, type Work } from "./limit-work.ts";
import { limiterCalls, limitingFunctions, namedLimiterCalls } from "./limited.ts";
import { foreignBrief } from "./outcome.ts";
import { hopsVariable } from "../trust-proxy.ts";

export const limitHandlers: Limit = (service, wanted, model, templates) => {
  const own = ownLimiter(model, service);
  if (own !== null)
    return refused(
      wanted,
      `the app counts attempts in a way of its own (${own.file}:${own.line}): use that, not a second one`,
    );
  const store = handlerStore(model, service);
  const file = moduleFile(model, service, wanted);
  const work: Work = { outcomes: [], edits: [], notes: [], env: [] };
  const used: Used = { forms: new Set(), kinds: new Set(), perUser: false };
  for (const each of new Set(wanted.map(({ open }) => open.route.file))) {
    const inFile = wanted.filter(({ open }) => open.route.file === each);
    const done = limitFile(each, inFile, { file, store, model });
    work.outcomes.push(...done.outcomes);
    work.edits.push(...done.edits);
    for (const form of done.used.forms) used.forms.add(form);
    for (const kind of done.used.kinds) used.kinds.add(kind);
    used.perUser ||= done.used.perUser;
  }
  if (work.edits.length === 0) return work;
  const module = handlerModule(file, { ...used, store, service, model }, templates);
  const env = [hopsVariable, ...(store.kind === "upstash" && store.client === null ? upstashVariables : [])];
  return {
    outcomes: work.outcomes,
    edits: [...module.edits, ...work.edits, ...addEnv(model.repo, service.root, env)],
    notes: module.notes,
    env,
  };
};

/** What of the module the handlers use. */
export interface Used {
  forms: Set<Form>;
  kinds: Set<string>;
  perUser: boolean;
}

/** Where the service limits requests already: by a package, or a function of its own that says so. */
function ownLimiter(model: Model, service: Service): Place | null {
  const isOwn = (file: string): boolean =>
    model.service(file)?.root === service.root && model.context(file) === "server";
  const call = [...limiterCalls(model), ...namedLimiterCalls(model)].find(({ file }) => isOwn(file));
  if (call !== undefined) return call;
  const limits = limitingFunctions(model);
  for (const file of model.repo.files.filter(isOwn)) {
    const found = model.functions(file).find((fn) => !fn.isModule && limits(fn));
    if (found !== undefined && /limit|throttl|too_?many/i.test(`${file} ${found.name ?? ""}`)) return found;
  }
  return null;
}

function limitFile(
  path: string,
  wanted: readonly Wanted[],
  { file, store, model }: { file: string; store: HandlerStore; model: Model },
): Pick<Work, "outcomes" | "edits"> & { used: Used } {
  const source = openSource(model.repo, path);
  const used: Used = { forms: new Set(), kinds: new Set(), perUser: false };
  const done: Pick<Work, "outcomes" | "edits"> = { outcomes: [], edits: [] };
  const wishes: ImportWish[] = [];
  const limited = new Set<string>();
  for (const { finding, open } of wanted) {
    const named = (form: Form): string => {
      if (source === null) return form;
      const { name, wish } = importOf(source, { file, exported: form, local: form });
      if (wish !== null) wishes.push({ ...wish, from: aliasedSpecifier(model.repo, source, file) ?? wish.from });
      return name;
    };
    const step =
      source === null
        ? { cannot: "the file could not be parsed" }
        : limitHandler(source, open, model, { named, isEdgeReady: store.kind === "upstash" });
    if ("cannot" in step) {
      const { constraints, ...brief } = foreignBrief(open.route);
      done.outcomes.push({
        finding,
        brief: { ...brief, why: `No limit was put in because ${step.cannot}.`, constraints },
      });
      continue;
    }
    done.outcomes.push({ finding, brief: null });
    if (limited.has(step.fn)) continue;
    limited.add(step.fn);
    done.edits.push(...step.edits);
    used.forms.add(step.form);
    used.kinds.add(step.kind);
    used.perUser ||= step.perUser;
  }
  if (source !== null && done.edits.length > 0) done.edits.push(...addImport(source, ...wishes));
  return { ...done, used };
}
