/** An index that a finding asks for, and what came of the wish: the words that the recipe and its writers share. */
import type { Model } from "../../../analyzers/model.ts";
import { tablesOf, type Column, type Table } from "../../../analyzers/schema/index.ts";
import type { Edit } from "../../../patches/edit.ts";
import type { Finding } from "../../finding.ts";

export interface Wanted {
  finding: Finding;
  table: Table;
  column: Column;
}

/** One way of declaring tables: what it writes for the columns of one app, all together. */
export type Writer = (wanted: readonly Wanted[], model: Model) => Written;

/** Whatever is not cured goes on to a brief. */
export interface Written {
  edits: Edit[];
  cured: Finding[];
  notes: string[];
}

/** Null when the schema says something else by now. */
export function wantedBy(finding: Finding, model: Model): Wanted | null {
  for (const table of tablesOf(model)) {
    const column = table.columns.find(
      ({ names, place }) =>
        place.file === finding.file && place.line === finding.line && anchorOf(table, names[0]) === finding.anchor,
    );
    if (column !== undefined) return { finding, table, column };
  }
  return null;
}

/** What a finding about a column is known by. */
export function anchorOf({ names }: Table, column: string | undefined): string {
  return `${names[0] ?? ""}.${column ?? ""}`;
}

/** In the order in which the schema names them, whatever the order of the findings. */
export function inSchemaOrder(a: Wanted, b: Wanted): number {
  const [first, second] = [a.column.place, b.column.place];
  if (first.file !== second.file) return first.file < second.file ? -1 : 1;
  return first.line - second.line;
}

/** The names by which the schema knows them. */
export function namesOf(wanted: readonly Wanted[]): { table: string; column: string }[] {
  return wanted.map(({ table, column }) => ({ table: table.names[0] ?? "", column: column.names[0] ?? "" }));
}

/** Edits that serve all of them, or none. */
export function servedBy(wanted: readonly Wanted[], edits: Edit[] | null): Written {
  return { edits: edits ?? [], cured: edits === null ? [] : wanted.map(({ finding }) => finding), notes: [] };
}

/** What all of them come to. */
export function together(all: readonly Written[]): Written {
  return {
    edits: all.flatMap(({ edits }) => edits),
    cured: all.flatMap(({ cured }) => cured),
    notes: [...new Set(all.flatMap(({ notes }) => notes))],
  };
}

/** In the order of their first members. */
export function grouped<T>(list: readonly T[], keyOf: (item: T) => string): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const item of list) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups];
}
