/** TypeORM entities, and models of sequelize-typescript, which are declared the same way: decorators on a class and its fields. */
import type { Expr } from "../flow/expression.ts";
import type { Model } from "../model.ts";
import { entriesOf, itemsOf, literalOf, nameOf, textOf } from "../queries/resolve.ts";
import type { ClassFact, Summary } from "../summary.ts";
import { engineOf } from "./sequelize.ts";
import { plain, type Column, type Index, type Table } from "./table.ts";

/** A decorator: its name, arguments and line. */
interface Mark {
  name: string;
  args: Expr[];
  line: number;
}

export function entityTables(model: Model): Table[] {
  return model.repo.files.flatMap((file) => {
    const summary = model.summary(file);
    const isDeclaring =
      summary?.imports.some(({ specifier }) => specifier === "typeorm" || specifier === "sequelize-typescript") ===
      true;
    return summary === null || !isDeclaring
      ? []
      : summary.classes.flatMap((own) => tableOf(model, file, summary, own) ?? []);
  });
}

function marksOf(file: string, summary: Summary, calls: readonly number[]): Mark[] {
  return calls.flatMap((id) => {
    const call = summary.calls[id];
    const callee = call?.callee;
    const name =
      callee?.kind === "imported" || callee?.kind === "name"
        ? callee.name
        : callee?.kind === "member"
          ? callee.property
          : null;
    if (call === undefined || name === null) return [];
    return [{ name, args: call.args.map((value) => ({ file, value, frame: null })), line: call.span.line }];
  });
}

function tableOf(model: Model, file: string, summary: Summary, own: ClassFact): Table | null {
  const marks = marksOf(file, summary, own.decorators);
  const entity = marks.find(({ name }) => name === "Entity" || name === "Table");
  if (entity === undefined || own.name === null) return null;
  const fields = Object.entries(own.fieldDecorators ?? {}).map(([name, calls]) => ({
    name,
    marks: marksOf(file, summary, calls),
  }));
  const engine = engineOf(model, file);
  const [options] = entity.args;
  const named =
    textOf(model, options) ??
    textOf(
      model,
      options === undefined
        ? undefined
        : (entriesOf(model, options)?.entries.get("name") ?? entriesOf(model, options)?.entries.get("tableName")),
    );
  return {
    names: named === null ? [own.name] : [own.name, named],
    place: { file, line: own.span.line },
    source: "typeorm",
    engine,
    columns: joined(
      fields.flatMap(({ name, marks: each }) => columnOf(model, file, name, each, engine === "mysql") ?? []),
    ),
    indexes: marks.flatMap((mark) => indexOf(model, mark) ?? []),
    lists: fields.flatMap(({ name, marks: each }) => listOf(model, name, each) ?? []),
    open: own.extends !== null && nameOf(model, { file, value: own.extends, frame: null }) !== "BaseEntity",
  };
}

const columns =
  /^(Column|Primary\w*Column|CreateDateColumn|UpdateDateColumn|DeleteDateColumn|VersionColumn|ManyToOne|OneToOne|PrimaryKey|ForeignKey|RelationId)$/;

function columnOf(
  model: Model,
  file: string,
  field: string,
  marks: readonly Mark[],
  foreignIndexed: boolean,
): Column | null {
  const main = marks.find(({ name }) => columns.test(name));
  const first = marks[0];
  if (main === undefined || first === undefined) return null;
  const has = (name: string): boolean => marks.some((mark) => mark.name === name);
  const joined = marks.find(({ name }) => name === "JoinColumn");
  if (has("OneToOne") && joined === undefined) return null;
  const options = marks.flatMap(({ args }) => args.flatMap((arg) => entriesOf(model, arg) ?? []));
  const option = (key: string): Expr | undefined => options.flatMap(({ entries }) => entries.get(key) ?? [])[0];
  const isOn = (key: string): boolean =>
    option(key) !== undefined &&
    literalOf(model, option(key) ?? { file, value: { kind: "unknown" }, frame: null }) !== false;
  const isRelation = has("ManyToOne") || has("OneToOne");
  const named = textOf(model, option("name"));
  const target = marks.find(({ name }) => ["ManyToOne", "OneToOne", "ForeignKey"].includes(name))?.args[0];
  return {
    names: [field, ...(isRelation ? [`${field}Id`] : []), ...(named === null ? [] : [named])],
    place: { file, line: first.line },
    primary: marks.some(({ name }) => name.startsWith("Primary")) || isOn("primary") || isOn("primaryKey"),
    unique: isOn("unique") || has("Unique") || (has("OneToOne") && joined !== undefined),
    indexed: has("Index") || (target !== undefined && foreignIndexed),
    references: target === undefined ? null : targetOf(model, target),
    type: textOf(model, main.args[0]) ?? textOf(model, option("type")),
  };
}

/** A relation and the field beside it that holds its key (`author` and `authorId`) are one column of the table. */
function joined(all: readonly Column[]): Column[] {
  const keys = all.filter(({ references }) => references === null);
  const partner = (relation: Column): Column | undefined =>
    keys.find((key) => key.names.some((name) => relation.names.slice(1).some((each) => plain(each) === plain(name))));
  return all.flatMap((column) => {
    if (column.references !== null) return partner(column) === undefined ? [column] : [];
    const relation = all.find((each) => each.references !== null && partner(each) === column);
    if (relation === undefined) return [column];
    const { names } = column;
    return [
      {
        ...column,
        names: [...names.slice(0, 1), ...relation.names, ...names.slice(-1)],
        references: relation.references,
        unique: column.unique || relation.unique,
        indexed: column.indexed || relation.indexed,
      },
    ];
  });
}

/** `() => User` */
function targetOf(model: Model, { file, value }: Expr): string | null {
  const returned = value.kind === "fn" ? model.summary(file)?.functions[value.fn]?.returns[0] : value;
  return returned === undefined ? null : nameOf(model, { file, value: returned, frame: null });
}

function listOf(model: Model, name: string, marks: readonly Mark[]): { name: string; table: string } | null {
  const target = marks.find((mark) => mark.name === "OneToMany" || mark.name === "HasMany")?.args[0];
  const table = target === undefined ? null : targetOf(model, target);
  return table === null ? null : { name, table };
}

/** `@Index(["userId", "createdAt"])`, `@Index("name", ["a"], { unique: true })`, `@Unique(["a", "b"])`. */
function indexOf(model: Model, { name, args }: Mark): Index | null {
  if (name !== "Index" && name !== "Unique") return null;
  const lists = args.flatMap((arg) => itemsOf(model, arg) ?? []);
  const given = lists.length > 0 ? lists : args;
  const fields = given.flatMap((item) => textOf(model, item) ?? []);
  const unique = args.flatMap((arg) => entriesOf(model, arg)?.entries.get("unique") ?? []);
  return fields.length === 0 ? null : { columns: fields, unique: name === "Unique" || unique.length > 0 };
}
