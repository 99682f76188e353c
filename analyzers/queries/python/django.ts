/** Django's managers and querysets. A queryset is a list of rows as it stands, unless a method makes something else of it. */
import { textOf } from "../../code/text.ts";
import type { Model } from "../../model.ts";
import { linksNamed, type Chain, type Link } from "../chain.ts";
import { emptyReading, type Limit, type Operation, type Reading } from "../query.ts";
import type { Row } from "../row.ts";
import { conditionsIn } from "./conditions.ts";
import { cutLater } from "./cut.ts";
import { classOf, listsAll } from "./generic-views.ts";
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
  const last = links
    .map((link) => (isAside(chain, link) ? undefined : ends[link.method]))
    .find((each) => each !== undefined);
  const operation = last ?? (isShortcut ? (use.api.includes("object") ? "one" : "list") : "list");
  const isOther = (link: Link): boolean => !lists.includes(link.method) && !isAside(chain, link);
  if (operation === "list" && !isShortcut && links.some(isOther)) return null;
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

/** `found.exists()` beside `for each in found`: a queryset under a name is asked anew each time. */
function isAside({ model, use }: Chain, { call, method }: Link): boolean {
  const object = holderOf(model, call);
  if (object?.kind !== "name" || ends[method] === undefined) return false;
  const fn = model.fn(call.fn);
  const text = fn === null || fn.isModule || call.id === use.call.id ? "" : textOf(model, fn);
  return new RegExp(`\\bin\\s+${object.name}\\b|[(,:]\\s*${object.name}\\s*[,)}]`).test(text);
}

/** `Order` of `Order.objects.all()`. */
function managed({ model, use: { call } }: Chain): string | null {
  const object = holderOf(model, call);
  return object?.kind === "member" ? classNamed(object.object) : null;
}

/** Conditions that could not be read may leave a row or two. */
function limitOf({ model, use: { call } }: Chain, isOpen: boolean): Limit {
  const cut = cutLater(model, call);
  return cut.kind === "none" && (isOpen || !isWhole(model, call.fn)) ? { kind: "unknown" } : cut;
}

/** What `get_queryset` gives is for its view to list, to cut into pages, or to look one row up in. */
function isWhole(model: Model, own: string): boolean {
  const holders = [own, ...model.callers(own).map(({ fn }) => fn)];
  return holders.every((fn) => {
    const found = model.fn(fn)?.name === "get_queryset" ? classOf(model, fn) : null;
    return found === null || listsAll(model, found.file, found.fact);
  });
}
