/** One name for a table, whatever the code calls it, and what else a read of it brings along. */
import { textOf } from "../../analyzers/code/text.ts";
import type { Model } from "../../analyzers/model.ts";
import type { Query } from "../../analyzers/queries/index.ts";
import { columnOf, plain, tablesNamed, tablesOf, type Table } from "../../analyzers/schema/index.ts";

/** As the app declares it first; where it declares none, as the query names it. */
export function tableName(model: Model, name: string, file: string): string {
  return tablesNamed(model, name, file)[0]?.names[0] ?? name.replace(/^.*\./, "").toLowerCase();
}

export type Tables = { names: string[] } | { cannot: string };

/** Every table that a read brings rows of. */
export function tablesRead(model: Model, query: Query): Tables {
  const { call, table, dialect } = query;
  const place = `${call.file}:${call.line}`;
  if (table === null) return { cannot: `which table is read at ${place} is not clear` };
  if (dialect === "supabase" || dialect === "firestore")
    return { cannot: `what is read at ${place} is also written by browsers, past the app` };
  const text = statementOf(model, query);
  if (/\$(merge|out)\b/.test(text)) return { cannot: `the read at ${place} writes as well` };
  const own = tableName(model, table, call.file);
  const joined = [...query.joins.map((join) => join.table), ...namesInSql(query, text), ...lookedUp(text)];
  const along = relationsIn(query, text).map((name) => ({ name, to: relationTarget(model, own, name, call.file) }));
  const lost = along.find(({ to }) => to === null);
  if (lost !== undefined) return { cannot: `what \`${lost.name}\` brings along at ${place} is not clear` };
  if (isHooked(model, own, call.file)) return { cannot: `\`${own}\` reads other tables by itself whenever it is read` };
  return {
    names: [
      ...new Set([
        own,
        ...joined.map((name) => tableName(model, name, call.file)),
        ...along.flatMap(({ to }) => to ?? []),
      ]),
    ],
  };
}

/** The source of the query with everything that hangs on it. */
function statementOf(model: Model, { call, calls }: Query): string {
  const texts = [...calls].flatMap((id) => {
    const site = model.call(id);
    return site === null ? [] : [textOf(model, site)];
  });
  return [...texts, textOf(model, call)].toSorted((a, b) => b.length - a.length)[0] ?? "";
}

/** `FROM orders o JOIN shops s`, in subqueries as well. */
function namesInSql({ dialect }: Query, text: string): string[] {
  if (dialect !== "sql") return [];
  const names = [...text.matchAll(/\b(?:from|join)\s+["`]?([a-z_][\w.]*)["`]?(?!\s*\()/gi)].map(
    ([, name = ""]) => name,
  );
  const made = new Set(
    [...text.matchAll(/\b(\w+)\s+as\s+(?:materialized\s+)?\(/gi)].map(([, name = ""]) => name.toLowerCase()),
  );
  return names.filter(
    (name) => !made.has(name.toLowerCase()) && !/^(lateral|unnest|generate_series|select)$/i.test(name),
  );
}

/** `{ $lookup: { from: "shops" } }` */
function lookedUp(text: string): string[] {
  return [...text.matchAll(/\$(?:lookup|graphLookup|unionWith)\b[^]{0,40}?(?:from|coll)\s*:\s*["'](\w+)["']/g)].map(
    ([, name = ""]) => name,
  );
}

/** What is read along by name: in `include`, `populate`, `with`, also deeper than the first level. */
function relationsIn({ dialect, relations }: Query, text: string): string[] {
  if (dialect !== "prisma") return relations;
  const deeper = [...text.matchAll(/(\w+)\s*:\s*\{\s*(?:include|select|where|orderBy|take)\s*:/g)].map(
    ([, name = ""]) => name,
  );
  const counted = [...text.matchAll(/_count\s*:\s*\{\s*select\s*:\s*\{([^}]*)/g)].flatMap(([, inner = ""]) =>
    [...inner.matchAll(/(\w+)\s*:/g)].map(([, name = ""]) => name),
  );
  return [...new Set([...relations, ...deeper, ...counted])].filter(
    (name) => !/^(include|select|_count|where|some|every|none|is|AND|OR|NOT)$/.test(name),
  );
}

/** The table that a relation leads to: a list of its rows, a key that points to it, or one that is called like it. */
function relationTarget(model: Model, table: string, name: string, file: string): string | null {
  const [first = name] = name.split(".").slice(-1);
  const own = tablesNamed(model, table, file);
  for (const each of [...own, ...tablesOf(model)]) {
    const target = targetIn(each, first);
    if (target !== null) return tableName(model, target, file);
  }
  return tablesNamed(model, first, file)[0]?.names[0] ?? null;
}

function targetIn(table: Table, name: string): string | null {
  const list = table.lists.find((each) => plain(each.name) === plain(name));
  return list?.table ?? columnOf(table, name)?.references ?? columnOf(table, `${name}Id`)?.references ?? null;
}

const hooks = /\.pre\(\s*(\/\^?find|\[?\s*["']find)|autopopulate|defaultScope|eager:\s*true/;

/** `schema.pre(/^find/, populate)`, `autopopulate`, scopes and relations that are always loaded. */
function isHooked({ repo, ...model }: Model, table: string, file: string): boolean {
  return tablesNamed({ repo, ...model }, table, file).some(({ place }) => hooks.test(repo.read(place.file) ?? ""));
}
