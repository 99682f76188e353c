/** Generic views of Django and DRF, which list what they are told: whether a class lists rows, and whether it cuts them into pages. */
import { textOf } from "../../code/text.ts";
import type { Model } from "../../model.ts";
import { isPython } from "../../repo/source-file.ts";
import type { ClassFact } from "../../summary.ts";

/** Bases that answer with all rows of their queryset. */
const listing = /\b(List(Create)?APIView|ListModelMixin|(ReadOnly)?ModelViewSet|ListView|ArchiveIndexView)\b/;

/** Whether the class answers with every row of its queryset, by its package's code alone. */
export function listsAll(model: Model, file: string, { span, fields, members }: ClassFact): boolean {
  const head =
    textOf(model, { file, span })
      .split("\n", 12)
      .join(" ")
      .split(/\)\s*:/)[0] ?? "";
  if (!listing.test(head)) return false;
  if (members.some(({ name }) => /^(list|get|paginate_queryset|paginator|get_paginate_by)$/.test(name))) return false;
  if (Object.hasOwn(fields, "paginate_by")) return false;
  const own = fields["pagination_class"];
  const isNone = own?.every((value) => value.kind === "literal" && value.value === null) === true;
  if (own !== undefined && !isNone) return false;
  return isNone || /\bListView\b/.test(head) || !hasDefaultPages(model);
}

/** The class that a function of a file is a method of. */
export function classOf(model: Model, fn: string): { file: string; fact: ClassFact } | null {
  const found = model.fn(fn);
  const fact =
    found === null ? undefined : model.summary(found.file)?.classes.find(({ span }) => holds(span, found.span));
  return found === null || fact === undefined ? null : { file: found.file, fact };
}

function holds(outer: ClassFact["span"], inner: ClassFact["span"]): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

const pagedRepos = new WeakMap<Model, boolean>();

/** DRF's setting for all views that set nothing of their own. */
function hasDefaultPages(model: Model): boolean {
  const paged = pagedRepos.get(model) ?? model.repo.files.some((file) => setsPages(file, model));
  pagedRepos.set(model, paged);
  return paged;
}

function setsPages(file: string, { repo }: Model): boolean {
  return isPython(file) && /DEFAULT_PAGINATION_CLASS["']\s*:\s*["']/.test(repo.read(file) ?? "");
}
