/** DRF's serializers run once per row of a list: queries in their methods, and relations that they nest, are asked for each. */
import { textOf } from "../../analyzers/code/text.ts";
import { sourcesOf } from "../../analyzers/flow/sources.ts";
import type { CallSite, Model, Place } from "../../analyzers/model.ts";
import { queriesOf, type Query } from "../../analyzers/queries/index.ts";
import { outcomeOf } from "../../analyzers/queries/outcome.ts";
import { classOf } from "../../analyzers/queries/python/generic-views.ts";
import { isPython } from "../../analyzers/repo/source-file.ts";
import { pythonRelations } from "../../analyzers/schema/python-relations.ts";
import { lineAt } from "../../analyzers/schema/table.ts";
import type { Call, ClassFact } from "../../analyzers/summary.ts";
import { inWords, labelsOf } from "../advice.ts";
import type { Match } from "../finding.ts";
import { isHandful } from "./handful.ts";
import { isShortPerOwner } from "./names.ts";
import { routesTo } from "./reached.ts";
import { asksForParent } from "./repetition.ts";

interface Serializer {
  file: string;
  fact: ClassFact;
  name: string;
  /** The class whose rows it takes, as `Meta` names it. */
  table: string | null;
}

/** A list that goes through a serializer, with the routes that answer it. */
interface Listed {
  labels: string[];
  query: Query | null;
}

export function serializerQueries(model: Model): Match[] {
  return model.repo.files.flatMap((file) => {
    if (!isPython(file) || !/\bserializers?\b/i.test(model.repo.read(file) ?? "")) return [];
    return (model.summary(file)?.classes ?? []).flatMap((fact) => {
      const serializer = serializerFrom(model, file, fact);
      return serializer === null ? [] : (matchFor(serializer, model) ?? []);
    });
  });
}

function serializerFrom(model: Model, file: string, fact: ClassFact): Serializer | null {
  const text = textOf(model, { file, span: fact.span });
  if (fact.name === null || !/^class\s+\w+\([^)]*Serializer\b/.test(text)) return null;
  return { file, fact, name: fact.name, table: /^\s+model\s*=\s*(?:\w+\.)*(\w+)/m.exec(text)?.[1] ?? null };
}

interface Cost extends Place {
  what: string;
  /** The relation that is nested, which a query may have read along. */
  relation: string | null;
}

function matchFor(serializer: Serializer, model: Model): Match | null {
  const costs = [...askedIn(serializer, model), ...nestedIn(serializer, model)].toSorted((a, b) => a.line - b.line);
  if (costs.length === 0) return null;
  const listed = listsOf(serializer, model).map((each) => ({
    ...each,
    costs: costs.filter(({ relation }) => relation === null || !isReadAlong(each.query, relation)),
  }));
  const felt = listed.filter((each) => each.costs.length > 0 && each.labels.length > 0);
  const paid = costs.filter((cost) => felt.some((each) => each.costs.includes(cost)));
  const [first] = paid;
  if (first === undefined) return null;
  const labels = [...new Set(felt.flatMap((each) => each.labels))];
  return {
    rule: "database/n-plus-one",
    file: first.file,
    line: first.line,
    confidence: felt.every(({ query }) => isShort(query, serializer, model)) ? "low" : "medium",
    message: `${inWords(labels, "A list")} runs \`${serializer.name}\` for every row, and each time it asks the database for ${[...new Set(paid.map(({ what }) => what))].join(", ")}: a hundred rows are ${100 * paid.length} more queries.`,
    also: paid.slice(1).map(({ file, line }) => ({ file, line })),
    routes: labels,
    path: [],
    call: null,
    anchor: `queries per row in ${serializer.name}`,
    fix: "brief",
  };
}

/** A handful of rows, or those of one cart: few looks. */
function isShort(query: Query | null, { table, file }: Serializer, model: Model): boolean {
  const limit = query?.limit;
  if (limit?.kind === "literal" && limit.value <= 10) return true;
  const name = query?.table ?? table;
  return (
    name !== null && (isHandful({ table: name, call: query?.call ?? { file } }, model) || isShortPerOwner(name, "user"))
  );
}

/** Without a query that was read, nothing says that it was not read along. */
function isReadAlong(query: Query | null, relation: string): boolean {
  return query === null || query.relations.some((each) => each === relation || each === "*");
}

/** `get_total(self, order)` with a query about that order, or with a look through one of its managers. */
function askedIn({ file, fact, table }: Serializer, model: Model): Cost[] {
  const many = (pythonRelations(model).get(table ?? "") ?? []).filter(({ kind }) => kind === "many");
  return fact.members.flatMap(({ name, fn }): Cost[] => {
    const own = model.fn(`${file}#${fn}`);
    if (own === null || !name.startsWith("get_") || /^get_(fields|queryset|attribute|value)$/.test(name)) return [];
    const query = queriesOf(model).find(({ call }) => call.fn === own.id && call.file === file);
    const what = `\`${name}\``;
    if (query !== undefined && asksForParent(query, own.id, model))
      return [{ file, line: query.call.line, what, relation: null }];
    const row = own.params[0]?.name ?? own.params[1]?.name;
    const names = many.map((each) => each.name).join("|");
    const text = textOf(model, own);
    const look =
      row === undefined || row === null || names === ""
        ? null
        : new RegExp(
            `\\b${row}\\.(${names})\\.(filter|exclude|count|exists|aggregate|order_by|first|last|all)\\(`,
          ).exec(text);
    if (look === null) return [];
    // What was prefetched is counted and listed without another query; a condition is none of it.
    const relation = /^(all|count|exists)$/.test(look[2] ?? "") ? (look[1] ?? null) : null;
    return [{ file, line: own.line + lineAt(text, look.index) - 1, what, relation }];
  });
}

/** `customer = CustomerSerializer()`, `customer = CharField(source="customer.name")`: the row behind a relation. */
function nestedIn({ file, fact, table }: Serializer, model: Model): Cost[] {
  const relations = pythonRelations(model).get(table ?? "") ?? [];
  const summary = model.summary(file);
  return Object.entries(fact.fields).flatMap(([field, values]): Cost[] =>
    values.flatMap((value): Cost[] => {
      const call = value.kind === "call" ? summary?.calls[value.call] : undefined;
      const attribute = call === undefined ? null : attributeOf(field, call);
      if (call === undefined || attribute === null || !relations.some(({ name }) => name === attribute)) return [];
      return [{ file, line: call.span.line, what: `\`${attribute}\``, relation: attribute }];
    }),
  );
}

/** The relation that a field of a serializer looks through; null for plain fields and for what is only written. */
function attributeOf(field: string, { callee, args }: Call): string | null {
  const options = args.at(-1);
  const entries = options?.kind === "object" ? options.entries : [];
  const source = entries.find(({ key }) => key === "source")?.value;
  const written = source?.kind === "literal" && typeof source.value === "string" ? source.value : null;
  if (entries.some(({ key }) => key === "write_only")) return null;
  const isNested = "name" in callee && callee.name.endsWith("Serializer");
  if (!isNested && written?.includes(".") !== true) return null;
  return written?.split(".")[0] ?? field;
}

function listsOf({ name }: Serializer, model: Model): Listed[] {
  return model.repo.files.flatMap((file) => {
    if (!isPython(file) || model.context(file) !== "server" || !(model.repo.read(file) ?? "").includes(name)) return [];
    return [...madeIn(name, file, model), ...viewsIn(name, file, model)];
  });
}

/** `OrderSerializer(orders, many=True)`. */
function madeIn(name: string, file: string, model: Model): Listed[] {
  return (model.summary(file)?.calls ?? []).flatMap(({ callee, args }, index) => {
    const site = model.call(`${file}#${index}`);
    const options = args.at(-1);
    const [rows] = args;
    const isMany = options?.kind === "object" && options.entries.some(({ key }) => key === "many");
    if (site === null || rows === undefined || !isMany || !("name" in callee) || callee.name !== name) return [];
    const queries = sourcesOf(model, { file, value: rows, frame: null }).flatMap(
      (source) => outcomeOf(model, source)?.query ?? [],
    );
    return [{ labels: labelsAt(site, model), query: queries.find(({ operation }) => operation === "list") ?? null }];
  });
}

function labelsAt(site: CallSite, model: Model): string[] {
  return labelsOf(routesTo(site, model).map(({ entry }) => entry));
}

const listing = /\b(List(Create)?APIView|ListModelMixin|(ReadOnly)?ModelViewSet)\b/;

/** As its class, or as what `get_serializer_class` gives for reading. */
function usesSerializer({ fields, members }: ClassFact, name: string, text: string): boolean {
  const [used] = fields["serializer_class"] ?? [];
  if (used !== undefined && "name" in used && used.name === name) return true;
  const isChosen = members.some((member) => member.name === "get_serializer_class");
  return isChosen && !/Writ|Creat|Updat|Detail|Input/.test(name) && new RegExp(`\\breturn\\s+${name}\\b`).test(text);
}

/** Generic views and view sets that list by this serializer; pages make the list shorter, not the queries fewer per row. */
function viewsIn(name: string, file: string, model: Model): Listed[] {
  const summary = model.summary(file);
  return (summary?.classes ?? []).flatMap((fact) => {
    const text = textOf(model, { file, span: fact.span });
    if (!listing.test(text.split(/\)\s*:/)[0] ?? "") || !usesSerializer(fact, name, text)) return [];
    const own = new Set(fact.members.map(({ fn }) => `${file}#${fn}`));
    const routes = model.routes.filter(
      ({ method, path, handlers }) =>
        method === "GET" &&
        !/\/:\w+$/.test(path) &&
        handlers.some(
          ({ fn, place }) => place.file === file && (fn === null ? place.line === fact.span.line : own.has(fn)),
        ),
    );
    const query = queriesOf(model).find(({ call, operation }) => {
      if (call.file !== file || operation !== "list") return false;
      const isField = (fact.fields["queryset"] ?? []).some(
        (value) => value.kind === "call" && call.id === `${file}#${value.call}`,
      );
      return isField || (model.fn(call.fn)?.name === "get_queryset" && classOf(model, call.fn)?.fact === fact);
    });
    return [
      { labels: labelsOf(routes.map(({ method, path }) => ({ label: `${method} ${path}` }))), query: query ?? null },
    ];
  });
}
