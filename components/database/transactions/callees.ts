/** Functions of the app that make one of the writes: they are given the transaction as a last parameter that nobody else names. */
import { indexIn } from "../../../analyzers/ids.ts";
import type { CallSite, Fn, Model } from "../../../analyzers/model.ts";
import type { Query } from "../../../analyzers/queries/index.ts";
import { queriesIn } from "../../../analyzers/queries/siblings.ts";
import type { Edit } from "../../../patches/edit.ts";
import { callNodeAt, insertArgument } from "../../../patches/editors/calls.ts";
import type { ImportWish } from "../../../patches/editors/imports.ts";
import { insert, openSource, type Source } from "../../../patches/editors/source.ts";
import { typescript, walk, type ts } from "../../../patches/editors/typescript.ts";
import type { Templates } from "../../component.ts";
import { obstacleOfCall } from "./bystanders.ts";
import { isHandedOn } from "./handed-on.ts";
import type { Client, Joined, Obstacle } from "./client.ts";
import { freeName } from "./names.ts";
import { callsWithin, queriesWithin } from "./queries-in.ts";

export interface Callee {
  site: CallSite;
  fn: Fn;
  source: Source;
  queries: readonly Query[];
  joined: Joined;
  /** The edits of the function itself, the same whoever calls it. */
  edits: readonly Edit[];
  wishes: readonly ImportWish[];
  /** The call with the transaction as its last argument. */
  called: (name: string) => Edit[];
}

/** Whether a called function asks the database itself, so that it can be given the transaction. */
export function asksItself(site: CallSite, model: Model): boolean {
  const [fn] = model.targets(site);
  return fn !== undefined && queriesIn(fn.id, model).length > 0;
}

export function calleeOf(site: CallSite, client: Client, templates: Templates, model: Model): Callee | Obstacle {
  const [fn, other] = model.targets(site);
  const caller = openSource(model.repo, site.file);
  const source = fn === undefined ? null : openSource(model.repo, fn.file);
  const node = fn === undefined || source === null ? null : functionAt(source, fn);
  const call = caller === null ? null : callNodeAt(caller, site.span);
  if (
    fn === undefined ||
    other !== undefined ||
    source === null ||
    node?.body === undefined ||
    call === null ||
    caller === null
  )
    return { obstacle: "one of them is made by a function that could not be told apart from others" };
  const shown = `\`${fn.name ?? "a function"}\``;
  const taken = obstacleOfSignature(node, call, shown, source) ?? obstacleOfUse(fn, shown, model);
  if (taken !== null) return { obstacle: taken };
  const calls = callsWithin(fn.file, { start: node.body.getStart(source.tree), end: node.body.end }, model);
  const queries = queriesWithin(calls, model);
  const obstacle = obstacleOfBody(fn, calls, queries, client, shown, model);
  if (obstacle !== null) return { obstacle };
  const joined = client.joined({ source, statements: [node.body], queries, model, templates });
  if ("obstacle" in joined) return joined;
  const name = freeName(client.names, node);
  const parameter = name === null ? null : joined.parameter(name);
  if (name === null || parameter === null) return { obstacle: `every name for a transaction is taken in ${shown}` };
  if ("obstacle" in parameter) return parameter;
  return {
    site,
    fn,
    source,
    queries,
    joined,
    edits: [withParameter(node, parameter.text, source), ...joined.onto(name)],
    wishes: parameter.wishes,
    called: (own) => insertArgument(caller, site.span, call.arguments?.length ?? 0, own),
  };
}

type WithBody = ts.FunctionDeclaration | ts.FunctionExpression | ts.ArrowFunction | ts.MethodDeclaration;

function functionAt({ tree }: Source, { span }: Fn): WithBody | null {
  const ts = typescript();
  for (const node of walk(tree)) {
    const isOne =
      ts.isFunctionDeclaration(node) ||
      ts.isFunctionExpression(node) ||
      ts.isArrowFunction(node) ||
      ts.isMethodDeclaration(node);
    if (isOne && span.start <= node.getStart(tree) && node.end === span.end) return node;
  }
  return null;
}

/** Behind the last parameter; `data => ...` gets its parentheses. */
function withParameter(node: WithBody, text: string, source: Source): Edit {
  const ts = typescript();
  const last = node.parameters.at(-1);
  if (last !== undefined) return insert(source, last.end, `, ${text}`);
  const open = node.getChildren(source.tree).find((child) => child.kind === ts.SyntaxKind.OpenParenToken);
  return insert(source, open?.end ?? node.getStart(source.tree), text);
}

/** Whether one more parameter would be what it seems: the last one, in a place of its own. */
function obstacleOfSignature(
  node: WithBody,
  call: ts.CallExpression | ts.NewExpression,
  shown: string,
  { tree }: Source,
): string | null {
  const ts = typescript();
  const given = call.arguments ?? [];
  const isBare = ts.isArrowFunction(node) && !/^(async\s*)?(<|\()/.test(node.getText(tree));
  if (isBare || node.parameters.some(({ dotDotDotToken }) => dotDotDotToken !== undefined))
    return `${shown} takes its parameters in a way that one more cannot be added to`;
  if (given.length !== node.parameters.length || given.some((each) => ts.isSpreadElement(each)))
    return `${shown} is called without all of its parameters, so a transaction cannot be the next one`;
  if ([...walk(node)].some((each) => ts.isIdentifier(each) && each.text === "arguments"))
    return `${shown} reads its arguments as a list`;
  return typedElsewhere(node) ? `the type of ${shown} is written somewhere else, too` : null;
}

/** `implements`, `extends`, `const save: Save = ...`: a type that knows nothing of one more parameter. */
function typedElsewhere(node: WithBody): boolean {
  const ts = typescript();
  for (let at: ts.Node = node.parent; at !== undefined && !ts.isSourceFile(at); at = at.parent) {
    if (ts.isClassLike(at)) return (at.heritageClauses ?? []).length > 0;
    if (ts.isVariableDeclaration(at) || ts.isPropertyDeclaration(at)) return at.type !== undefined;
    if (ts.isSatisfiesExpression(at) || ts.isAsExpression(at)) return true;
    if (ts.isFunctionLike(at) || ts.isBlock(at)) return false;
  }
  return false;
}

/** Whoever calls it with arguments of his own (a route, `map`) would hand over something else as the transaction. */
function obstacleOfUse({ id, name, file }: Fn, shown: string, model: Model): string | null {
  const isEntry = model.entries.some(({ fn }) => fn === id);
  const isHanded = name === null || model.handedTo(id).length > 0 || isHandedOn(name, file, model);
  return isEntry || isHanded ? `${shown} is handed to other code, which calls it with arguments of its own` : null;
}

function obstacleOfBody(
  { id, file }: Fn,
  calls: readonly CallSite[],
  queries: readonly Query[],
  client: Client,
  shown: string,
  model: Model,
): string | null {
  if (queries.length === 0) return `${shown} has its queries asked by yet another function`;
  const own = new Set(queries.flatMap((query) => [...query.calls]));
  const inChains = ({ span }: CallSite): boolean =>
    queries.some(({ call }) => call.span.start === span.start && span.end < call.span.end);
  const beside = calls
    .filter((call) => !own.has(call.id) && !inChains(call))
    .map((call) => obstacleOfCall(call, model))
    .find((each) => each !== null);
  if (beside != null) return `in ${shown}, ${beside}`;
  const index = indexIn(id);
  const tries = model.summary(file)?.tries ?? [];
  if (tries.some(({ fn, handler, rethrows }) => fn === index && handler !== null && !rethrows))
    return `${shown} catches errors, and a transaction does not go on after one`;
  if (!client.atOnce && queries.some(({ call }) => call.inLoop && !call.awaited))
    return `${shown} asks several queries at once`;
  return client.obstacle(queries, model);
}
