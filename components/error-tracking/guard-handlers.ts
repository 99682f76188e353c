/** Puts a wrapper around the async handlers of Express 4, so that their failures reach the error handler. */
import { textOf } from "../../analyzers/code/text.ts";
import type { Fn, Known, Model, Service } from "../../analyzers/model.ts";
import type { Edit } from "../../patches/edit.ts";
import { callAt, itemsAt } from "../../patches/editors/calls.ts";
import { toDialect } from "../../patches/editors/dialect.ts";
import { type Export, importOf } from "../../patches/editors/import-of.ts";
import { addImport, type ImportWish } from "../../patches/editors/imports.ts";
import { insert, openSource, type Range, type Source, styleFor } from "../../patches/editors/source.ts";
import type { Templates } from "../component.ts";
import type { Finding } from "../finding.ts";
import { middlewareFile } from "../middleware-folder.ts";
import { openFiles, type Open, type OpenFile } from "./async-handlers.ts";

export interface Guarded {
  edits: Edit[];
  /** Those whose handlers are all wrapped. */
  fixed: Finding[];
}

/** Wraps the handlers of all findings that can be had whole. */
export function guardHandlers(findings: readonly Finding[], model: Model, templates: Templates): Guarded {
  const files = openFiles(model).flatMap((file) => {
    const finding = findings.find(({ anchor, file: at }) => anchor === file.match.anchor && at === file.match.file);
    return finding?.fix === "patch" ? [{ ...file, finding }] : [];
  });
  const services = [...new Set(files.map(({ service }) => service))];
  const done = services.map((service) =>
    guardService(
      service,
      files.filter((file) => file.service === service),
      model,
      templates,
    ),
  );
  return { edits: done.flatMap(({ edits }) => edits), fixed: done.flatMap(({ fixed }) => fixed) };
}

type Wanted = OpenFile & { finding: Finding };

function guardService(service: Service, files: readonly Wanted[], model: Model, templates: Templates): Guarded {
  const own = ownWrapper(model, service);
  const file = own?.file ?? middlewareFile(model, service, "async-handler");
  const wrapper = own ?? { file, exported: "asyncHandler", local: "asyncHandler" };
  const sources = sourcesOf(files, model);
  const placed = files.flatMap(({ finding, handlers }) => {
    const places = handlers.flat().map((open) => placeOf(open, sources));
    return places.some((place) => place === null) ? [] : [{ finding, places: places.flatMap((place) => place ?? []) }];
  });
  if (placed.length === 0) return { edits: [], fixed: [] };
  const places = placed.flatMap((each) => each.places);
  const module: Edit[] =
    own === null
      ? [{ kind: "create", file, text: toDialect(templates("async-handler.ts"), styleFor(model.repo, file)) }]
      : [];
  return {
    edits: [
      ...module,
      ...[...sources.values()].flatMap((source) =>
        wrapIn(
          source,
          places.filter((place) => place.file === source.file),
          wrapper,
        ),
      ),
    ],
    fixed: placed.map(({ finding }) => finding),
  };
}

/** The files in which the handlers are registered, by name; those that do not parse are left out. */
function sourcesOf(files: readonly Wanted[], model: Model): Map<string, Source> {
  const names = new Set(files.flatMap(({ handlers }) => handlers.flat().map(({ route }) => route.file)));
  return new Map(
    [...names].flatMap((name) => {
      const source = openSource(model.repo, name);
      return source === null ? [] : [[name, source] as const];
    }),
  );
}

interface Place extends Range {
  file: string;
}

/** Where the handler stands among the arguments of its registration; null when the code's arguments are not the call's. */
function placeOf({ fn, route: { registration } }: Open, sources: ReadonlyMap<string, Source>): Place | null {
  const source = sources.get(registration?.file ?? "");
  if (source === undefined || registration === null) return null;
  const call = callAt(source, registration.span);
  const place = call === null ? null : placeAmong(source, call.args, registration.args, fn.id);
  return place === null ? null : { file: source.file, ...place };
}

/** `handler`, or `[first, handler]`, one of which the function is. */
function placeAmong(source: Source, written: readonly Range[], known: readonly Known[], fn: string): Range | null {
  if (written.length !== known.length) return null;
  for (const [index, value] of known.entries()) {
    const range = written[index];
    if (range === undefined) return null;
    if (value.kind === "fn" && value.fn === fn) return range;
    const items = value.kind === "array" ? itemsAt(source, range) : null;
    const inside = value.kind === "array" && items !== null ? placeAmong(source, items, value.items, fn) : null;
    if (inside !== null) return inside;
  }
  return null;
}

function wrapIn(source: Source, places: readonly Place[], wrapper: Export): Edit[] {
  const distinct = new Map(places.map((place) => [place.start, place]));
  if (distinct.size === 0) return [];
  const { name, wish } = importOf(source, wrapper);
  const wishes: ImportWish[] = wish === null ? [] : [wish];
  return [
    ...addImport(source, ...wishes),
    ...[...distinct.values()].flatMap(({ start, end }) => [
      insert(source, start, `${name}(`),
      insert(source, end, ")"),
    ]),
  ];
}

/** A wrapper that the app has already and uses at other routes: the function that makes what runs around their handlers. */
function ownWrapper(model: Model, service: Service): Export | null {
  const around = model.routes.flatMap(({ handlers, service: name }) =>
    name === service.name ? handlers.flatMap(({ also = [] }) => also) : [],
  );
  for (const id of new Set(around)) {
    const fn = model.fn(model.fn(id)?.parent ?? "");
    const exported = fn?.exportedAs.find((each) => /^\w+$/.test(each));
    if (fn === null || exported === undefined || !handsOn(fn, model)) continue;
    return { file: fn.file, exported, local: fn.name ?? "asyncHandler" };
  }
  return null;
}

function handsOn(fn: Fn, model: Model): boolean {
  return (
    fn.params.length === 1 &&
    /\.catch\(\s*(next\b|\(?\w*\)?\s*=>\s*next\()|catch\s*\(\w+\)\s*\{[^}]*\bnext\(/.test(textOf(model, fn))
  );
}
