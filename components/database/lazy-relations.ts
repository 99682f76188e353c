/** Relations of Python's models that are looked at once per row: each look is a query that no line of the app asks for. */
import { textOf } from "../../analyzers/code/text.ts";
import { indexIn } from "../../analyzers/ids.ts";
import { sourcesOf } from "../../analyzers/flow/sources.ts";
import type { Fn, Model } from "../../analyzers/model.ts";
import { outcomeOf } from "../../analyzers/queries/outcome.ts";
import type { Query } from "../../analyzers/queries/index.ts";
import { isPython } from "../../analyzers/repo/source-file.ts";
import { pythonRelations, type Relation } from "../../analyzers/schema/python-relations.ts";
import { lineAt } from "../../analyzers/schema/table.ts";
import { evidenceOf } from "../evidence.ts";
import type { Match } from "../finding.ts";
import { shownTable } from "./names.ts";
import { isOccasional, waitersIn, waysTo } from "./reached.ts";

export function lazyRelations(model: Model): Match[] {
  const relations = pythonRelations(model);
  if (relations.size === 0) return [];
  return model.repo.files.flatMap((file) => {
    if (!isPython(file) || model.context(file) !== "server") return [];
    return model.functions(file).flatMap((fn) => (fn.isModule ? [] : lookedAt(fn, relations, model)));
  });
}

/** One per list that is gone through, at the first look. */
function lookedAt(fn: Fn, relations: ReadonlyMap<string, readonly Relation[]>, model: Model): Match[] {
  const text = textOf(model, fn);
  const bindings = model.summary(fn.file)?.functions[indexIn(fn.id)]?.bindings ?? {};
  const found = Object.entries(bindings).flatMap(([name, values]) => {
    const items = values.filter((value) => value.kind === "member" && value.property === "*");
    // Looked up first: most items have no name behind which a relation stands.
    if (items.length === 0 || !new RegExp(`\\b${name}\\.\\w+\\.\\w`).test(text)) return [];
    const queries = items.flatMap((value) =>
      sourcesOf(model, { file: fn.file, value, frame: null }).flatMap((source) => {
        const outcome = outcomeOf(model, source);
        return outcome?.what === "item" && outcome.rest.length === 0 ? [outcome.query] : [];
      }),
    );
    const [query] = queries;
    const own = query?.table === null || query === undefined ? [] : (relations.get(query.table) ?? []);
    const looks = query === undefined ? [] : own.flatMap((relation) => lookIn(text, name, relation, query));
    const first = looks.toSorted((a, b) => a.at - b.at)[0];
    return query === undefined || first === undefined ? [] : [{ query, first, looks }];
  });
  return found.flatMap(({ query, first, looks }) => matchFor(fn, query, first, looks, model) ?? []);
}

interface Look {
  at: number;
  relation: string;
}

function lookIn(
  text: string,
  name: string,
  { name: attribute, kind, mapper, isEager }: Relation,
  query: Query,
): Look[] {
  if (isEager || query.dialect !== mapper) return [];
  const isRead = query.relations.some((each) => each === attribute || each === "*");
  const tail =
    kind === "one" || mapper === "sqlalchemy"
      ? "\\.(?!id\\b|pk\\b|append\\b|remove\\b)\\w+"
      : // A condition asks the database whatever was read along.
        `\\.(${isRead ? "filter|exclude|order_by|aggregate" : "all|filter|exclude|count|exists|first|last|aggregate|order_by|values|values_list"})\\(`;
  if (isRead && kind === "one") return [];
  const at = new RegExp(`(?<![\\w.])${name}\\.${attribute}${tail}`).exec(text)?.index;
  return at === undefined ? [] : [{ at, relation: attribute }];
}

function matchFor(fn: Fn, query: Query, first: Look, looks: readonly Look[], model: Model): Match | null {
  const ways = waysTo(query.call, model).filter(({ entry }) => entry.kind === "route" || entry.kind === "socket");
  // Sessions of asyncio refuse to read a relation late; what works there was read along in a way not seen here.
  if (ways.length === 0 || isOccasional(ways) || /\bawait\b/.test(textOf(model, query.call))) return null;
  const line = fn.line + lineAt(textOf(model, fn), first.at) - 1;
  const names = [...new Set(looks.map(({ relation }) => relation))];
  const shown = names.map((name) => `\`${name}\``).join(", ");
  const cure = query.dialect === "django" ? "select_related or prefetch_related" : "selectinload or joinedload";
  const few = query.limit.kind === "literal" && query.limit.value <= 10;
  return {
    rule: "database/n-plus-one",
    file: fn.file,
    line,
    confidence: few ? "low" : "medium",
    message: `${waitersIn(ways)} looks at ${shown} of every row of ${shownTable(query.table, "a table")}, which the query did not read along (${cure}): a hundred rows are ${100 * names.length} more queries.`,
    also: [{ file: query.call.file, line: query.call.line }],
    ...evidenceOf(ways),
    call: null,
    anchor: `${names.join(", ")} of every ${query.table ?? "row"} in ${fn.name ?? "a function"}`,
    fix: "brief",
  };
}
