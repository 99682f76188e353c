/** Calls: what is called with what, and what becomes of the outcome: awaited, returned, chained, guarded, in a loop. */
import type { Call, CallId, CallUse, ImportFact, Value } from "../summary.ts";
import { member } from "./members.ts";
import { isGlobal, resolve } from "./names.ts";
import { isFunction, namedValue } from "./naming.ts";
import type { CallNode, Decorator, Expression, List, Ranged, Tagged } from "./tree.ts";
import { collect, statementSpan, unknown, type Walk } from "./walk.ts";
import { noteMutation } from "./writes.ts";

/** Methods that call their first argument once per item. */
const iteration = new Set([
  "map",
  "forEach",
  "filter",
  "reduce",
  "reduceRight",
  "flatMap",
  "some",
  "every",
  "each",
  "eachSeries",
]);
const combinators = new Set(["all", "allSettled", "race", "any"]);
const chains = new Set(["then", "catch", "finally"]);
/** Functions of rxjs whose promise ends with what they are given. */
const settling = new Set(["firstValueFrom", "lastValueFrom"]);

interface Found {
  callee: Value;
  args: Value[];
  isNew: boolean;
  use: CallUse;
  guarded: boolean;
}

function note(walk: Walk, found: Found, range: Ranged): Value {
  const { frame, summary } = walk;
  const fact: Call = {
    fn: frame.id,
    callee: found.callee,
    args: found.args,
    isNew: found.isNew,
    use: found.use,
    awaited: isWaited(found.use),
    inLoop: frame.loop,
    guarded: found.guarded || frame.guarded,
    span: walk.source.span(range),
    statement: statementSpan(walk),
  };
  return { kind: "call", call: summary.calls.push(fact) - 1 };
}

/** `f(...)` and `new F(...)`; `require("x")` becomes what it imports. */
export function call(walk: Walk, node: CallNode, use: CallUse, guarded: boolean): Value {
  // In lazy mode each look at a child costs, so they are taken once.
  const { type, callee: called, arguments: given } = node;
  const isNew = type === "NewExpression" || called.type === "Super";
  const required = isNew ? null : requiring(walk, called, given, node);
  if (required !== null) return required;
  const callee = readCallee(walk, called, given.length, use, guarded);
  const args = readArguments(walk, given, callee, use, guarded);
  if (callee.kind === "member" && callee.property === "push") {
    for (const item of args) walk.pushed.push({ array: callee.object, item });
  }
  noteMutation(walk, callee, node);
  return note(walk, { callee, args, isNew, use, guarded }, node);
}

/** The object of a promise chain shares the fate of the whole chain. */
function readCallee(walk: Walk, called: Expression, given: number, use: CallUse, guarded: boolean): Value {
  if (called.type !== "StaticMemberExpression") return walk.expression(called, "other");
  const { object, property } = called;
  const step = "name" in property && chains.has(property.name) ? property.name : null;
  if (step === null) return walk.expression(called, "other");
  const catches = step === "catch" || (step === "then" && given > 1);
  const chained = walk.expression(object, use === "discarded" ? "chained" : use, guarded || catches);
  return member(walk, chained, step, called);
}

function readArguments(walk: Walk, given: List<Expression>, callee: Value, use: CallUse, guarded: boolean): Value[] {
  const method = callee.kind === "member" ? callee.property : "";
  const joins = callee.kind === "member" && combinators.has(method) && isGlobal(walk, callee.object, "Promise");
  const iterates = iteration.has(method);
  const settles = callee.kind === "imported" && settling.has(callee.name) && isWaited(use);
  const name = naming.has(method) ? nameGiven(given) : null;
  return collect(given, (arg) => {
    if (settles) return walk.expression(arg, use, guarded);
    if (joins) return readJoined(walk, arg, isWaited(use) ? use : "argument", guarded || method === "allSettled");
    walk.iterating = iterates && isFunction(arg);
    const value = namedValue(walk, arg, name, "argument");
    walk.iterating = false;
    return value;
  });
}

/** Methods that put a function on an object under a name: `app.decorate("authenticate", async () => {})`. */
const naming = new Set(["decorate", "decorateRequest", "decorateReply"]);

function nameGiven(given: List<Expression>): string | null {
  const [first] = given;
  return first?.type === "StringLiteral" ? String(first.value) : null;
}

/** The promises given to `Promise.all` and its like are waited for when it is. */
function readJoined(walk: Walk, arg: Expression, use: CallUse, guarded: boolean): Value {
  if (arg.type !== "ArrayExpression") return walk.expression(arg, use, guarded);
  const items = collect(arg.elements, (item) => {
    if (item.type !== "SpreadElement") return walk.expression(item, use, guarded);
    walk.expression(item.argument, use, guarded);
    return unknown;
  });
  return { kind: "array", items };
}

/** `<Orders/>` in JSX: a call of the component, without arguments that could be followed. */
export function rendered(walk: Walk, callee: Value, range: Ranged): void {
  note(walk, { callee, args: [], isNew: false, use: "rendered", guarded: false }, range);
}

/** Tagged template: a call of the tag with the template, then its expressions. */
export function tagged(walk: Walk, node: Tagged, use: CallUse, guarded: boolean): Value {
  const callee = walk.expression(node.tag, "other");
  const text = walk.expression(node.quasi, "argument");
  const inner = text.kind === "template" ? text.parts.filter((part) => typeof part !== "string") : [];
  return note(walk, { callee, args: [text, ...inner], isNew: false, use, guarded }, node);
}

/** Decorators as calls, a bare `@Injectable` like `@Injectable()`. */
export function decorate(walk: Walk, decorators: List<Decorator>): CallId[] {
  return collect(decorators, ({ expression }) => {
    const value = walk.expression(expression, "other");
    const made =
      value.kind === "call"
        ? value
        : note(walk, { callee: value, args: [], isNew: false, use: "other", guarded: false }, expression);
    return made.kind === "call" ? made.call : -1;
  });
}

function requiring(walk: Walk, called: Expression, given: List<Expression>, range: Ranged): Value | null {
  if (called.type !== "IdentifierReference" || called.name !== "require") return null;
  if (resolve(walk, "require").kind !== "name") return null;
  const [argument] = given;
  return argument === undefined ? null : importedBy(walk, argument, "require", range);
}

/** `import("x")`. */
export function importing(walk: Walk, node: Ranged & { readonly source: Expression }): Value {
  const value = importedBy(walk, node.source, "dynamic", node);
  if (value === null) walk.expression(node.source, "other");
  return value ?? unknown;
}

function importedBy(walk: Walk, source: Expression, form: ImportFact["form"], range: Ranged): Value | null {
  const specifier = textOf(source);
  if (specifier === null) return null;
  walk.summary.imports.push({ specifier, names: [], typeOnly: false, form, span: walk.source.span(range) });
  return { kind: "imported", specifier, name: "*" };
}

function textOf(node: Expression): string | null {
  if (node.type === "StringLiteral") return String(node.value);
  if (node.type !== "TemplateLiteral" || node.expressions.length > 0) return null;
  const [only] = node.quasis;
  return only?.value.cooked ?? null;
}

function isWaited(use: CallUse): boolean {
  return use === "awaited" || use === "returned" || use === "rendered";
}

/**
 * Marks the calls whose promise is kept under a name and waited for later: `const p = f(); await p`,
 * `list.push(f()); await Promise.all(list)`. Needs the whole file, so it runs last.
 */
export function markWaited(walk: Walk): void {
  const seen = new Set<Value>();
  const visit = (value: Value): void => {
    if (seen.has(value)) return;
    seen.add(value);
    switch (value.kind) {
      case "name":
        for (const bound of walk.summary.functions[value.fn]?.bindings[value.name] ?? []) visit(bound);
        for (const { array, item } of walk.pushed) if (array === value) visit(item);
        break;
      case "array":
        value.items.forEach(visit);
        break;
      case "either":
        value.of.forEach(visit);
        break;
      case "operation":
        if (value.operator === "...") value.of.forEach(visit);
        break;
      case "member":
        if (value.property === "*") visit(value.object);
        break;
      case "call": {
        const made = walk.summary.calls[value.call];
        if (made === undefined) break;
        made.awaited = true;
        const { callee } = made;
        if (callee.kind === "member" && chains.has(callee.property)) visit(callee.object);
        if (callee.kind === "member" && combinators.has(callee.property)) made.args.forEach(visit);
        break;
      }
      default:
    }
  };
  walk.waited.forEach(visit);
}
