/** Sequelize models: `define`, `Model.init`, and sequelize-typescript's decorators; columns in the same form in migrations. */
import { indexIn } from "../ids.ts";
import type { Expr } from "../flow/expression.ts";
import type { CallSite, Model } from "../model.ts";
import { behind, entriesOf, itemsOf, literalOf, nameOf, textOf } from "../queries/resolve.ts";
import { placeOfKey } from "./keys.ts";
import { plain, type Column, type Engine, type Index, type Table } from "./table.ts";

export function sequelizeTables(model: Model): Table[] {
  const defined = ["sequelize:**.define", "sequelize-typescript:**.define"]
    .flatMap((api) => model.usesOf(api))
    .flatMap(({ call }) => tableOf(model, call, 0));
  const initiated = ["sequelize:Model.init"]
    .flatMap((api) => model.usesOf(api))
    .flatMap(({ call }) => tableOf(model, call, -1));
  const tables = [...defined, ...initiated];
  for (const link of associations(model)) link(tables);
  return tables;
}

/** `name`: where the model's name stands; -1: it is the class that `init` is called on. */
function tableOf(model: Model, call: CallSite, name: 0 | -1): Table[] {
  const fact = model.summary(call.file)?.calls[indexIn(call.id)];
  if (fact === undefined) return [];
  const args = fact.args.map((value): Expr => ({ file: call.file, value, frame: null }));
  const holder =
    fact.callee.kind === "member" ? nameOf(model, { file: call.file, value: fact.callee.object, frame: null }) : null;
  const own = name === 0 ? textOf(model, args[0]) : holder;
  const fields = args[name + 1];
  const options =
    args[name + 2] === undefined
      ? undefined
      : entriesOf(model, args[name + 2] ?? fields ?? { file: "", value: { kind: "unknown" }, frame: null })?.entries;
  const columns = fields === undefined ? null : columnsIn(model, call, fields);
  if (own === null || columns === null) return [];
  const named = [textOf(model, options?.get("tableName")), textOf(model, options?.get("modelName"))].filter(
    (each) => each !== null,
  );
  return [
    {
      names: [own, ...named],
      place: { file: call.file, line: call.line },
      source: "sequelize",
      engine: engineOf(model, call.file),
      columns: columns.list.some(({ primary }) => primary) ? columns.list : [idColumn(call), ...columns.list],
      indexes: indexesIn(model, options?.get("indexes")),
      lists: [],
      open: columns.open,
    },
  ];
}

function idColumn({ file, line }: CallSite): Column {
  return {
    names: ["id"],
    place: { file, line },
    primary: true,
    unique: true,
    indexed: false,
    references: null,
    type: null,
  };
}

export function engineOf(model: Model, file: string): Engine | null {
  const kinds = (model.service(file)?.backing ?? []).map(({ kind }) => kind);
  return (["postgres", "mysql", "sqlite"] as const).find((kind) => kinds.includes(kind)) ?? null;
}

/** `{ userId: { type: DataTypes.INTEGER, references: { model: "Users" } } }`, as models and migrations write it. */
export function columnsIn(model: Model, call: CallSite, fields: Expr): { list: Column[]; open: boolean } | null {
  const found = entriesOf(model, fields);
  if (found === null) return null;
  const list = [...found.entries].map(([key, value]): Column => {
    const options = entriesOf(model, value)?.entries;
    const isOn = (name: string): boolean => {
      const option = options?.get(name);
      return option !== undefined && literalOf(model, option) !== false;
    };
    const field = textOf(model, options?.get("field"));
    const target = options?.get("references");
    return {
      names: field === null ? [key] : [key, field],
      place: placeOfKey(model, call.file, call.span, key),
      primary: isOn("primaryKey"),
      unique: isOn("unique"),
      indexed: false,
      references: target === undefined ? null : tableReferenced(model, target),
      type: nameOf(model, behind(model, options?.get("type") ?? value))?.toLowerCase() ?? null,
    };
  });
  return { list, open: found.open };
}

function tableReferenced(model: Model, expr: Expr): string | null {
  const entries = entriesOf(model, expr)?.entries;
  const target = entries?.get("model") ?? entries?.get("tableName");
  return target === undefined ? textOf(model, expr) : (textOf(model, target) ?? nameOf(model, target));
}

/** `indexes: [{ unique: true, fields: ["email"] }]` */
function indexesIn(model: Model, expr: Expr | undefined): Index[] {
  const items = expr === undefined ? [] : (itemsOf(model, expr) ?? []);
  return items.flatMap((item) => {
    const entries = entriesOf(model, item)?.entries;
    const fields = entries?.get("fields");
    const columns =
      fields === undefined
        ? []
        : (itemsOf(model, fields) ?? []).flatMap(
            (each) => textOf(model, each) ?? textOf(model, entriesOf(model, each)?.entries.get("name")) ?? [],
          );
    const unique = entries?.get("unique");
    return columns.length === 0
      ? []
      : [{ columns, unique: unique !== undefined && literalOf(model, unique) !== false }];
  });
}

/** `Post.belongsTo(User, { foreignKey: "userId" })` makes a column; on MySQL its foreign key brings an index. */
function associations(model: Model): ((tables: readonly Table[]) => void)[] {
  const uses = ["belongsTo", "hasMany", "hasOne"].flatMap((method) => model.usesOf(`sequelize:**.${method}`));
  return uses.map(({ api, call }) => (tables) => {
    const fact = model.summary(call.file)?.calls[indexIn(call.id)];
    const [first, second] = fact?.args ?? [];
    if (fact?.callee.kind !== "member" || first === undefined) return;
    const here = nameOf(model, { file: call.file, value: fact.callee.object, frame: null });
    const other = nameOf(model, { file: call.file, value: first, frame: null });
    const options =
      second === undefined ? undefined : entriesOf(model, { file: call.file, value: second, frame: null })?.entries;
    const [child, parent] = api.endsWith("belongsTo") ? [here, other] : [other, here];
    const table = tables.find(({ names }) => names.some((name) => plain(name) === plain(child ?? "")));
    const key = options?.get("foreignKey");
    const column =
      textOf(model, key) ??
      (key === undefined ? null : textOf(model, entriesOf(model, key)?.entries.get("name"))) ??
      `${parent ?? ""}Id`;
    if (table !== undefined && parent !== null)
      addReference(table, column, parent, { file: call.file, line: call.line });
  });
}

function addReference(table: Table, name: string, target: string, place: Column["place"]): void {
  const known = table.columns.find(({ names }) => names.some((each) => plain(each) === plain(name)));
  const column: Column = known ?? {
    names: [name],
    place,
    primary: false,
    unique: false,
    indexed: false,
    references: null,
    type: null,
  };
  column.references ??= target;
  if (known === undefined) table.columns.push(column);
  if (table.engine === "mysql") column.indexed = true;
}
