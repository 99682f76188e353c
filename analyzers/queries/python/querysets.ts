/** Django's querysets and SQLAlchemy's `Query`: lists of rows, read where they are asked for in one chain. */
import { textOf } from "../../code/text.ts";
import { indexIn } from "../../ids.ts";
import type { Model } from "../../model.ts";
import { isPython } from "../../repo/source-file.ts";
import type { Value } from "../../summary.ts";
import { linksNamed, type Chain } from "../chain.ts";
import { emptyReading, type Filter, type Reading } from "../query.ts";
import { entriesOf } from "../resolve.ts";
import type { Row } from "../row.ts";

const steps =
  "all|filter|exclude|order_by|distinct|select_related|prefetch_related|only|defer|annotate|values|values_list";

export const django: Row = {
  dialect: "django",
  packages: ["pypi:django"],
  starts: new RegExp(`(\\.objects|\\.Manager\\(\\))\\.(${steps})$`),
  read: (chain) => (isPagedByFramework(chain) ? null : readChain(chain, modelOf(chain, "objects"), isLazy)),
};

export const sqlalchemy: Row = {
  dialect: "sqlalchemy",
  packages: ["pypi:sqlalchemy", "pypi:flask_sqlalchemy", "pypi:sqlmodel"],
  starts: /\.query$|\.query\.(all|filter_by|filter|order_by|options|join)$/,
  read: (chain) => readChain(chain, modelOf(chain, "query"), isFetched),
};

/** A queryset is a list of rows as it stands, unless a method makes something else of it. */
function isLazy({ links }: Chain): boolean {
  return links.every(({ method }) => new RegExp(`^(${steps}|reverse|using)$`).test(method));
}

/** A `Query` gives its rows to who asks for all of them. */
function isFetched({ links }: Chain): boolean {
  return (
    links.at(-1)?.method === "all" &&
    links.every(({ method }) => /^(query|all|filter_by|order_by|options|distinct|populate_existing)$/.test(method))
  );
}

function readChain(chain: Chain, table: string | null, isList: (chain: Chain) => boolean): Reading | null {
  if (table === null || chain.handedOn || !isList(chain) || isCutLater(chain)) return null;
  const conditions = linksNamed(chain, "filter", "filter_by", "exclude");
  const filters = conditions.map(({ args, sure, method }) =>
    filtersIn(chain.model, args, sure && method !== "exclude"),
  );
  // Conditions that are no keywords (`Q(...)`, `Order.user_id == id`) are not read: they may leave a row or two.
  if (filters.some((found) => found === null)) return null;
  return {
    ...emptyReading,
    operation: "list",
    table,
    filters: filters.flatMap((found) => found ?? []),
    order: linksNamed(chain, "order_by").flatMap(() => "?"),
  };
}

/** `Order` of `Order.objects.all()` and `Order.query.all()`, or of `session.query(Order)`. */
function modelOf({ model, use: { call }, links: [first] }: Chain, property: string): string | null {
  const callee = model.summary(call.file)?.calls[indexIn(call.id)]?.callee;
  if (callee?.kind !== "member") return null;
  if (first.method === "query") return first.args.length === 1 ? nameOf(first.args[0]?.value) : null;
  const { object } = callee;
  return object.kind === "member" && object.property === property ? nameOf(object.object) : null;
}

function nameOf(value: Value | undefined): string | null {
  const name = value?.kind === "name" || value?.kind === "imported" ? value.name : null;
  return name !== null && /^[A-Z]/.test(name) ? name : value?.kind === "member" ? capital(value.property) : null;
}

function capital(name: string): string | null {
  return /^[A-Z]/.test(name) ? name : null;
}

/** `user=user, created__gte=day`; null where something else stands there. */
function filtersIn(model: Model, args: Chain["links"][0]["args"], sure: boolean): Filter[] | null {
  const [only, ...others] = args;
  if (only === undefined) return [];
  const found = others.length > 0 ? null : entriesOf(model, only);
  if (found === null || found.open) return null;
  return [...found.entries].map(([key, value]) => {
    const [column = key, ...lookups] = key.split("__");
    return { column, table: null, how: howOf(lookups), value, sure };
  });
}

function howOf(lookups: readonly string[]): Filter["how"] {
  const last = lookups.at(-1);
  if (last === undefined || /^(exact|iexact|id|pk)$/.test(last)) return "=";
  if (last === "in") return "in";
  if (/^(gte?|lte?|range|date|year|month|day)$/.test(last)) return "range";
  if (/contains|startswith|endswith|regex|search/.test(last)) return "like";
  // `product__slug=slug`: of one product.
  return last === "isnull" ? "other" : "=";
}

const pagedRepos = new WeakMap<Model, boolean>();

/** Generic views cut what `get_queryset` gives into pages, each by a setting of its own or by one for all. */
function isPagedByFramework({ model, use: { call } }: Chain): boolean {
  const paged = pagedRepos.get(model) ?? model.repo.files.some((file) => setsPages(file, model));
  pagedRepos.set(model, paged);
  const holders = [call, ...model.callers(call.fn)].map(({ fn }) => model.fn(fn)?.name);
  return paged || holders.includes("get_queryset");
}

function setsPages(file: string, { repo }: Model): boolean {
  return isPython(file) && /DEFAULT_PAGINATION_CLASS/.test(repo.read(file) ?? "");
}

const cutting = /[\w)\]]\[[^\][\n]*:[^\][\n]*\]|paginat|page_size|per_page|islice/i;

/** A slice or a page anywhere in the function, or in one that calls it, may be one of this list: `rows[:10]`, `Paginator(rows, 20)`. */
function isCutLater({ model, use: { call } }: Chain): boolean {
  const fns = [call, ...model.callers(call.fn)].map(({ fn }) => model.fn(fn));
  if (fns[0]?.isModule !== false) return true;
  return fns.some((fn) => fn !== null && !fn.isModule && cutting.test(textOf(model, fn).replaceAll(/#[^\n]*/g, "")));
}
