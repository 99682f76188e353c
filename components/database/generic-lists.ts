/** Lists that a generic view makes of its class's `queryset`: no line of the app's own asks for them. */
import type { Model, Route } from "../../analyzers/model.ts";
import { queriesOf, type Query } from "../../analyzers/queries/index.ts";
import { listsAll } from "../../analyzers/queries/python/generic-views.ts";
import type { ClassFact } from "../../analyzers/summary.ts";
import { inWords, labelsOf } from "../advice.ts";
import type { Match } from "../finding.ts";
import { isHandful } from "./handful.ts";
import { isFewPerOwner, isGrowing } from "./names.ts";

export function genericLists(model: Model): Match[] {
  const byFile = new Map<string, Query[]>();
  for (const query of queriesOf(model)) {
    if (query.dialect !== "django" || query.operation !== "list" || model.fn(query.call.fn)?.isModule !== true)
      continue;
    byFile.set(query.call.file, [...(byFile.get(query.call.file) ?? []), query]);
  }
  return [...byFile].flatMap(([file, queries]) =>
    (model.summary(file)?.classes ?? []).flatMap((node) => {
      const query = queries.find(({ call }) => isFieldOf(node, call.id));
      return query === undefined ? [] : (matchFor(query, node, model) ?? []);
    }),
  );
}

function isFieldOf({ fields }: ClassFact, call: string): boolean {
  return (fields["queryset"] ?? []).some((value) => value.kind === "call" && call.endsWith(`#${value.call}`));
}

function matchFor(query: Query, node: ClassFact, model: Model): Match | null {
  const { table, call, filters, open } = query;
  const routes = routesOf(node, call.file, model);
  if (table === null || open || routes.length === 0 || !listsAll(model, call.file, node)) return null;
  if (node.members.some(({ name }) => name === "get_queryset") || isHandful(query, model)) return null;
  const labels = labelsOf(routes.map(({ method, path }) => ({ label: `${method} ${path}` })));
  return {
    rule: "database/unpaginated-list",
    file: call.file,
    line: call.line,
    confidence: isGrowing(table) && !isFewPerOwner(table) ? "medium" : "low",
    message: `${inWords(labels, "A view")} reads and sends every ${filters.length > 0 ? "matching " : ""}row of \`${table}\`, since neither \`${node.name ?? "the view"}\` nor the settings name a pagination class: with ten rows nobody notices, with a hundred thousand the answer takes seconds and fills the server's memory.`,
    also: [],
    routes: labels,
    path: [],
    call: call.id,
    anchor: `all ${table} in ${node.name ?? "a view"}`,
    fix: "brief",
  };
}

/** The class's routes that answer with a list: a path that ends in a parameter is of one row. */
function routesOf({ span, members }: ClassFact, file: string, model: Model): Route[] {
  const own = new Set(members.map(({ fn }) => `${file}#${fn}`));
  return model.routes.filter(
    ({ method, path, handlers }) =>
      method === "GET" &&
      !/\/:\w+$/.test(path) &&
      handlers.some(
        ({ fn, place }) =>
          (fn === null && place.file === file && place.line === span.line) || (fn !== null && own.has(fn)),
      ),
  );
}
