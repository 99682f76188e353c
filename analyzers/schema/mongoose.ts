/** Mongoose schemas, by `new Schema(...)` and by decorators. */
import { indexIn } from "../ids.ts";
import type { Expr } from "../flow/expression.ts";
import type { CallSite, Model } from "../model.ts";
import { behind, entriesOf, literalOf, nameOf, textOf } from "../queries/resolve.ts";
import type { Summary } from "../summary.ts";
import { variablesOf } from "./drizzle.ts";
import { placeOfKey } from "./keys.ts";
import type { Column, Index, Table } from "./table.ts";

export function mongooseTables(model: Model): Table[] {
  // `mongoose.Schema({ ... })` works without `new`.
  const schemas = ["mongoose:Schema", "mongoose:**.Schema"].flatMap((api) => model.usesOf(api));
  const names = modelNames(model);
  const seen = new Set<string>();
  const written = schemas.flatMap(({ call }) => {
    if (seen.has(call.id)) return [];
    seen.add(call.id);
    return tableOf(model, call, names.get(call.id) ?? []) ?? [];
  });
  return [...written, ...decorated(model)];
}

/** Schema (its construction) -> the names of the models made of it. */
function modelNames(model: Model): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { call } of model.usesOf("mongoose:**.model")) {
    const fact = model.summary(call.file)?.calls[indexIn(call.id)];
    const [first, second] = fact?.args ?? [];
    const name = first === undefined ? null : textOf(model, { file: call.file, value: first, frame: null });
    const schema = second === undefined ? null : constructionOf(model, { file: call.file, value: second, frame: null });
    if (name !== null && schema !== null) found.set(schema, [...(found.get(schema) ?? []), name]);
  }
  return found;
}

function constructionOf(model: Model, expr: Expr): string | null {
  const { file, value } = behind(model, expr);
  return value.kind === "call" ? `${file}#${value.call}` : null;
}

function tableOf(model: Model, call: CallSite, names: string[]): Table | null {
  const summary = model.summary(call.file);
  const fact = summary?.calls[indexIn(call.id)];
  const fields = fact?.args[0];
  if (summary === null || fields === undefined) return null;
  const found = entriesOf(model, { file: call.file, value: fields, frame: null });
  if (found === null) return null;
  const columns = columnsOf(model, call, found.entries, "");
  const indexes = model.usesOn(call).flatMap((use) => (use.api.endsWith(".index") ? indexOn(model, use.call) : []));
  // A schema that is exported and made a model elsewhere goes by its own name: `userSchema`.
  const own = variablesOf(summary, indexIn(call.id)).map((name) => name.replace(/_?schema$/i, ""));
  return {
    names: [...new Set([...names, ...own.filter((name) => name !== "")])],
    place: { file: call.file, line: call.line },
    source: "mongoose",
    engine: "mongodb",
    columns: [idColumn(call), ...columns],
    indexes,
    lists: [],
    open: found.open,
  };
}

function idColumn({ file, line }: CallSite): Column {
  return {
    names: ["_id", "id"],
    place: { file, line },
    primary: true,
    unique: true,
    indexed: false,
    references: null,
    type: "objectid",
  };
}

/** Fields with their options; those of nested objects as `address.city`. */
function columnsOf(model: Model, call: CallSite, entries: ReadonlyMap<string, Expr>, prefix: string): Column[] {
  return [...entries].flatMap(([key, value]) => {
    const inner = entriesOf(model, value)?.entries;
    const isNested = inner !== undefined && !inner.has("type") && !inner.has("ref") && inner.size > 0;
    if (isNested && prefix === "") return columnsOf(model, call, inner, `${key}.`);
    return [fieldOf(model, call, `${prefix}${key}`, value, inner)];
  });
}

function fieldOf(
  model: Model,
  call: CallSite,
  name: string,
  value: Expr,
  options: ReadonlyMap<string, Expr> | undefined,
): Column {
  const at = (key: string): Expr | undefined => options?.get(key);
  const isOn = (key: string): boolean =>
    at(key) !== undefined && ![false, null].some((off) => literalOf(model, at(key) ?? value) === off);
  const type = at("type") ?? value;
  return {
    names: [name],
    place: placeOfKey(model, call.file, call.span, name.split(".").at(-1) ?? name),
    primary: false,
    unique: isOn("unique"),
    indexed: isOn("index") || isOn("text") || isOn("expires"),
    references: textOf(model, at("ref")),
    type: (nameOf(model, behind(model, type)) ?? "").toLowerCase() || null,
  };
}

/** `schema.index({ user: 1, createdAt: -1 }, { unique: true })` */
function indexOn(model: Model, call: CallSite): Index[] {
  const args = model.summary(call.file)?.calls[indexIn(call.id)]?.args ?? [];
  const [keys, options] = args.map((value) => entriesOf(model, { file: call.file, value, frame: null })?.entries);
  if (keys === undefined) return [];
  const unique = options?.get("unique");
  return [{ columns: [...keys.keys()], unique: unique !== undefined && literalOf(model, unique) !== false }];
}

/** `@Prop({ index: true }) email` and `@prop(...)` of NestJS and Typegoose. */
function decorated(model: Model): Table[] {
  const registered = registeredNames(model);
  return model.repo.files.flatMap((file) => {
    const summary = model.summary(file);
    if (
      summary === null ||
      !summary.imports.some(({ specifier }) => /^(@nestjs\/mongoose|@typegoose\/typegoose)$/.test(specifier))
    )
      return [];
    return summary.classes.flatMap((own) => {
      const fields = Object.entries(own.fieldDecorators ?? {});
      if (own.name === null || fields.length === 0) return [];
      const columns = fields.map(([name, calls]) => decoratedField(model, file, summary, name, calls));
      const indexes = [...classIndexes(model, file, summary, own.decorators), ...factoryIndexes(model, file, own.name)];
      const place = { file, line: own.span.line };
      const id: Column = {
        names: ["_id", "id"],
        place,
        primary: true,
        unique: true,
        indexed: false,
        references: null,
        type: null,
      };
      return [
        {
          names: [...new Set([own.name, ...(registered.get(`${file}#${own.name}`) ?? [])])],
          place,
          source: "mongoose" as const,
          engine: "mongodb" as const,
          columns: [id, ...columns],
          indexes,
          lists: [],
          open: own.extends !== null,
        },
      ];
    });
  });
}

/** Class of a schema (`file#name`) -> the names under which a module offers its model: `forFeature([{ name: "Order", schema: OrderSchema }])`. */
function registeredNames(model: Model): Map<string, string[]> {
  const byVariable = offeredNames(model);
  const found = new Map<string, string[]>();
  for (const { call } of model.usesOf("@nestjs/mongoose:SchemaFactory.createForClass")) {
    const [of] = call.args;
    const summary = model.summary(call.file);
    if (of?.kind !== "class" || summary === null) continue;
    const variables = variablesOf(summary, indexIn(call.id));
    found.set(
      `${of.file}#${of.name}`,
      variables.flatMap((variable) => byVariable.get(variable) ?? []),
    );
  }
  return found;
}

/** What a schema's variable is called -> the names of the models that modules make of it. */
function offeredNames(model: Model): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { call } of model.usesOf("@nestjs/mongoose:MongooseModule.forFeature")) {
    const [list] = model.summary(call.file)?.calls[indexIn(call.id)]?.args ?? [];
    const [known] = call.args;
    if (list?.kind !== "array" || known?.kind !== "array") continue;
    for (const [index, value] of list.items.entries()) {
      const item = known.items[index];
      const name = item?.kind === "object" ? item.entries["name"] : undefined;
      const schema = entriesOf(model, { file: call.file, value, frame: null })?.entries.get("schema");
      const variable = schema === undefined ? null : nameOf(model, schema);
      if (variable === null || name?.kind !== "literal" || typeof name.value !== "string") continue;
      found.set(variable, [...(found.get(variable) ?? []), name.value]);
    }
  }
  return found;
}

function decoratedField(model: Model, file: string, summary: Summary, name: string, calls: readonly number[]): Column {
  const options = calls.flatMap(
    (id) => summary.calls[id]?.args.flatMap((value) => entriesOf(model, { file, value, frame: null }) ?? []) ?? [],
  );
  const isOn = (key: string): boolean =>
    options.some(({ entries }) => {
      const value = entries.get(key);
      return value !== undefined && literalOf(model, value) !== false;
    });
  const line = summary.calls[calls[0] ?? -1]?.span.line ?? 1;
  return {
    names: [name],
    place: { file, line },
    primary: false,
    unique: isOn("unique"),
    indexed: isOn("index"),
    references: null,
    type: null,
  };
}

/** Typegoose's `@index({ user: 1 })` on the class. */
function classIndexes(model: Model, file: string, summary: Summary, decorators: readonly number[]): Index[] {
  return decorators.flatMap((id) => {
    const call = summary.calls[id];
    const keys = call?.args[0];
    const isIndex = call?.callee.kind === "imported" && call.callee.name === "index";
    const entries =
      isIndex && keys !== undefined ? entriesOf(model, { file, value: keys, frame: null })?.entries : undefined;
    return entries === undefined ? [] : [{ columns: [...entries.keys()], unique: false }];
  });
}

/** `UserSchema.index({ email: 1 })` behind `SchemaFactory.createForClass(User)`. */
function factoryIndexes(model: Model, file: string, name: string): Index[] {
  return model.usesOf("@nestjs/mongoose:SchemaFactory.createForClass().index").flatMap(({ call, construction }) => {
    const [made] = construction?.args ?? [];
    const isOwn = made?.kind === "class" && made.name === name && made.file === file;
    return isOwn ? indexOn(model, call) : [];
  });
}
