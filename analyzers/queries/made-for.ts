/** The model, entity, table or collection that a use's object was made for: `model("User")`, `getRepository(User)`. */
import { escaped } from "../code/text.ts";
import { indexIn } from "../ids.ts";
import type { Known, Model, Use } from "../model.ts";
import type { Summary, Value } from "../summary.ts";
import { calledName } from "../flow/calls.ts";
import { behind, nameOf } from "./resolve.ts";

/** Calls that make what queries are asked on; others in a path (`populate("author")`) are steps of a query. */
const making = /(^|[.:])(model|discriminator|define|collection|getModelForClass|get\w*Repository)$/;

/** The name that the making of a use's object was given; null when it was given none. */
export function madeFor(model: Model, use: Use): string | null {
  const makers = model.callsIn(use).filter((call) => model.usesAt(call).some(({ api }) => making.test(api)));
  return makers.flatMap((call) => nameIn(call.args[0]) ?? []).at(-1) ?? null;
}

/** `getRepository(Media)` through a function of the app's own: the class that the object's making was given. */
export function madeWith(model: Model, use: Use): string | null {
  const callee = calleeOf(model, use);
  if (callee?.kind !== "member") return null;
  const { file, value } = behind(model, { file: use.call.file, value: callee.object, frame: null });
  const call = value.kind === "call" ? model.summary(file)?.calls[value.call] : undefined;
  const [given] = call?.args ?? [];
  const isMaking = call !== undefined && /repository|model|collection/i.test(calledName(call.callee));
  return isMaking && given !== undefined ? nameOf(model, { file, value: given, frame: null }) : null;
}

function nameIn(known: Known | undefined): string | null {
  if (known?.kind === "literal")
    return typeof known.value === "string" && /^[\w-]+$/.test(known.value) ? known.value : null;
  return known?.kind === "class" ? known.name : null;
}

/** The name of the object that a call is made on: `User` of `User.findAll()`, `models.User.findAll()`. */
export function calledOn(model: Model, use: Use): string | null {
  const callee = calleeOf(model, use);
  return callee?.kind === "member" ? nameOf(model, { file: use.call.file, value: callee.object, frame: null }) : null;
}

function calleeOf(model: Model, { call }: Use): Value | undefined {
  return model.summary(call.file)?.calls[indexIn(call.id)]?.callee;
}

/** What is injected into a field by `@InjectRepository(User)`, `@InjectModel("User")` or said by its type, `Repository<User>`. */
export function injectedInto(model: Model, use: Use): string | null {
  const callee = calleeOf(model, use);
  const summary = model.summary(use.call.file);
  if (callee?.kind !== "member" || summary === null) return null;
  const field = callee.object.kind === "member" || callee.object.kind === "name" ? fieldName(callee.object) : null;
  if (field === null) return null;
  return decoratedWith(model, use.call.file, summary, field) ?? typedAs(model, use.call.file, field);
}

function fieldName(value: Extract<Value, { kind: "member" | "name" }>): string {
  return value.kind === "member" ? value.property : value.name;
}

function decoratedWith(model: Model, file: string, summary: Summary, field: string): string | null {
  const params = summary.functions.flatMap((fn) => fn.params.filter(({ name }) => name === field));
  const calls = [
    ...params.flatMap(({ decorators = [] }) => decorators),
    ...summary.classes.flatMap(({ fieldDecorators }) => fieldDecorators?.[field] ?? []),
  ];
  for (const id of calls) {
    const [given] = summary.calls[id]?.args ?? [];
    // `@InjectModel(ORDER_MODEL)` means the text that the constant holds.
    const text = nameIn(model.call(`${file}#${id}`)?.args[0]);
    const name = text ?? (given === undefined ? null : nameOf(model, { file, value: given, frame: null }));
    if (name !== null) return name;
  }
  return null;
}

function typedAs(model: Model, file: string, field: string): string | null {
  const text = model.repo.read(file) ?? "";
  const pattern = new RegExp(
    `\\b${escaped(field)}\\??\\s*:\\s*(?:\\w+\\.)?(?:Repository|Model|EntityRepository|TreeRepository)<\\s*(\\w+)`,
  );
  return pattern.exec(text)?.[1]?.replace(/Document$/, "") ?? null;
}
