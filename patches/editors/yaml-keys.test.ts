/** Keys put into mappings of YAML files: only the lines that are wanted appear. */
import { expect, it } from "vitest";
import { spliced } from "../splice.ts";
import { keysChanged, type KeysWish } from "./yaml-keys.ts";

function changed(text: string, ...wishes: KeysWish[]): string | null {
  const replacements = keysChanged(text, wishes);
  return replacements === null ? null : spliced(text, replacements);
}

const top = (set: KeysWish["set"], drop: string[] = []): KeysWish => ({ document: 0, path: [], set, drop });

it.each([
  ["behind the last key", "a: 1\n# end\n", top({ b: 2 }), "a: 1\nb: 2\n# end\n"],
  ["in the place of nothing", "a: {}\nc: 3\n", top({ a: { b: 2 } }), "a:\n  b: 2\nc: 3\n"],
  ["in the place of a number", "a: 1 # why\nc: 3\n", top({ a: 2 }), "a: 2 # why\nc: 3\n"],
  ["without the line that goes", "a: 1 # why\nc: 3\n", top({}, ["a"]), "c: 3\n"],
  ["without a line end at the end", "a: 1", top({ b: [1] }), "a: 1\nb:\n  - 1"],
  ["with the line ends that are there", "a: 1\r\nb: 2\r\n", top({ c: { d: 1 } }), "a: 1\r\nb: 2\r\nc:\r\n  d: 1\r\n"],
  [
    "in an item of a list of the second document",
    "x: 1\n---\nlist:\n- name: a\n- name: b\n  at:\n  - 1\nend: true\n",
    { document: 1, path: ["list", 1], set: { c: ["d"] } },
    "x: 1\n---\nlist:\n- name: a\n- name: b\n  at:\n  - 1\n  c:\n  - d\nend: true\n",
  ],
])("%s", (_, text, wish, expected) => {
  expect(changed(text, wish)).toBe(expected);
});

it("puts what is deeper before what holds it", () => {
  const wishes = [
    { document: 0, path: ["a"], set: { d: 1 } },
    { document: 0, path: ["a", "b", 0], set: { c: 1 } },
  ];
  expect(changed("a:\n  b:\n    - x: 1\n", ...wishes)).toBe("a:\n  b:\n    - x: 1\n      c: 1\n  d: 1\n");
});

it.each([
  ["flow style", "a: { b: 1 }\n", { document: 0, path: ["a"], set: { c: 1 } }],
  ["a path that is not there", "a: 1\n", { document: 0, path: ["b"], set: { c: 1 } }],
  ["a document that is not there", "a: 1\n", { document: 2, path: [], set: { c: 1 } }],
  ["a value that is more than a word", "a:\n  b: 1\n", { document: 0, path: [], set: { a: 1 } }],
  ["a mapping that an anchor shares", "a: &x\n  b: 1\nc: *x\n", { document: 0, path: ["a"], set: { d: 1 } }],
  ["no YAML", "a: [1\n", { document: 0, path: [], set: { c: 1 } }],
])("leaves %s alone", (_, text, wish) => {
  expect(changed(text, wish)).toBeNull();
});
