/** The model that a class was made with, where it is one alone: `new PostRepository(PostModel)`, `super(PostModel)`. */
import { calledName } from "../flow/calls.ts";
import { indexIn } from "../ids.ts";
import type { Model, Use } from "../model.ts";
import type { Call, Summary } from "../summary.ts";
import { nameOf } from "./resolve.ts";

/** What the classes of an app are given, by their names. */
interface Given {
  models: ReadonlyMap<string, ReadonlySet<string>>;
  /** Others stand on these, and what those were given comes here as well. */
  extended: ReadonlySet<string>;
}

const known = new WeakMap<Model, Given>();
const model = /(\bmodel\(\)|getModelForClass\(\)|[:.]Model\(\))$/;

/** The name of the model behind `this.model.find()`; null where the class has several, or others extend it. */
export function givenToClass(app: Model, { call }: Use): string | null {
  const callee = app.summary(call.file)?.calls[indexIn(call.id)]?.callee;
  const object = callee?.kind === "member" ? callee.object : null;
  if (object?.kind !== "member" || object.object.kind !== "this") return null;
  const holder = app.fn(`${call.file}#${object.object.fn}`)?.class ?? null;
  if (holder === null) return null;
  const { models, extended } = givenIn(app);
  const names = [...(models.get(holder) ?? [])];
  return extended.has(holder) || names.length > 1 ? null : (names[0] ?? null);
}

function givenIn(app: Model): Given {
  const before = known.get(app);
  if (before !== undefined) return before;
  const models = new Map<string, Set<string>>();
  const extended = new Set<string>();
  for (const file of app.repo.files) {
    const summary = app.summary(file);
    for (const { extends: base } of summary?.classes ?? []) {
      const name = base === null ? null : nameOf(app, { file, value: base, frame: null });
      if (name !== null) extended.add(name);
    }
    for (const [index, fact] of (summary?.calls ?? []).entries()) {
      const name = fact.isNew && summary !== null ? classMade(app, file, summary, fact) : null;
      if (name === null) continue;
      const names = models.get(name) ?? new Set();
      for (const each of modelsIn(app, `${file}#${index}`, file, fact)) names.add(each);
      models.set(name, names);
    }
  }
  const given = { models, extended };
  known.set(app, given);
  return given;
}

/** `super(...)` makes what its own class stands on, for that class. */
function classMade(app: Model, file: string, summary: Summary, { callee, span, fn }: Call): string | null {
  const isSuper = app.repo.read(file)?.startsWith("super", span.start) === true;
  if (!isSuper) return calledName(callee);
  const own = summary.functions[fn]?.class ?? null;
  return own === null ? null : (summary.classes[own]?.name ?? null);
}

function modelsIn(app: Model, id: string, file: string, { args }: Call): string[] {
  const given = app.call(id)?.args ?? [];
  return args.flatMap((value, index) => {
    const arg = given[index];
    if (arg?.kind !== "external" || !model.test(arg.api)) return [];
    return nameOf(app, { file, value, frame: null })?.replace(/(?<=\w)Model$/, "") ?? [];
  });
}
