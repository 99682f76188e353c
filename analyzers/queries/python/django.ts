/** Django's managers and querysets. A queryset is a list of rows as it stands, unless a method makes something else of it. */
import type { Model } from "../../model.ts";
import { isPython } from "../../repo/source-file.ts";
import { linksNamed, type Chain } from "../chain.ts";
import { emptyReading, type Limit, type Operation, type Reading } from "../query.ts";
import type { Row } from "../row.ts";
import { conditionsIn } from "./conditions.ts";
import { cutLater } from "./cut.ts";
import { classNamed, holderOf } from "./names.ts";

const lists =
  "all filter exclude order_by distinct select_related prefetch_related only defer annotate values values_list reverse using iterator select_for_update complex_filter alias".split(
    " ",
  );

/** What ends a queryset, and what the database is asked then. */
const ends: Readonly<Record<string, Operation>> = {
  get: "one",
  aget: "one",
  first: "one",
  afirst: "one",
  last: "one",
  earliest: "one",
  latest: "one",
  exists: "one",
  aexists: "one",
  count: "count",
  acount: "count",
  aggregate: "aggregate",
  create: "insert",
  acreate: "insert",
  create_user: "insert",
  bulk_create: "insert",
  get_or_create: "upsert",
  update_or_create: "upsert",
  update: "update",
  bulk_update: "update",
  delete: "delete",
};

const starts = [...lists, ...Object.keys(ends)].join("|");

export const django: Row = {
  dialect: "django",
  packages: ["pypi:django"],
  starts: new RegExp(`(\\.objects|\\.Manager\\(\\))\\.(${starts})$|:shortcuts\\.get_(object|list)_or_404$`),
  read: readQueryset,
};

function readQueryset(chain: Chain): Reading | null {
  const { model, use, links, handedOn } = chain;
  const [first] = links;
  const isShortcut = use.api.includes(":shortcuts.");
  const table = isShortcut ? classNamed(first.args[0]?.value) : managed(chain);
  const last = links.map(({ method }) => ends[method]).find((operation) => operation !== undefined);
  const operation = last ?? (isShortcut ? (use.api.includes("object") ? "one" : "list") : "list");
  if (operation === "list" && !isShortcut && links.some(({ method }) => !lists.includes(method))) return null;
  const conditions = linksNamed(chain, "filter", "exclude", "get", "aget", "get_or_create", "update_or_create").map(
    ({ args, sure, method }) => conditionsIn(model, args, sure && method !== "exclude"),
  );
  const found = isShortcut ? [conditionsIn(model, first.args.slice(1))] : conditions;
  return {
    ...emptyReading,
    operation,
    table,
    filters: found.flatMap(({ filters }) => filters),
    open: found.some(({ open }) => open),
    order: linksNamed(chain, "order_by").flatMap(() => "?"),
    limit: operation === "list" ? limitOf(chain, handedOn || found.some(({ open }) => open)) : { kind: "none" },
    relations: linksNamed(chain, "select_related", "prefetch_related").flatMap(({ args }) =>
      args.length === 0
        ? ["*"]
        : args.flatMap(({ value }) =>
            value.kind === "literal" && typeof value.value === "string" ? value.value.split("__") : "*",
          ),
    ),
    many: links.some(({ method }) => method.startsWith("bulk_")),
    locks: linksNamed(chain, "select_for_update").length > 0,
  };
}

/** `Order` of `Order.objects.all()`. */
function managed({ model, use: { call } }: Chain): string | null {
  const object = holderOf(model, call);
  return object?.kind === "member" ? classNamed(object.object) : null;
}

/** Conditions that could not be read may leave a row or two. */
function limitOf({ model, use: { call } }: Chain, isOpen: boolean): Limit {
  const cut = cutLater(model, call);
  return cut.kind === "none" && (isOpen || isPagedByFramework(model, call.fn)) ? { kind: "unknown" } : cut;
}

const pagedRepos = new WeakMap<Model, boolean>();

/** Generic views cut what `get_queryset` gives into pages, each by a setting of its own or by one for all. */
function isPagedByFramework(model: Model, own: string): boolean {
  const paged = pagedRepos.get(model) ?? model.repo.files.some((file) => setsPages(file, model));
  pagedRepos.set(model, paged);
  const holders = [own, ...model.callers(own).map(({ fn }) => fn)].map((fn) => model.fn(fn)?.name);
  return holders.includes("get_queryset") && paged;
}

function setsPages(file: string, { repo }: Model): boolean {
  return isPython(file) && /DEFAULT_PAGINATION_CLASS["']\s*:\s*["']/.test(repo.read(file) ?? "");
}
