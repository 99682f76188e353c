/** The changes at the app's own calls: `enqueue` where a job begins, `once` where its effect leaves the process. */
import { closureOf } from "../../analyzers/code/closure.ts";
import type { Model } from "../../analyzers/model.ts";
import type { Edit } from "../../patches/edit.ts";
import { callAt, insertArgument } from "../../patches/editors/calls.ts";
import { toDialectExpression } from "../../patches/editors/dialect.ts";
import { addImport, freeName } from "../../patches/editors/imports.ts";
import { insert, openSource, replace, textOf } from "../../patches/editors/source.ts";
import type { Source } from "../../patches/editors/source.ts";
import { specifierFor } from "../../patches/editors/specifier.ts";
import { dropUnusedImports } from "../../patches/editors/unused.ts";
import type { Move } from "./plan-moves.ts";
import type { Home } from "./queue-files.ts";
import { standingOf } from "./statement.ts";
import type { Work } from "./work.ts";

export function enqueueEdits(home: Home, moves: readonly Move[], model: Model): Edit[] {
  return [...byFile(moves, ({ call }) => call.file)].flatMap(([file, list]) => {
    const source = openSource(model.repo, file);
    return source === null ? [] : fileEdits(home, source, list, model);
  });
}

function fileEdits(home: Home, source: Source, moves: readonly Move[], model: Model): Edit[] {
  const local = freeName(source, "enqueue");
  const from = specifierFor(source.file, home.file("queue"), source.style);
  const removed = moves
    .flatMap(({ call }) => [calleeOf(source, call.span), standingOf(call, model)?.after ?? null])
    .filter((range) => range !== null);
  const added = addImport(source, { from, names: [{ name: "enqueue", as: local }] });
  const dropped = dropUnusedImports(source, removed);
  return [
    ...added.map((edit) => besideRemoval(edit, dropped)),
    ...dropped,
    ...moves.flatMap((move) => oneCall(source, move, local, model)),
  ];
}

/** A new import goes behind the last one; when that one's whole line goes, behind the line. */
function besideRemoval(edit: Edit, removals: readonly Edit[]): Edit {
  if (edit.kind !== "replace") return edit;
  const { start } = edit;
  const around = removals.find((gone) => gone.kind === "replace" && gone.start < start && start < gone.end);
  if (around?.kind !== "replace") return edit;
  return { ...edit, start: around.end, end: around.end, text: `${edit.text.replace(/^\n/, "")}\n` };
}

/**
 * `await sendReceipt(order)` -> `await enqueue("send-receipt", order)`, and `await this.mails.sendReceipt(order)` ->
 * `await enqueue("send-receipt", this.mails, order)`; arguments and layout stay.
 */
function oneCall(source: Source, { call, job, provider }: Move, local: string, model: Model): Edit[] {
  const callee = calleeOf(source, call.span);
  const standing = standingOf(call, model);
  if (callee === null || standing === null) return [];
  const waits = model.fn(call.fn)?.async === true ? "await " : "void ";
  const lead = textOf(source, standing.before);
  const before = /^await\b/.test(lead) ? [] : [replace(source, standing.before, waits)];
  const after = standing.after.start < standing.after.end ? [replace(source, standing.after, "")] : [];
  return [
    ...before,
    replace(source, callee, local),
    ...insertArgument(source, call.span, 0, [JSON.stringify(job), provider?.holder ?? []].flat().join(", ")),
    ...after,
  ];
}

/** From the start of the call to its opening parenthesis. */
function calleeOf(source: Source, span: { start: number; end: number }): { start: number; end: number } | null {
  const call = callAt(source, span);
  if (call === null) return null;
  const open = source.text.indexOf("(", call.start + call.callee.length);
  return { start: call.start, end: open };
}

/** Wraps the mails that moved functions send, so that a retried job does not send them again. */
export function onceEdits(home: Home, works: readonly Work[], moves: readonly Move[], model: Model): Edit[] {
  const inside = new Set(
    moves.flatMap(({ call }) => model.targets(call).flatMap((target) => [...closureOf(target, model)])),
  );
  const distinct = [...new Map(works.map((work) => [work.use.call.id, work])).values()];
  const sinks = distinct.filter(
    ({ kind, use: { call } }) => kind === "mail" && inside.has(call.fn) && standingOf(call, model) !== null,
  );
  return [...byFile(sinks, ({ use }) => use.call.file)].flatMap(([file, list]) => {
    const source = openSource(model.repo, file);
    if (source === null) return [];
    const local = freeName(source, "once");
    const step = toDialectExpression('"mail"', source.style);
    const wraps = list.flatMap(({ use: { call } }) => [
      insert(source, call.span.start, `${local}(${step}, () => `),
      insert(source, call.span.end, ")"),
    ]);
    const from = specifierFor(file, home.file("once"), source.style);
    return [...addImport(source, { from, names: [{ name: "once", as: local }] }), ...wraps];
  });
}

function byFile<Item>(items: readonly Item[], fileOf: (item: Item) => string): Map<string, Item[]> {
  const files = new Map<string, Item[]>();
  for (const item of items) files.set(fileOf(item), [...(files.get(fileOf(item)) ?? []), item]);
  return files;
}
