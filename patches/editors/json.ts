/** Setting one key of a JSON file and leaving every other character as it is. */
import { isDeepStrictEqual } from "node:util";
import { getNodeValue, parseTree } from "jsonc-parser";
import type { Node, ParseError } from "jsonc-parser";
import type { Json } from "../edit.ts";
import { spliced } from "../splice.ts";
import type { Replacement } from "../splice.ts";
import { lineOf, newlineOf } from "./newline.ts";

export interface KeyEdit {
  path: string[];
  value: Json;
  force?: boolean;
}

/** Comments and trailing commas (tsconfig.json) are read and kept. In a list `-` appends, unless an equal item is there. */
export function setJson(text: string | null, edit: KeyEdit): { text: string } | { conflict: string } {
  if (text === null) return { conflict: "the file to change is not there" };
  const problems: ParseError[] = [];
  // The parser takes a byte order mark for an error; a space keeps the offsets.
  const tree = parseTree(text.replace(/^\uFEFF/, " "), problems, { allowTrailingComma: true });
  const [problem] = problems;
  if (problem !== undefined || tree === undefined) {
    return { conflict: `it is not valid JSON, line ${lineOf(text, problem?.offset ?? 0)}` };
  }
  const change = changeFor(text, tree, edit);
  if ("conflict" in change) return change;
  const newline = newlineOf(text);
  return {
    text: spliced(
      text,
      change.map((part) => ({ ...part, text: part.text.replaceAll("\n", newline) })),
    ),
  };
}

function changeFor(text: string, tree: Node, edit: KeyEdit): Replacement[] | { conflict: string } {
  let node = tree;
  for (const [index, segment] of edit.path.entries()) {
    if (node.type !== "object" && node.type !== "array") {
      return { conflict: `${edit.path.join(".")} lies inside something that is not an object` };
    }
    const rest = edit.path.slice(index + 1).toReversed();
    const value = rest.reduce<Json>((inner, key) => (key === "-" ? [inner] : { [key]: inner }), edit.value);
    const child = node.type === "array" ? node.children?.[Number(segment)] : memberOf(node, segment);
    const last = rest.length === 0;
    if (child === undefined) return last && hasItem(node, value) ? [] : insertion(text, node, segment, value);
    node = child;
  }
  if (isDeepStrictEqual(getNodeValue(node), edit.value)) return [];
  if (edit.force !== true) return { conflict: `${edit.path.join(".")} has another value already` };
  return [
    {
      start: node.offset,
      end: node.offset + node.length,
      text: rendered(text, edit.value, indentAt(text, node.offset)),
    },
  ];
}

function memberOf(object: Node, key: string): Node | undefined {
  return object.children?.find((property) => keyOf(property) === key)?.children?.[1];
}

function keyOf(property: Node): string {
  const key: unknown = property.children?.[0]?.value;
  return typeof key === "string" ? key : "";
}

function hasItem(node: Node, value: Json): boolean {
  return node.type === "array" && (node.children ?? []).some((item) => isDeepStrictEqual(getNodeValue(item), value));
}

/** A new member, in its alphabetical place where the members are in order (dependencies), else at the end. */
function insertion(text: string, container: Node, key: string, value: Json): Replacement[] {
  const members = container.children ?? [];
  const [first] = members;
  const last = members.at(-1);
  const written = (indent: string): string =>
    `${container.type === "array" ? "" : `${JSON.stringify(key)}: `}${rendered(text, value, indent)}`;
  const open = container.offset + 1;
  if (first === undefined || last === undefined) {
    const indent = indentAt(text, container.offset);
    const end = container.offset + container.length - 1;
    return [{ start: open, end, text: `\n${indent}${stepOf(text)}${written(indent + stepOf(text))}\n${indent}` }];
  }
  const before = container.type === "object" ? (members[insertionIndex(members.map(keyOf), key) - 1] ?? null) : last;
  if (!text.slice(open, first.offset).includes("\n")) {
    const at = before === null ? first.offset : before.offset + before.length;
    return [{ start: at, end: at, text: before === null ? `${written("")}, ` : `, ${written("")}` }];
  }
  const indent = indentAt(text, first.offset);
  const line = `\n${indent}${written(indent)}`;
  if (before === null) return [{ start: open, end: open, text: `${line},` }];
  return behind(text, before, line);
}

/** On its own line behind a member, past the comma and the comment that share its line. */
function behind(text: string, member: Node, line: string): Replacement[] {
  const end = member.offset + member.length;
  const [rest = "", comma] = /^[ \t]*(,)?[ \t]*(?:\/\/[^\r\n]*|\/\*[^\r\n]*\*\/)?/.exec(text.slice(end)) ?? [];
  const at = end + rest.trimEnd().length;
  if (comma !== undefined) return [{ start: at, end: at, text: `${line},` }];
  return [
    { start: end, end, text: "," },
    { start: at, end: at, text: line },
  ];
}

function insertionIndex(keys: readonly string[], key: string): number {
  const sorted = keys.length > 1 && keys.every((name, index) => index === 0 || (keys[index - 1] ?? "") <= name);
  const at = sorted ? keys.findIndex((name) => name > key) : -1;
  return at === -1 ? keys.length : at;
}

function rendered(text: string, value: Json, indent: string): string {
  return JSON.stringify(value, null, text.includes("\n") ? stepOf(text) : undefined).replaceAll("\n", `\n${indent}`);
}

function stepOf(text: string): string {
  return /\n([ \t]+)\S/.exec(text)?.[1] ?? "  ";
}

function indentAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset))?.[0] ?? "";
}
