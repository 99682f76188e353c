/** Puts a cache around the statements that make a handler's answer, or around the one expression that does. */
import type { Edit } from "../../patches/edit.ts";
import { freeName } from "../../patches/editors/imports.ts";
import { indentAt, replace, type Range, type Source } from "../../patches/editors/source.ts";
import { typescript, type ts } from "../../patches/editors/typescript.ts";
import { usageOf, type GivenAnswer, type Usage } from "./given-answer.ts";
import { declaredBy, namesIn, ownNodes, type HandlerBody } from "./handler-body.ts";
import { keyNames } from "./key-names.ts";
import { obstacleIn } from "./movable.ts";
import { writtenCall, type CacheCall } from "./written-call.ts";

/** `label` begins the key: what is asked for, in the words of its route. */
export function keepStatements(
  source: Source,
  body: HandlerBody,
  given: GivenAnswer,
  label: string,
  options: string,
): { edits: Edit[] } | { cannot: string } {
  const ts = typescript();
  const pre = body.statements.slice(0, -1);
  const at = pre.findIndex((statement) => waits(statement));
  const made = at < 0 ? [] : pre.slice(at);
  const before = [...body.before, ...(at < 0 ? pre : pre.slice(0, at))];
  const inside = made.length > 0 ? [...made, ...workedOn(made, given)] : madeInAnswer(given);
  if ("cannot" in inside) return inside;
  const obstacle = obstacleIn(source, inside, body.params);
  if (obstacle !== null) return { cannot: obstacle };
  const key = keyNames(source, before, inside, body.params[0] ?? "");
  if ("cannot" in key) return key;
  const call = { key: keyText(label, key.names), options };
  const [only] = inside;
  const sole = only !== undefined && inside.length === 1 ? soleMaking(only, given.statement) : null;
  if (sole === null) return keepAll(source, made, given, call);
  const head = [...ownNodes(sole)].some((node) => ts.isAwaitExpression(node)) ? "async () =>" : "() =>";
  const range = { start: sole.getStart(source.tree), end: sole.end };
  const lead = source.text.slice(source.text.lastIndexOf("\n", range.start - 1) + 1, range.start);
  const text = source.text.slice(range.start, range.end);
  return { edits: [replace(source, range, writtenCall(source, lead, call, { kind: "expression", head, text }))] };
}

/** What is given, where it is more than what was made, written out: that work goes into the cache as well. */
function workedOn(made: readonly ts.Statement[], { statement, value }: GivenAnswer): ts.Expression[] {
  const isMore = usagesIn(made, statement).some(({ usage }) => usage.kind === "more");
  return isMore && value !== null ? [value] : [];
}

/** What the answer takes of the variables that were made for it. */
function usagesIn(made: readonly ts.Statement[], answer: ts.Statement): { name: string; usage: Usage }[] {
  const declared = new Set(made.flatMap(declaredBy));
  const outs = [...new Set(namesIn(answer).map(({ text }) => text))].filter((name) => declared.has(name));
  return outs.map((name) => ({ name, usage: usageOf(answer, name) }));
}

/** All statements, with what the answer takes of them returned. */
function keepAll(
  source: Source,
  made: readonly ts.Statement[],
  given: GivenAnswer,
  call: CacheCall,
): { edits: Edit[] } | { cannot: string } {
  const [first] = made;
  const last = made.at(-1);
  const usages = usagesIn(made, given.statement);
  if (first === undefined || last === undefined || usages.length === 0)
    return { cannot: "what it answers could not be followed" };
  const parts = returned(source, given, usages);
  if (parts === null) return { cannot: "the answer is worked on while it is given, and what is kept is plain JSON" };
  const range = { start: first.getStart(source.tree), end: last.end };
  const name = parts.name ?? freeName(source, "answer");
  const indent = indentAt(source, range.start);
  const end = source.style.semicolons ? ";" : "";
  const lead = `const ${name} = await `;
  const lines = [source.text.slice(range.start, range.end), `return ${parts.value}${end}`];
  const written = writtenCall(source, indent + lead, call, { kind: "block", head: "async () =>", lines });
  const text = `${lead}${written}${end}`;
  return {
    edits: [replace(source, range, text), ...(parts.given === null ? [] : [replace(source, parts.given, name)])],
  };
}

/** `res.json(await list())`, `return list()`: the one expression that makes the answer where it is given. */
function madeInAnswer({ statement, value }: GivenAnswer): ts.Expression[] | { cannot: string } {
  const ts = typescript();
  const awaits = [...ownNodes(statement)].filter((node): node is ts.AwaitExpression => ts.isAwaitExpression(node));
  const [only] = awaits;
  const isReturned = only === undefined && value !== null && ts.isReturnStatement(statement);
  const operand = only?.expression ?? (isReturned ? value : undefined);
  const isWritten = only === undefined || isWrittenOut(only, statement);
  return operand === undefined || awaits.length > 1 || !isWritten || !ts.isCallExpression(operand)
    ? { cannot: "its answer is made in several places at once" }
    : [operand];
}

function isWrittenOut(node: ts.Expression, statement: ts.Statement): boolean {
  const ts = typescript();
  const { parent } = node;
  if (ts.isCallExpression(parent)) return parent.parent === statement && parent.expression !== node;
  return parent === statement || ts.isPropertyAssignment(parent);
}

/** The one expression that is waited for, where the answer needs nothing else of the statement than what JSON keeps. */
function soleMaking(made: ts.Node, answer: ts.Statement): ts.Expression | null {
  const ts = typescript();
  if (!ts.isVariableStatement(made)) return ts.isStatement(made) || !ts.isExpression(made) ? null : made;
  const [only, ...more] = made.declarationList.declarations;
  const init = only?.initializer;
  if (init === undefined || more.length > 0 || !ts.isAwaitExpression(init)) return null;
  return declaredBy(made).every((name) => usageOf(answer, name).kind === "plain") ? init.expression : null;
}

/** What the cache's function returns, the name for it, and what in the answer gives way to that name. */
function returned(
  source: Source,
  { value }: GivenAnswer,
  usages: readonly { name: string; usage: Usage }[],
): { name: string | null; value: string; given: Range | null } | null {
  const isPlain = usages.every(({ usage }) => usage.kind !== "more");
  if (isPlain) {
    const texts = usages.map(({ name, usage }) =>
      usage.kind === "members"
        ? { name, text: `{ ${usage.names.map((member) => `${member}: ${name}.${member}`).join(", ")} }` }
        : { name, text: name },
    );
    const [first, ...more] = texts;
    if (first !== undefined && more.length === 0) return { name: first.name, value: first.text, given: null };
    const names = `{ ${texts.map(({ name }) => name).join(", ")} }`;
    return {
      name: names,
      value: `{ ${texts.map(({ name, text }) => (name === text ? name : `${name}: ${text}`)).join(", ")} }`,
      given: null,
    };
  }
  return value === null ? null : { name: null, value: value.getText(source.tree), given: rangeOf(source, value) };
}

function waits(statement: ts.Statement): boolean {
  const ts = typescript();
  return [...ownNodes(statement)].some(
    (node) => ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined),
  );
}

function keyText(label: string, names: readonly string[]): string {
  return names.length === 0 ? JSON.stringify(label) : `\`${label} \${JSON.stringify([${names.join(", ")}])}\``;
}

function rangeOf(source: Source, node: ts.Node): Range {
  return { start: node.getStart(source.tree), end: node.end };
}
