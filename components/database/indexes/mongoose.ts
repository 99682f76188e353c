/** `index: true` on fields of Mongoose schemas, or `schema.index(...)` where the schema or the field asks for that form. */
import type { Model } from "../../../analyzers/model.ts";
import type { Edit } from "../../../patches/edit.ts";
import { setOptions } from "../../../patches/editors/calls.ts";
import { homeOf } from "../../../patches/editors/homes.ts";
import { addItems } from "../../../patches/editors/literals.ts";
import { insert, openSource, type Range, type Source } from "../../../patches/editors/source.ts";
import { insertAfter, statementsCalling } from "../../../patches/editors/statements.ts";
import { lineAt, typescript, walk, type ts } from "../../../patches/editors/typescript.ts";
import { decoratorOf, propertyOf } from "./decorated.ts";
import { grouped, together, type Wanted, type Written } from "./wanted.ts";

const note =
  "Mongoose makes the new indexes when the app starts next, unless `autoIndex` is off: then run `createIndexes()` of the models once. On a big collection that takes a while, so start in a quiet hour.";

export function mongooseIndexes(wanted: readonly Wanted[], model: Model): Written {
  const all = together(grouped(wanted, ({ table }) => table.place.file).map(([, own]) => inFile(own, model)));
  return { ...all, notes: all.cured.length === 0 ? [] : [note] };
}

function inFile(wanted: readonly Wanted[], model: Model): Written {
  const source = openSource(model.repo, wanted[0]?.table.place.file ?? "");
  if (source === null) return together([]);
  const tables = grouped(wanted, ({ table }) => String(table.place.line)).map(([, own]) => inTable(source, own));
  return together(tables);
}

function inTable(source: Source, wanted: readonly Wanted[]): Written {
  const schema = schemaAt(source, wanted[0]?.table.place.line ?? 0);
  const statements: string[] = [];
  const done = wanted.flatMap(({ finding, column, table }) => {
    const field = column.names[0] ?? "";
    const edits =
      schema === null ? onProperty(source, table.names[0] ?? "", field) : onField(source, schema, field, statements);
    return edits === null ? [] : [{ finding, edits }];
  });
  const below = schema === null || statements.length === 0 ? [] : belowSchema(source, schema, statements);
  return {
    edits: [...done.flatMap(({ edits }) => edits), ...below],
    cured: done.map(({ finding }) => finding),
    notes: [],
  };
}

/** `new Schema({ ... })` on the line; null where the schema is a class. */
function schemaAt(source: Source, line: number): ts.CallExpression | ts.NewExpression | null {
  const ts = typescript();
  const found = [...walk(source.tree)].find(
    (node) =>
      (ts.isNewExpression(node) || ts.isCallExpression(node)) &&
      /(^|\.)Schema$/.test(node.expression.getText(source.tree)) &&
      lineAt(source.text, node.getStart(source.tree)) === line,
  );
  return found !== undefined && (ts.isNewExpression(found) || ts.isCallExpression(found)) ? found : null;
}

/** The edits at the field; none where a statement below the schema says it, which is added to the list. Null: neither can be. */
function onField(
  source: Source,
  schema: ts.CallExpression | ts.NewExpression,
  field: string,
  statements: string[],
): Edit[] | null {
  const name = nameOf(source, schema);
  const byStatement = name !== null && statementsCalling(source, callOf(name)).length > 0;
  const inline = byStatement ? null : atField(source, schema, field);
  if (inline !== null) return inline;
  if (name === null) return null;
  const key = /^[A-Za-z_$][\w$]*$/.test(field) ? field : JSON.stringify(field);
  statements.push(`${name}.index({ ${key}: 1 });`);
  return [];
}

function callOf(name: string): RegExp {
  return new RegExp(`^${name.replaceAll("$", "\\$")}\\.index$`);
}

function nameOf(source: Source, schema: ts.Node): string | null {
  const home = homeOf(source, rangeOf(source, schema), /^$/);
  return home?.kind === "named" ? home.name : null;
}

function rangeOf(source: Source, node: ts.Node): Range {
  return { start: node.getStart(source.tree), end: node.end };
}

/** `user: { type: ..., ref: "User" }` or `email: String`; null for fields of another form. */
function atField(source: Source, schema: ts.CallExpression | ts.NewExpression, field: string): Edit[] | null {
  const ts = typescript();
  const fields = schema.arguments?.[0];
  if (fields === undefined || !ts.isObjectLiteralExpression(fields)) return null;
  const value = fields.properties.flatMap((each) =>
    ts.isPropertyAssignment(each) && isNamed(each.name, field) ? [each.initializer] : [],
  )[0];
  if (value === undefined) return null;
  if (ts.isIdentifier(value) || ts.isPropertyAccessExpression(value))
    return [insert(source, value.getStart(source.tree), "{ type: "), insert(source, value.end, ", index: true }")];
  if (!ts.isObjectLiteralExpression(value)) return null;
  const options = value.properties.map(({ name }) => name?.getText(source.tree));
  return options.includes("type") && !options.includes("index") ? addItems(source, value, ["index: true"]) : null;
}

function isNamed(name: ts.PropertyName, field: string): boolean {
  const ts = typescript();
  return (ts.isIdentifier(name) || ts.isStringLiteral(name)) && name.text === field;
}

/** Behind the indexes that are declared like this already, else right below the schema: a model takes what is there when it is made. */
function belowSchema(source: Source, schema: ts.Node, statements: readonly string[]): Edit[] {
  const home = homeOf(source, rangeOf(source, schema), /^$/);
  if (home?.kind !== "named") return [];
  const last = statementsCalling(source, callOf(home.name)).at(-1);
  const code = statements.join("\n");
  return [last === undefined ? insertAfter(source, home.statement, code, "blank") : insertAfter(source, last, code)];
}

/** `@Prop({ required: true }) email: string` of a class. */
function onProperty(source: Source, className: string, field: string): Edit[] | null {
  const property = propertyOf(source, className, field);
  const decorator = property === null ? null : decoratorOf(property, /^[Pp]rop$/);
  return decorator === null ? null : setOptions(source, rangeOf(source, decorator), 0, { index: "true" });
}
