/** Writes a transaction around statements: the client within is the transaction's own, what is used later is handed out. */
import type { Model } from "../../../analyzers/model.ts";
import type { Edit } from "../../../patches/edit.ts";
import { addImport, type ImportWish } from "../../../patches/editors/imports.ts";
import { replace, type Range, type Source } from "../../../patches/editors/source.ts";
import { typescript, type ts } from "../../../patches/editors/typescript.ts";
import { wrapRange } from "../../../patches/editors/wrap-range.ts";
import type { Templates } from "../../component.ts";
import type { Finding } from "../../finding.ts";
import type { Attempt } from "../written.ts";
import { freeName } from "./names.ts";
import { planFor, type Plan } from "./plan.ts";

export function transactionFor(finding: Finding, model: Model, templates: Templates): Attempt {
  const plan = planFor(finding, model, templates);
  if ("obstacle" in plan) return plan;
  const name = freeName(plan.client.names, plan.stretch.fn);
  if (name === null) return { obstacle: "every name for the transaction's client is taken there" };
  return { edits: editsFor(plan, name), shared: sharedBy(plan), notes: plan.client.notes };
}

function editsFor(plan: Plan, name: string): Edit[] {
  const { stretch, opening, joined, callees } = plan;
  const { source } = stretch;
  const end = source.style.semicolons ? ";" : "";
  const opened = `${opening.text}async (${name}) => {`;
  const inner = [...(joined?.onto(name) ?? []), ...callees.flatMap(({ called }) => called(name))].map((edit) =>
    edit.kind === "replace" ? { ...edit, text: edit.text.replace(/\n(?=.)/g, `\n${source.style.indent}`) } : edit,
  );
  const made = madeLast(plan);
  const isGiven = plan.kept.names.length === 0 || made !== null;
  const given = isGiven ? "" : `${source.style.indent}return ${shown(plan.kept.names)}${end}\n`;
  const edits = made === null ? inner : [replace(source, made, "return "), ...inner];
  return wrapRange(source, stretch, { head: `${headOf(plan)}${opened}`, tail: `${given}})${end}` }, edits);
}

/** What other transactions ask for as well: imports, files, and functions that are given the transaction. */
function sharedBy({ opening, callees, stretch }: Plan): Edit[] {
  const wishes = new Map<Source, ImportWish[]>([[stretch.source, [...opening.wishes]]]);
  for (const { source, wishes: own } of callees) wishes.set(source, [...(wishes.get(source) ?? []), ...own]);
  return [
    ...opening.files,
    ...callees.flatMap(({ edits }) => edits),
    ...[...wishes].flatMap(([source, own]) => addImport(source, ...own)),
  ];
}

/** `const order = await ` of the last statement, where that is all that is used later: it may as well return it. */
function madeLast({ stretch: { statements, source }, kept: { names }, client }: Plan): Range | null {
  const ts = typescript();
  const last = statements.at(-1);
  if (last === undefined || !ts.isVariableStatement(last) || names.length !== 1 || client.rebinds) return null;
  const [own, other] = last.declarationList.declarations;
  if (own === undefined || other !== undefined || !ts.isIdentifier(own.name) || own.name.text !== names[0]) return null;
  if (own.type !== undefined || own.initializer === undefined || !ts.isAwaitExpression(own.initializer)) return null;
  return { start: last.getStart(source.tree), end: own.initializer.expression.getStart(source.tree) };
}

function headOf({ ending, kept, stretch }: Plan): string {
  if (ending === "returns") return isCaught(stretch.block, stretch.fn) ? "return await " : "return ";
  if (kept.names.length === 0) return "await ";
  return `${kept.changes ? "let" : "const"} ${shown(kept.names)} = await `;
}

function shown(names: readonly string[]): string {
  return names.length === 1 ? names.join("") : `{ ${names.join(", ")} }`;
}

/** Within a `try` of the function an error must come up there, so the promise is waited for. */
function isCaught(block: ts.Node, fn: ts.Node): boolean {
  for (let at: ts.Node = block; at !== fn; at = at.parent) if (typescript().isTryStatement(at)) return true;
  return false;
}
