/** Columns that requests search by and that no index leads with: the database reads the whole table for each of them. */
import { sourcesOf } from "../../analyzers/flow/sources.ts";
import type { Model, Reach } from "../../analyzers/model.ts";
import { queriesOf, type Filter, type Query } from "../../analyzers/queries/index.ts";
import { columnOf, isIndexed, plain, tablesNamed, type Column, type Table } from "../../analyzers/schema/index.ts";
import type { Confidence, Match } from "../finding.ts";
import { fixFor } from "./indexes/fix.ts";
import { arePeople, isCoarse, isSmall } from "./names.ts";
import { evidenceOf } from "../evidence.ts";
import { isOccasional, waitersIn, waysTo } from "./reached.ts";
import { anchorOf } from "./indexes/wanted.ts";

const indexRule = "database/missing-index";

/** One search that has no index to go by, with the columns of which any would do, the best one first. */
interface Search {
  table: Table;
  columns: Column[];
  /** False where only a part of the requests gives the column. */
  always: boolean;
  query: Query;
  ways: Reach[];
}

export function missingIndexes(model: Model): Match[] {
  const byTable = new Map<string, Search[]>();
  for (const query of queriesOf(model)) {
    const found = searchesOf(query, model);
    const ways = found.length === 0 ? [] : waysTo(query.call, model);
    if (ways.length === 0) continue;
    for (const search of found) {
      if (search.table.engine === "mongodb" && (makesIndexesByCode(model) || isShortLived(search.table, model)))
        continue;
      const key = `${search.table.place.file} ${search.table.names[0] ?? ""}`;
      byTable.set(key, [...(byTable.get(key) ?? []), { ...search, query, ways }]);
    }
  }
  return [...byTable.values()].flatMap((searches) => chosen(searches).flatMap((each) => matchFor(each, model) ?? []));
}

/** Documents that MongoDB takes out by themselves after a while stay few: codes, sessions, limits. */
function isShortLived({ place }: Table, { repo }: Model): boolean {
  return /\bexpire(s|AfterSeconds)["']?\s*:/.test(repo.read(place.file) ?? "");
}

const byCode = new WeakMap<Model, boolean>();

/** `for (const spec of specs) collection.createIndex(spec)`: which ones the app makes for itself cannot be read. */
function makesIndexesByCode(model: Model): boolean {
  const known = byCode.get(model) ?? model.repo.files.some((file) => indexesIn(file, model));
  byCode.set(model, known);
  return known;
}

function indexesIn(file: string, model: Model): boolean {
  if (!["server", "worker", "script"].includes(model.context(file))) return false;
  return (model.summary(file)?.calls ?? []).some(
    ({ callee, args: [first] }) =>
      callee.kind === "member" && /^(create|ensure)Index(es)?$/.test(callee.property) && first?.kind !== "literal",
  );
}

/** Searches with the one column that serves all of them: as few columns as the searches of a table need. */
function chosen(searches: readonly Search[]): { column: Column; searches: Search[] }[] {
  const groups: { column: Column; searches: Search[] }[] = [];
  let open = [...searches];
  while (open.length > 0) {
    const counts = new Map<Column, number>();
    for (const { columns } of open) for (const column of columns) counts.set(column, (counts.get(column) ?? 0) + 1);
    const [best] = [...counts].toSorted(([a, first], [b, second]) => second - first || rankOf(b) - rankOf(a))[0] ?? [];
    if (best === undefined) break;
    groups.push({ column: best, searches: open.filter(({ columns }) => columns.includes(best)) });
    open = open.filter(({ columns }) => !columns.includes(best));
  }
  return groups;
}

type Found = Pick<Search, "table" | "columns" | "always">;

function searchesOf(query: Query, model: Model): Found[] {
  if (query.operation === "insert" || query.operation === "transaction" || query.operation === "raw") return [];
  const own = searchIn(
    query.table,
    query.filters.filter(({ table }) => isOwn(table, query)),
    query,
    model,
  );
  const joined = query.joins.flatMap(({ table, column }) => {
    const filters = query.filters.filter((filter) => filter.table !== null && plain(filter.table) === plain(table));
    const asked: Filter = { column, table, how: "=", value: null, sure: true };
    return searchIn(table, filters.some(({ how }) => how === "=") ? filters : [asked], query, model);
  });
  return [...own, ...joined, ...included(query, model)];
}

function isOwn(table: string | null, query: Query): boolean {
  return table === null || plain(table) === plain(query.table ?? "");
}

/** The columns that an index could begin with; empty where one of the conditions has its index, or the table is not known whole. */
function searchIn(name: string | null, filters: readonly Filter[], { call }: Query, model: Model): Found[] {
  if (name === null) return [];
  const tables = tablesNamed(model, name, call.file);
  const table = tables.find(({ columns }) => columns.length > 0);
  if (table === undefined || tables.some((each) => each.open)) return [];
  // Categories are few, unless each user makes some of his own.
  if (isSmall(name) && !filters.some((filter) => filter.sure && isOfPeople(columnOf(table, filter.column)))) return [];
  const equal = filters.filter(({ how }) => how === "=" || how === "in");
  const columns = equal.flatMap((filter) => {
    const column = columnOf(table, filter.column);
    return column === null ? [] : [{ filter, column }];
  });
  const always = columns.filter(({ filter }) => filter.sure);
  // A condition on something that is no known column, a relation above all, may be one that narrows.
  if (filters.some(({ column, sure }) => sure && columnOf(table, column) === null)) return [];
  if (always.some(({ column }) => isCovered(tables, column))) return [];
  const best = always
    .filter(
      ({ column, filter }) => !isCoarse(filter.column, column.type) && !isFixed(filter, model) && !isNested(column),
    )
    .toSorted((a, b) => rankOf(b.column) - rankOf(a.column));
  if (best.length > 0) return [{ table, columns: best.map(({ column }) => column), always: true }];
  // `if (shop) where.shopId = shop`, or one arm of an OR: each is searched by alone, and keys that point to a row are selective.
  const sometimes = columns.filter(
    ({ filter, column }) => !filter.sure && column.references !== null && !isSmall(column.references),
  );
  return sometimes.flatMap(({ column }) =>
    isCovered(tables, column) ? [] : [{ table, columns: [column], always: false }],
  );
}

/** What has parts of its own is searched by other kinds of indexes than the plain one. */
function isNested({ type }: Column): boolean {
  return /^(jsonb?|object|mixed|bytea|blob|bytes)$/.test(type ?? "");
}

/** It says whose row it is. */
function isOfPeople(column: Column | null): boolean {
  return column !== null && column.references !== null && arePeople(column.references);
}

/** `name: "Default"`: the same value each time says nothing of how many rows are looked for. */
function isFixed({ value }: Filter, model: Model): boolean {
  const sources = value === null ? [] : sourcesOf(model, value);
  return sources.length > 0 && sources.every(({ kind }) => kind === "literal");
}

/** In any of the places that declare the table: the model, its migrations, a script with nothing but indexes. */
function isCovered(tables: readonly Table[], { names }: Column): boolean {
  const own = new Set(names.map(plain));
  return tables.some((table) => {
    const columns = names.flatMap((name) => columnOf(table, name) ?? []);
    const leads = table.indexes.some(({ columns: [first] }) => first !== undefined && own.has(plain(first)));
    return leads || columns.some((column) => isIndexed(table, column));
  });
}

function rankOf({ references }: Column): number {
  return references === null ? 0 : 1;
}

/** `include: { posts: true }` searches the posts by the column that points back. */
function included(query: Query, model: Model): Found[] {
  if (query.table === null || query.relations.length === 0) return [];
  const [table] = tablesNamed(model, query.table, query.call.file);
  const lists = table?.lists.filter(({ name }) => query.relations.includes(name)) ?? [];
  return lists.flatMap(({ table: target }) => {
    const others = tablesNamed(model, target, query.call.file);
    const [other] = others;
    const back =
      other?.columns.filter(
        ({ references }) => references !== null && table?.names.some((name) => plain(name) === plain(references)),
      ) ?? [];
    const [column] = back;
    if (other === undefined || column === undefined || back.length > 1 || other.open || isSmall(target)) return [];
    return isCovered(others, column) ? [] : [{ table: other, columns: [column], always: true }];
  });
}

function matchFor({ column, searches }: ReturnType<typeof chosen>[number], model: Model): Match | null {
  const [first] = searches;
  if (first === undefined) return null;
  const { table } = first;
  const ways = [...new Map(searches.flatMap((search) => search.ways).map((way) => [way.entry.label, way])).values()];
  const name = column.names.at(-1) ?? "";
  const places = searches.map(({ query }) => ({ file: query.call.file, line: query.call.line }));
  const shown = table.names.at(-1) ?? "";
  const confidence = confidenceOf(searches, ways);
  return {
    rule: indexRule,
    file: column.place.file,
    line: column.place.line,
    confidence,
    message: `${waitersIn(ways)} looks rows of \`${shown}\` up by \`${name}\`, and no index begins with it: the database reads the whole table each time, a little slower with every row.`,
    also: [...new Map(places.map((place) => [`${place.file}:${place.line}`, place])).values()].slice(0, 10),
    ...evidenceOf(ways),
    call: null,
    anchor: anchorOf(table, column.names[0]),
    fix: fixFor(table, column, confidence, model),
  };
}

function confidenceOf(searches: readonly Search[], ways: readonly Reach[]): Confidence {
  const isAsked = ways.some(({ entry }) => entry.kind === "route" || entry.kind === "socket");
  if (isOccasional(ways)) return "low";
  const onlyWrites = searches.every(({ query }) => query.operation === "delete" || query.operation === "update");
  if (onlyWrites && ways.length === 1) return "low";
  if (!isAsked) return "medium";
  return searches.some(({ query, always }) => always && query.use.certainty === "proven") ? "high" : "medium";
}
