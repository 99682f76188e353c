/** Where keys and values stand in the text of a YAML file, for changes that touch nothing else. */
import { isMap, isScalar, isSeq, parseDocument, visit } from "yaml";
import type { Document, Pair } from "yaml";

interface Span {
  start: number;
  end: number;
}

export interface YamlSpans {
  /** The key of a mapping's entry: the word itself. */
  key: (path: readonly string[]) => Span | null;
  /** The plain text of a list's scalars, without their quotes; null where it is no list of scalars. */
  items: (path: readonly string[]) => Span[] | null;
  /** The lines that an entry with a scalar takes up, their last line break included. */
  lines: (path: readonly string[]) => Span | null;
}

/** Null for what is no mapping, has faults, or shares parts by anchors. */
export function yamlSpans(text: string): YamlSpans | null {
  const document = parseDocument(text, { logLevel: "silent" });
  if (document.errors.length > 0 || !isMap(document.contents) || hasAliases(document)) return null;
  const pair = (path: readonly string[]): Pair | null => pairAt(document, path);
  return {
    key: (path) => spanOf(pair(path)?.key),
    items: (path) => {
      const list = pair(path)?.value;
      const spans = isSeq(list) ? list.items.map((item) => (isScalar(item) ? spanOf(item) : null)) : null;
      return spans?.every((each) => each !== null) === true ? spans.map((span) => unquoted(text, span)) : null;
    },
    lines: (path) => {
      const found = pair(path);
      const [key, value] = [spanOf(found?.key), spanOf(found?.value)];
      if (key === null || value === null) return null;
      const end = text.indexOf("\n", value.end);
      return { start: text.lastIndexOf("\n", key.start - 1) + 1, end: end === -1 ? text.length : end + 1 };
    },
  };
}

function hasAliases(document: Document): boolean {
  let found = false;
  visit(document, {
    Alias: () => {
      found = true;
      return visit.BREAK;
    },
  });
  return found;
}

function pairAt(document: Document, path: readonly string[]): Pair | null {
  const [last, ...above] = path.toReversed();
  const parent: unknown = above.length === 0 ? document.contents : document.getIn(above.toReversed(), true);
  if (!isMap(parent) || parent.flow === true) return null;
  return parent.items.find(({ key }) => isScalar(key) && key.value === last) ?? null;
}

function spanOf(node: unknown): Span | null {
  const range = isScalar(node) ? node.range : null;
  return range === null || range === undefined ? null : { start: range[0], end: range[1] };
}

function unquoted(text: string, { start, end }: Span): Span {
  return /["']/.test(text.charAt(start)) ? { start: start + 1, end: end - 1 } : { start, end };
}
