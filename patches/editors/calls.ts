/** Changing the arguments of a call: options added, middleware put in, the rest untouched. */
import type { Edit } from "../edit.ts";
import { toDialectExpression } from "./dialect.ts";
import { addItems, broken, fits, leadOf } from "./literals.ts";
import { ownLiteral } from "./option-objects.ts";
import { insert, replace } from "./source.ts";
import type { Range, Source } from "./source.ts";
import { typescript, walk } from "./typescript.ts";
import type { ts } from "./typescript.ts";

type Call = ts.CallExpression | ts.NewExpression;

/** One argument's place. */
export interface CallPlace extends Range {
  /** Source text of what is called, without arguments: `app.listen`, `nodemailer.createTransport`. */
  callee: string;
  args: Range[];
}

/** The call or `new` that has exactly this range; failing that the smallest one around it. Null when there is none. */
export function callAt(source: Source, range: Range): CallPlace | null {
  const call = callNodeAt(source, range);
  return call === null ? null : placeOf(source, call);
}

/** Every call whose callee reads like the pattern (`/^app\.listen$/`), in source order. */
export function callsTo(source: Source, callee: RegExp): CallPlace[] {
  const ts = typescript();
  return [...walk(source.tree)]
    .filter((node): node is Call => ts.isCallExpression(node) || ts.isNewExpression(node))
    .filter((call) => callee.test(calleeText(source, call)))
    .map((call) => placeOf(source, call));
}

function placeOf(source: Source, call: Call): CallPlace {
  const args = [...(call.arguments ?? [])].map((argument) => ({
    start: argument.getStart(source.tree),
    end: argument.end,
  }));
  return { start: call.getStart(source.tree), end: call.end, callee: calleeText(source, call), args };
}

function calleeText(source: Source, call: Call): string {
  return call.expression.getText(source.tree).replace(/\s+/g, "");
}

/** The node behind {@link callAt}. */
export function callNodeAt(source: Source, range: Range): Call | null {
  const ts = typescript();
  let best: Call | null = null;
  for (const node of walk(source.tree)) {
    if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) continue;
    const start = node.getStart(source.tree);
    if (start === range.start && node.end === range.end) return node;
    if (start <= range.start && range.end <= node.end) best = node;
  }
  return best;
}

/** Where the callee ends and type arguments would begin; null where such stand already. */
export function calleeEnd(source: Source, call: Range): number | null {
  const node = callNodeAt(source, call);
  return node === null || node.typeArguments !== undefined ? null : node.expression.end;
}

/** The items of the array that is written out at this range; null when no array is. */
export function itemsAt(source: Source, range: Range): Range[] | null {
  const ts = typescript();
  for (const node of walk(source.tree)) {
    if (!ts.isArrayLiteralExpression(node) || node.getStart(source.tree) !== range.start || node.end !== range.end)
      continue;
    return node.elements.map((item) => ({ start: item.getStart(source.tree), end: item.end }));
  }
  return null;
}

/** Puts an argument before the one at the index (at the end when there are fewer); on its own line where the others are. */
export function insertArgument(source: Source, call: Range, index: number, argument: string): Edit[] {
  const node = callNodeAt(source, call);
  if (node === null) return [];
  const text = toDialectExpression(argument, source.style);
  const args = node.arguments ?? [];
  const next = args[index];
  if (next !== undefined) return [insert(source, next.getStart(source.tree), `${text},${leadOf(source, next)}`)];
  const last = args.at(-1);
  if (last !== undefined) return [insert(source, last.end, `,${leadOf(source, last)}${text}`)];
  if (node.arguments === undefined) return [insert(source, node.end, `(${text})`)];
  return [insert(source, node.end - 1, text)];
}

/**
 * Sets options in the object literal that is the call's argument at the index, creating the argument when it is the next
 * one. Values are expressions in template style. Set all options of one call in one go.
 *
 * Null when it cannot be done safely: arguments before it are missing, or the argument is not a literal. With `spread` it
 * then becomes `{ ...argument, key: value }`; with `define` the options go where the argument is defined, when that is a
 * literal for such calls alone (only for values that every call may share), else as with `spread`.
 */
export function setOptions(
  source: Source,
  call: Range,
  index: number,
  options: Readonly<Record<string, string>>,
  otherwise: "refuse" | "spread" | "define" = "refuse",
): Edit[] | null {
  const ts = typescript();
  const node = callNodeAt(source, call);
  if (node === null) return null;
  const args = node.arguments ?? [];
  const argument = args[index] === undefined ? undefined : unasserted(args[index]);
  if (argument === undefined) return index === args.length ? addOptions(source, node, options) : null;
  if (args.slice(0, index + 1).some((earlier) => ts.isSpreadElement(earlier))) return null;
  if (ts.isObjectLiteralExpression(argument)) return setProperties(source, argument, options);
  const range = { start: argument.getStart(source.tree), end: argument.end };
  if (/^(undefined|null)$/.test(argument.getText(source.tree))) {
    return [replace(source, range, toDialectExpression(objectText(options), source.style))];
  }
  if (otherwise === "refuse") return null;
  const literal = otherwise === "define" ? ownLiteral(source, node, argument) : null;
  return literal === null ? spread(source, range, options) : setProperties(source, literal, options);
}

/** `{ ... }` in `{ ... } as Options`: what is written out is added to where it stands; anything else is taken whole. */
function unasserted(argument: ts.Expression): ts.Expression {
  const ts = typescript();
  let inner = argument;
  while (ts.isAsExpression(inner) || ts.isSatisfiesExpression(inner) || ts.isParenthesizedExpression(inner))
    inner = inner.expression;
  return ts.isObjectLiteralExpression(inner) ? inner : argument;
}

/** Options as the call's next argument. */
function addOptions(source: Source, call: Call, options: Readonly<Record<string, string>>): Edit[] {
  const last = call.arguments?.at(-1);
  const text = objectText(options);
  if (last === undefined || leadOf(source, last) !== " " || fits(source, last.end, text))
    return insertArgument(source, placeOf(source, call), call.arguments?.length ?? 0, text);
  return [insert(source, last.end, `, ${broken(source, last.end, properties(source, options))}`)];
}

/** `options` -> `{ ...options, key: value }`. */
function spread(source: Source, range: Range, options: Readonly<Record<string, string>>): Edit[] {
  const fresh = properties(source, options);
  if (fits(source, range.end, `{ ..., ${fresh.join(", ")} }`))
    return [insert(source, range.start, "{ ..."), insert(source, range.end, `, ${fresh.join(", ")} }`)];
  const [head = "", tail = ""] = broken(source, range.start, ["...\0", ...fresh]).split("\0");
  return [insert(source, range.start, head), insert(source, range.end, tail)];
}

function properties(source: Source, options: Readonly<Record<string, string>>): string[] {
  return Object.entries(options).map(([key, value]) =>
    key === value ? key : `${key}: ${toDialectExpression(value, source.style)}`,
  );
}

function objectText(options: Readonly<Record<string, string>>): string {
  return `{ ${Object.entries(options)
    .map(([key, value]) => (key === value ? key : `${key}: ${value}`))
    .join(", ")} }`;
}

function setProperties(
  source: Source,
  object: ts.ObjectLiteralExpression,
  options: Readonly<Record<string, string>>,
): Edit[] | null {
  const edits: Edit[] = [];
  const fresh: string[] = [];
  for (const [key, value] of Object.entries(options)) {
    const text = toDialectExpression(value, source.style);
    const known = object.properties.find((property) => property.name !== undefined && nameOf(property.name) === key);
    if (known === undefined) fresh.push(key === value ? key : `${key}: ${text}`);
    else {
      const edit = replaceValue(source, known, text);
      if (edit === null) return null;
      edits.push(...edit);
    }
  }
  return fresh.length === 0 ? edits : [...edits, ...addItems(source, object, fresh)];
}

function nameOf(name: ts.PropertyName): string | null {
  const ts = typescript();
  return ts.isIdentifier(name) || ts.isStringLiteral(name) ? name.text : null;
}

function replaceValue(source: Source, property: ts.ObjectLiteralElementLike, text: string): Edit[] | null {
  const ts = typescript();
  if (ts.isShorthandPropertyAssignment(property)) {
    return property.name.text === text ? [] : [insert(source, property.end, `: ${text}`)];
  }
  if (!ts.isPropertyAssignment(property)) return null;
  const { initializer } = property;
  if (initializer.getText(source.tree) === text) return [];
  return [replace(source, { start: initializer.getStart(source.tree), end: initializer.end }, text)];
}
