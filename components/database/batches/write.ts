/** One query for the rows that all items of a list name, before the loop that asked for each. */
import type { Model } from "../../../analyzers/model.ts";
import { queriesOf } from "../../../analyzers/queries/index.ts";
import { callNodeAt } from "../../../patches/editors/calls.ts";
import { openSource, replace } from "../../../patches/editors/source.ts";
import { insertBefore } from "../../../patches/editors/statements.ts";
import { typescript, walk, type ts } from "../../../patches/editors/typescript.ts";
import type { Finding } from "../../finding.ts";
import { functionAround } from "../transactions/stretch.ts";
import type { Attempt } from "../written.ts";
import { changesRow, lookupAround } from "./loop.ts";
import { batchOf } from "./queries.ts";

export function batchFor(finding: Finding, model: Model): Attempt {
  const query = queriesOf(model).find(({ call }) => call.id === finding.call);
  if (query === undefined) return { obstacle: "the query stands in a function that the loop calls" };
  if (finding.also.length > 0) return { obstacle: "more than one query is asked in the loop" };
  const source = openSource(model.repo, query.call.file);
  const call = source === null ? null : callNodeAt(source, query.call.span);
  if (source === null || call === null || !typescript().isCallExpression(call))
    return { obstacle: "the query could not be found in the text" };
  const lookup = lookupAround(call, source);
  const batch = lookup === null ? null : batchOf(lookup, call, query, source, model);
  if (lookup === null || batch === null)
    return { obstacle: "the loop asks for something else than one row by its key, or not every time" };
  if (changesRow(lookup)) return { obstacle: "the row is changed in the loop" };
  const names = freeNames(batch.model, call);
  if (names === null) return { obstacle: "every name for the rows is taken there" };
  const keys = `${lookup.list}.map((${lookup.item}) => ${batch.key})`;
  const code = [
    `const ${names.rows} = await ${batch.all(keys)};`,
    `const ${names.byKey} = new Map(${names.rows}.map((${names.row}) => [String(${names.row}.${batch.column}), ${names.row}]));`,
  ].join("\n");
  const place = { start: lookup.statement.getStart(source.tree), end: lookup.statement.end };
  return {
    edits: [
      insertBefore(source, place, code),
      replace(
        source,
        { start: lookup.awaited.getStart(source.tree), end: lookup.awaited.end },
        `${names.byKey}.get(String(${batch.key})) ?? null`,
      ),
    ],
    notes: [],
  };
}

/** `products`, `productById`, `product` of `Product`. */
function freeNames(model: string, call: ts.Node): { rows: string; byKey: string; row: string } | null {
  const last = model.split(".").at(-1) ?? "";
  const stem = `${last.charAt(0).toLowerCase()}${last.slice(1)}`.replace(/(Model|Schema)$/, "");
  const taken = new Set(
    [...walk(functionAround(call)?.parent ?? call), ...outerNames(call)].flatMap((node) =>
      typescript().isIdentifier(node) ? [node.text] : [],
    ),
  );
  const rows = [plural(stem), `${stem}Rows`, `found${last}`].find((name) => !taken.has(name));
  const byKey = [`${stem}ById`, `${stem}ByKey`].find((name) => !taken.has(name));
  return rows === undefined || byKey === undefined || stem === "" ? null : { rows, byKey, row: stem };
}

/** Names of the functions around the loop's own. */
function outerNames(call: ts.Node): ts.Node[] {
  const inner = functionAround(call);
  const outer = inner === null ? null : functionAround(inner.parent);
  return outer === null ? [] : [...walk(outer)];
}

function plural(stem: string): string {
  if (/(s|x|z|ch|sh)$/.test(stem)) return `${stem}es`;
  return /[^aeiou]y$/.test(stem) ? `${stem.slice(0, -1)}ies` : `${stem}s`;
}
