/** Setting one key of a YAML file: the new lines are put in, comments, order and quoting around them stay. */
import { isDeepStrictEqual } from "node:util";
import { isMap, isScalar, isSeq, parseDocument } from "yaml";
import type { Document, Pair, YAMLMap, YAMLSeq } from "yaml";
import type { KeyEdit } from "./json.ts";
import type { Json } from "../edit.ts";
import { lineOf, newlineOf } from "./newline.ts";
import { column, contentEnd, endOf, isSpaced, render, startOf, stepOf } from "./yaml-places.ts";

type Outcome = { text: string } | { conflict: string };

/** Creates the file when it is absent. In a list `-` appends, unless an equal item is there. */
export function setYaml(text: string | null, edit: KeyEdit): Outcome {
  if (text === null || text.trim() === "") return { text: render(nested(edit.path, edit.value), "") };
  const document = parseDocument(text);
  const [problem] = document.errors;
  if (problem?.code === "MULTIPLE_DOCS") return { conflict: "it holds several documents" };
  if (problem !== undefined) return { conflict: `it is not valid YAML, line ${lineOf(text, problem.pos[0])}` };
  if (document.contents !== null && !isMap(document.contents)) return { conflict: "it does not hold keys and values" };
  return setIn(text, document, edit);
}

function setIn(text: string, document: Document, edit: KeyEdit): Outcome {
  const list = edit.path.at(-1) === "-";
  const path = list ? edit.path.slice(0, -1) : edit.path;
  const whole: unknown = document.toJS();
  const there = valueAt(whole, path);
  if (!list && isDeepStrictEqual(there, edit.value)) return { text };
  if (list && Array.isArray(there) && there.some((item) => isDeepStrictEqual(item, edit.value))) return { text };
  const free = there === undefined || there === null || (list ? Array.isArray(there) : edit.force === true);
  if (!free) return { conflict: `${path.join(".")} ${list ? "is not a list" : "has another value already"}` };
  const value: unknown = list ? [...(Array.isArray(there) ? there : []), edit.value] : edit.value;
  const wanted = withValue(whole, path, value);
  if (wanted === null) return { conflict: `${path.join(".")} lies inside something that does not hold keys` };
  const changed = list ? appended(text, document, path, edit.value) : inserted(text, document, path, edit.value);
  if (changed !== null && reads(changed, wanted)) return { text: changed };
  return { text: printed(text, document, path, list ? edit : { ...edit, path }) };
}

function valueAt(whole: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined),
    whole,
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The plain value with one key set; null when a scalar or list stands in the way. */
function withValue(whole: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  const fields = whole ?? {};
  if (!isRecord(fields)) return null;
  const inner = withValue(Object.hasOwn(fields, key) ? fields[key] : {}, rest, value);
  return inner === null ? null : { ...fields, [key]: inner };
}

function reads(text: string, wanted: unknown): boolean {
  const document = parseDocument(text);
  return document.errors.length === 0 && isDeepStrictEqual(document.toJS(), wanted);
}

/** The whole document printed anew, for places where lines cannot simply be put in (flow style, anchors). */
function printed(text: string, document: Document, path: readonly string[], edit: KeyEdit): string {
  const copy = document.clone();
  for (let depth = 1; depth <= path.length; depth += 1) {
    if (copy.getIn(path.slice(0, depth)) === null) copy.deleteIn(path.slice(0, depth));
  }
  if (edit.path.length === path.length) copy.setIn(path, copy.createNode(edit.value));
  else if (isSeq(copy.getIn(path))) copy.addIn(path, copy.createNode(edit.value));
  else copy.setIn(path, copy.createNode([edit.value]));
  return copy.toString({ lineWidth: 0 }).replace(/\r?\n/g, newlineOf(text));
}

/** The deepest block mapping on the path and what is still missing below it. */
function deepest(
  document: Document,
  path: readonly string[],
): { map: YAMLMap; rest: readonly string[]; pair: Pair | null } | null {
  if (!isMap(document.contents)) return null;
  let map: YAMLMap = document.contents;
  for (const [index, key] of path.entries()) {
    const pair = map.items.find((item) => isScalar(item.key) && item.key.value === key) ?? null;
    if (pair === null || !isMap(pair.value) || pair.value.items.length === 0)
      return { map, rest: path.slice(index), pair };
    map = pair.value;
  }
  return null;
}

function inserted(text: string, document: Document, path: readonly string[], value: Json): string | null {
  const place = deepest(document, path);
  const last = place?.map.items.at(-1);
  if (place === null || last === undefined || place.map.flow === true) return null;
  if (place.pair !== null)
    return filledIn(text, place.pair, nested(place.rest.slice(1), value), column(text, startOf(last)));
  const gap = isSpaced(text, place.map) ? "\n" : "";
  return putAfter(
    text,
    endOf(text, place.map),
    gap + render(nested(place.rest, value), text),
    column(text, startOf(last)),
  );
}

/** A key that stands there without a value or with a scalar to replace. */
function filledIn(text: string, pair: Pair, value: Json, indent: number): string | null {
  const key = isScalar(pair.key) ? pair.key.range : null;
  if (key === null || key === undefined) return null;
  const scalar = isScalar(pair.value) ? pair.value.range : null;
  const empty = scalar === null || scalar === undefined || scalar[0] === scalar[1];
  if (typeof value === "object" && value !== null) {
    if (!empty) return null;
    const colon = text.indexOf(":", key[1]) + 1;
    return putAfter(text, colon, render(value, text), indent + stepOf(text));
  }
  if (empty)
    return `${text.slice(0, key[1])}: ${render(value, text).trimEnd()}${text.slice(text.indexOf(":", key[1]) + 1)}`;
  return text.slice(0, scalar[0]) + render(value, text).trimEnd() + text.slice(scalar[1]);
}

function appended(text: string, document: Document, path: readonly string[], value: Json): string | null {
  const node = document.getIn(path, true);
  if (!isSeq(node)) return node === undefined || node === null ? inserted(text, document, path, [value]) : null;
  const seq: YAMLSeq = node;
  const range = seq.range;
  const first = seq.items[0];
  if (range === null || range === undefined || first === undefined || seq.flow === true) return null;
  return putAfter(text, contentEnd(text, range[0], range[1]), render([value], text), column(text, range[0]));
}

/** Puts lines behind the line in which the offset lies. */
function putAfter(text: string, offset: number, block: string, indent: number): string {
  const newline = newlineOf(text);
  const lines = block
    .trimEnd()
    .split("\n")
    .map((line) => (line === "" ? "" : " ".repeat(indent) + line));
  const end = text.indexOf("\n", offset);
  if (end === -1) return `${text}${newline}${lines.join(newline)}${newline}`;
  return `${text.slice(0, end + 1)}${lines.join(newline)}${newline}${text.slice(end + 1)}`;
}

function nested(path: readonly string[], value: Json): Json {
  return path.toReversed().reduce<Json>((inner, key) => (key === "-" ? [inner] : { [key]: inner }), value);
}
