/** What goes back to the user: the values that are sent, rendered or returned to the framework. */
import type { Model } from "../model.ts";
import type { Call, FunctionFact, Summary, Value } from "../summary.ts";
import type { Expr } from "./expression.ts";
import { rootOf } from "./file-index.ts";
import { handlerFns } from "./request.ts";
import { sourcesOfAll } from "./sources.ts";
import { stepFrom, type Source } from "./walk.ts";

const sending = new Set(["json", "send", "jsonp", "end", "write", "render", "html", "text", "body"]);
const replies = /^_?(res|resp|response|reply|c|ctx|context|h)$/i;
const makers = /^(Response|NextResponse)$/;

/** All answers together may look at so many values: the walk shares what it has seen, so this grows with the code only. */
const MAX_STEPS = 400_000;

const known = new WeakMap<Model, readonly Source[]>();

/** Every origin of what the app answers, over all routes. */
export function answeredSources(model: Model): readonly Source[] {
  const found =
    known.get(model) ??
    sourcesOfAll(
      model,
      answers(model).map((expr) => stepFrom(expr)),
      { limit: MAX_STEPS, intoFilled: true },
    );
  known.set(model, found);
  return found;
}

/** The values that leave the server: `res.json(x)`, `ctx.body = x`, what a handler returns. */
function answers(model: Model): Expr[] {
  const handlers = handlerFns(model);
  return model.repo.files.flatMap((file) => {
    const summary = model.summary(file);
    if (summary === null || model.context(file) !== "server") return [];
    const sent = summary.calls.flatMap((call) => sentBy(call, summary));
    const set = summary.writes.flatMap(({ target, value }) =>
      value !== undefined && isBody(target, summary) ? [value] : [],
    );
    const own = summary.functions.filter((_, index) => handlers.has(`${file}#${index}`));
    const text = /\.[jt]sx$/.test(file) ? (model.repo.read(file) ?? "") : "";
    const shown = text === "" ? [] : own.flatMap((fn) => shownBy(fn, text));
    return [...sent, ...set, ...own.flatMap(({ returns }) => returns), ...shown].map((value) => ({
      file,
      value,
      frame: null,
    }));
  });
}

/** `<Orders list={orders} />`, `{orders.map((order) => ...)}`: what a page of the server puts into its markup. */
function shownBy({ span, bindings }: FunctionFact, text: string): Value[] {
  const code = text.slice(span.start, span.end);
  const shown = new Set([...code.matchAll(inMarkup)].map(([, whole, items, each]) => whole ?? items ?? each));
  return Object.entries(bindings).flatMap(([name, values]) => (shown.has(name) ? values : []));
}

/** The last form stands behind a condition: `{orders.length === 0 ? <None /> : orders.map((order) => <Row />)}`. */
const inMarkup =
  /=\{\s*([\w$]+)\s*\}|\{\s*([\w$]+)\??\.map\(|(?<![\w$.])([\w$]+)\??\.map\(\s*\(?[^()=]{0,80}\)?\s*=>\s*\(?\s*<[A-Za-z>]/g;

/** Functions of frameworks that make the answer of what they are given: `json(orders)`, `data({ orders }, { status: 201 })`. */
const frameworkMakers = /^(json|data|defer|fail|typedjson|superjson)$/;
const frameworks = /^(@sveltejs\/kit|@remix-run\/[\w-]+|react-router|@tanstack\/[\w-]+-start|remix-typedjson)$/;

/** Functions of Python's frameworks that make the answer of what they are given. */
const pythonMakers = /^(render|jsonify|render_template|JsonResponse|JSONResponse|Response)$/;

function sentBy(call: Call, summary: Summary): Value[] {
  const { callee, args } = call;
  if (summary.language === "python") return callee.kind === "imported" && pythonMakers.test(callee.name) ? args : [];
  if (call.isNew) return callee.kind === "name" && makers.test(callee.name) ? args.slice(0, 1) : [];
  if (callee.kind === "imported" && frameworks.test(callee.specifier) && frameworkMakers.test(callee.name))
    return callee.name === "fail" ? args.slice(1, 2) : args.slice(0, 1);
  if (callee.kind !== "member" || !sending.has(callee.property)) return [];
  if (!isReply(callee.object, summary)) return [];
  return callee.property === "render" ? args.slice(1, 2) : args.slice(0, 1);
}

/** `res`, `res.status(200)`, `NextResponse`. */
function isReply(value: Value, summary: Summary): boolean {
  const root = rootOf(value);
  switch (root.kind) {
    case "param":
      return replies.test(summary.functions[root.fn]?.params[root.index]?.name ?? "");
    case "name":
      return replies.test(root.name) || makers.test(root.name);
    case "imported":
      return makers.test(root.name);
    case "call": {
      const callee = summary.calls[root.call]?.callee;
      return callee !== undefined && callee.kind === "member" && isReply(callee.object, summary);
    }
    default:
      return false;
  }
}

/** `ctx.body = ...`, `reply.body`. */
function isBody(target: Value, summary: Summary): boolean {
  return target.kind === "member" && target.property === "body" && isReply(target.object, summary);
}
