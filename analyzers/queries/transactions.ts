/** Whether a query runs within a transaction: in its callback, between BEGIN and COMMIT, or told by an option. */
import { textOf } from "../code/text.ts";
import { indexIn } from "../ids.ts";
import { calledName } from "../flow/calls.ts";
import { fileIndex } from "../flow/file-index.ts";
import type { CallSite, Model, Reach } from "../model.ts";
import { queriesOf } from "./index.ts";
import type { Span, Summary, Value } from "../summary.ts";
import type { Query } from "./query.ts";

const methods =
  /^(\$transaction|transaction|withTransaction|begin|runInTransaction|transactional|runTransaction|inTransaction)$/;
const starting = /[.:](startTransaction|beginTransaction|startSession)$|[.:](transaction|unmanagedTransaction)$/;

const known = new WeakMap<Model, ReadonlySet<string>>();

/** Functions that begin a transaction themselves. */
function beginners(model: Model): ReadonlySet<string> {
  const found = known.get(model) ?? new Set(begun(model));
  known.set(model, found);
  return found;
}

function begun(model: Model): string[] {
  const texts = queriesOf(model).filter(({ dialect, operation }) => dialect === "sql" && operation === "transaction");
  const calls = model.uses
    .filter(({ api, call }) => starting.test(api) && !call.args.some((arg) => arg.kind === "fn"))
    .map(({ call }) => call);
  return [...texts.map(({ call }) => call), ...calls].map(({ fn }) => fn);
}

export function runsInTransaction(model: Model, query: Query): boolean {
  if (query.joinsTransaction || query.operation === "transaction") return true;
  return isWithin(model, query.call) || isWithin(model, query.use.call);
}

/** Whether some call on the way to a query opens a transaction around it. */
export function isCovered(model: Model, way: Reach): boolean {
  return way.calls.some((call) => isWithin(model, call));
}

/** True inside a transaction's callback or list, and in or below a function that begins one. */
export function isWithin(model: Model, call: CallSite): boolean {
  const answers = answered.get(model) ?? new Map<string, boolean>();
  answered.set(model, answers);
  const known = answers.get(call.id);
  // Functions that call each other come back to the same call: it is not within by itself.
  if (known === undefined) answers.set(call.id, false);
  const answer = known ?? looksWithin(model, call);
  answers.set(call.id, answer);
  return answer;
}

const answered = new WeakMap<Model, Map<string, boolean>>();

/** `with transaction.atomic():`, `@transaction.atomic`, `async with session.begin():` in the function that asks. */
function opensBlock(model: Model, call: CallSite): boolean {
  const fn = model.fn(call.fn);
  return fn !== null && !fn.isModule && /\btransaction\.atomic\b|\.begin(_nested)?\(\)/.test(textOf(model, fn));
}

function looksWithin(model: Model, call: CallSite): boolean {
  const starts = beginners(model);
  const summary = model.summary(call.file);
  if (summary === null) return false;
  if (isListed(summary, call) || (summary.language === "python" && opensBlock(model, call))) return true;
  for (let fn = model.fn(call.fn); fn !== null && !fn.isModule; fn = fn.parent === null ? null : model.fn(fn.parent)) {
    if (starts.has(fn.id)) return true;
    const handed = fileIndex(summary).handed.get(indexIn(fn.id));
    const taker = handed === undefined ? null : model.call(`${call.file}#${handed.call}`);
    if (handed === undefined || taker === null) continue;
    if (isTransaction(model, taker) || callsBackWithin(model, taker, handed.index, 0)) return true;
  }
  return false;
}

/** Functions through which a callback is handed on. */
const MAX_HANDS = 3;

/** `withTenant(id, callback)`, where `withTenant` calls its parameter inside a transaction, or hands it on to who does. */
function callsBackWithin(model: Model, taker: CallSite, index: number, depth: number): boolean {
  return model.targets(taker).some(({ id, file }) => {
    const summary = model.summary(file);
    if (summary === null) return false;
    const { callsOfParam, paramGivenTo } = fileIndex(summary);
    const key = `${indexIn(id)}/${index}`;
    const siteOf = (callId: number): CallSite | null => model.call(`${file}#${callId}`);
    const isCalled = (callsOfParam.get(key) ?? []).map(siteOf).some((site) => site !== null && isWithin(model, site));
    if (isCalled || depth >= MAX_HANDS) return isCalled;
    return (paramGivenTo.get(key) ?? []).some((given) => {
      const site = siteOf(given.call);
      return site !== null && (isWithin(model, site) || callsBackWithin(model, site, given.index, depth + 1));
    });
  });
}

const lists = new WeakMap<Summary, readonly Span[]>();

/** `prisma.$transaction([a, b])`, `steps.push(b); prisma.$transaction(steps)` */
function isListed(summary: Summary, { span }: CallSite): boolean {
  const found = lists.get(summary) ?? listsIn(summary);
  lists.set(summary, found);
  return found.some((list) => list.start < span.start && span.end <= list.end);
}

function listsIn(summary: Summary): Span[] {
  return summary.calls.flatMap(({ callee, args: [list], span }) => {
    if (calledName(callee).split(".").at(-1) !== "$transaction") return [];
    if (list?.kind === "array") return [span];
    return list?.kind === "name" ? filledIn(summary, list) : [];
  });
}

/** What a list by that name holds from its beginning, and what is pushed onto it. */
function filledIn({ calls, functions }: Summary, { name, fn }: Extract<Value, { kind: "name" }>): Span[] {
  const written = (value: Value): Span[] => {
    if (value.kind === "array") return value.items.flatMap(written);
    if (value.kind === "operation") return value.of.flatMap(written);
    const span = value.kind === "call" ? calls[value.call]?.span : undefined;
    return span === undefined ? [] : [around(span)];
  };
  const pushed = calls.filter(
    ({ callee }) =>
      callee.kind === "member" &&
      callee.property === "push" &&
      callee.object.kind === "name" &&
      callee.object.name === name &&
      callee.object.fn === fn,
  );
  return [...(functions[fn]?.bindings[name] ?? []).flatMap(written), ...pushed.map(({ span }) => span)];
}

/** A list's own call lies within its span, too. */
function around(span: Span): Span {
  return { ...span, start: span.start - 1 };
}

function isTransaction(model: Model, taker: CallSite): boolean {
  const callee = model.summary(taker.file)?.calls[indexIn(taker.id)]?.callee;
  const name =
    callee?.kind === "member"
      ? callee.property
      : callee?.kind === "imported" || callee?.kind === "name"
        ? callee.name
        : "";
  if (methods.test(name)) return true;
  const starts = beginners(model);
  return model.targets(taker).some((target) => starts.has(target.id) || /transaction/i.test(target.name ?? ""));
}
