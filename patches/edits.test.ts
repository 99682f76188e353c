/** Edits merged per file: what composes, what is refused, and what stays as it was. */
import { describe, expect, it } from "vitest";
import { memoryRepo } from "../analyzers/repo/memory.ts";
import type { Repo } from "../analyzers/repo/repo.ts";
import type { Edit } from "./edit.ts";
import { applyEdits } from "./edits.ts";

function after(files: Record<string, string>, edits: Edit[]): Record<string, string | null> | string[] {
  const applied = applyEdits(memoryRepo(files), edits);
  if (applied.kind === "conflict") return applied.conflicts.map(({ file, reason }) => `${file}: ${reason}`);
  return Object.fromEntries(applied.changes);
}

const replace = (start: number, end: number, text: string, file = "a.ts"): Edit => ({
  kind: "replace",
  file,
  start,
  end,
  text,
});

describe("replacements", () => {
  it.each<[string, Edit[], string | string[]]>([
    ["apply in source order whatever the order given", [replace(4, 5, "E"), replace(0, 1, "A")], "AbcdEf\n"],
    ["keep the order of insertions at one place", [replace(1, 1, "1"), replace(1, 1, "2")], "a12bcdef\n"],
    ["collapse when identical", [replace(1, 2, "B"), replace(1, 2, "B")], "aBcdef\n"],
    ["put an insertion before what replaces there", [replace(1, 2, "B"), replace(1, 1, "+")], "a+Bcdef\n"],
    ["put an insertion behind what was replaced", [replace(2, 2, "+"), replace(1, 2, "B")], "aB+cdef\n"],
    ["touch without a conflict", [replace(0, 2, "X"), replace(2, 4, "Y")], "XYef\n"],
    [
      "conflict when they overlap",
      [replace(0, 3, "X"), replace(2, 4, "Y")],
      ["a.ts: two changes want the same place, line 1"],
    ],
    [
      "conflict when one place has two wishes",
      [replace(0, 3, "X"), replace(0, 3, "Y")],
      ["a.ts: two changes want the same place, line 1"],
    ],
    [
      "conflict on an insertion inside a replaced place",
      [replace(0, 3, "X"), replace(1, 1, "Y")],
      ["a.ts: two changes want the same place, line 1"],
    ],
    ["conflict outside the file", [replace(0, 99, "X")], ["a.ts: the place to change lies outside the file"]],
  ])("%s", (_, edits, wanted) => {
    expect(after({ "a.ts": "abcdef\n" }, edits)).toEqual(typeof wanted === "string" ? { "a.ts": wanted } : wanted);
  });

  it("are no change when the text stays the same", () => {
    expect(after({ "a.ts": "abc" }, [replace(0, 1, "a")])).toEqual({});
  });

  it("follow the file's line ends and keep its byte order mark", () => {
    expect(after({ "a.ts": "\uFEFFone\r\ntwo\r\n" }, [replace(6, 6, "x\ny\n")])).toEqual({
      "a.ts": "\uFEFFone\r\nx\r\ny\r\ntwo\r\n",
    });
  });
});

describe("whole files", () => {
  const create = (file: string, text: string): Edit => ({ kind: "create", file, text });
  it.each<[string, Record<string, string>, Edit[], unknown]>([
    ["a new file", {}, [create("a/b.ts", "x\n")], { "a/b.ts": "x\n" }],
    ["the same file again", { "b.ts": "x\n" }, [create("b.ts", "x\n"), create("b.ts", "x\n")], {}],
    ["another file there", { "b.ts": "y\n" }, [create("b.ts", "x\n")], ["b.ts: a different file is already there"]],
    [
      "two contents",
      {},
      [create("b.ts", "x"), create("b.ts", "y")],
      ["b.ts: two parts of the patch create it with different contents"],
    ],
    [
      "a new file with keys set",
      {},
      [create("p.json", "{}\n"), { kind: "json", file: "p.json", path: ["a"], value: 1 }],
      { "p.json": '{\n  "a": 1\n}\n' },
    ],
    ["removal", { "b.ts": "x" }, [{ kind: "remove", file: "b.ts" }], { "b.ts": null }],
    ["removal of nothing", {}, [{ kind: "remove", file: "b.ts" }], {}],
    [
      "removal against a change",
      { "b.ts": "x" },
      [{ kind: "remove", file: "b.ts" }, replace(0, 1, "y", "b.ts")],
      ["b.ts: one part of the patch removes the file, another changes it"],
    ],
    ["a change to nothing", {}, [replace(0, 0, "y", "b.ts")], ["b.ts: the file to change is not there"]],
    ["a folder in the way", { "b/c.ts": "" }, [create("b", "x")], ["b: a folder of this name is already there"]],
    ["a file in the way", { b: "" }, [create("b/c.ts", "x")], ["b/c.ts: b is a file, not a folder"]],
    [
      "a name that differs in case",
      { Dockerfile: "" },
      [create("dockerfile", "x")],
      ["dockerfile: Dockerfile differs from it only in upper and lower case"],
    ],
  ])("%s", (_, files, edits, wanted) => {
    expect(after(files, edits)).toEqual(wanted);
  });

  it.each([
    "/etc/passwd",
    "../up.ts",
    "a/../../up.ts",
    "a//b",
    "./a",
    "C:/x",
    "a\\b",
    ".git/hooks/pre-commit",
    "a/.GIT/x",
    "",
    "nul\0",
  ])("refuses the path %j", (file) => {
    expect(after({}, [create(file, "x")])).toEqual([expect.stringContaining(`${file}: `)]);
  });

  it("refuses what the reader left out, a link for one", () => {
    const repo: Repo = { ...memoryRepo({}), skipped: [{ file: "conf", reason: "symbolic link out of the tree" }] };
    expect(applyEdits(repo, [create("conf/app.ts", "x")])).toEqual({
      kind: "conflict",
      conflicts: [{ file: "conf/app.ts", reason: "it is there but was not read: symbolic link out of the tree" }],
    });
  });

  it("is all or nothing", () => {
    expect(after({ "b.ts": "y" }, [create("c.ts", "x"), create("b.ts", "x")])).toEqual([
      "b.ts: a different file is already there",
    ]);
  });
});

describe("json", () => {
  const set = (path: string[], value: Extract<Edit, { kind: "json" }>["value"], force = false): Edit => ({
    kind: "json",
    file: "p.json",
    path,
    value,
    force,
  });
  it.each<[string, string, Edit[], string | string[]]>([
    [
      "puts a dependency in its place",
      '{\n  "dependencies": {\n    "a": "1",\n    "c": "1"\n  }\n}\n',
      [set(["dependencies", "b"], "2")],
      '{\n  "dependencies": {\n    "a": "1",\n    "b": "2",\n    "c": "1"\n  }\n}\n',
    ],
    [
      "keeps tabs and the missing last line end",
      '{\n\t"a": 1\n}',
      [set(["b"], { c: 1 })],
      '{\n\t"a": 1,\n\t"b": {\n\t\t"c": 1\n\t}\n}',
    ],
    ["keeps CRLF", '{\r\n  "a": 1\r\n}\r\n', [set(["b"], 2)], '{\r\n  "a": 1,\r\n  "b": 2\r\n}\r\n'],
    [
      "keeps comments and unsorted keys",
      '{\n  // why\n  "z": 1,\n  "a": 1, // because\n}\n',
      [set(["b"], 2)],
      '{\n  // why\n  "z": 1,\n  "a": 1, // because\n  "b": 2,\n}\n',
    ],
    ["makes the objects on the way", "{}\n", [set(["a", "b"], 1)], '{\n  "a": {\n    "b": 1\n  }\n}\n'],
    [
      "appends to a list once",
      '{ "a": ["x"] }\n',
      [set(["a", "-"], "y"), set(["a", "-"], "y")],
      '{ "a": ["x", "y"] }\n',
    ],
    ["replaces when forced", '{ "a": 1 }', [set(["a"], 2, true)], '{ "a": 2 }'],
    ["conflicts on another value", '{ "a": 1 }', [set(["a"], 2)], ["p.json: a has another value already"]],
    ["conflicts between two wishes", "{}", [set(["a"], 1), set(["a"], 2)], ["p.json: a has another value already"]],
    [
      "conflicts below a scalar",
      '{ "a": 1 }',
      [set(["a", "b"], 2)],
      ["p.json: a.b lies inside something that is not an object"],
    ],
    ["conflicts on broken JSON", '{ "a": \n', [set(["b"], 2)], ["p.json: it is not valid JSON, line 2"]],
  ])("%s", (_, text, edits, wanted) => {
    expect(after({ "p.json": text }, edits)).toEqual(typeof wanted === "string" ? { "p.json": wanted } : wanted);
  });

  it("leaves an equal value alone", () => {
    expect(after({ "p.json": '{"a":{"b":[1]}}' }, [set(["a", "b"], [1])])).toEqual({});
  });
});

describe("yaml", () => {
  const set = (path: string[], value: Extract<Edit, { kind: "yaml" }>["value"], force = false): Edit => ({
    kind: "yaml",
    file: "c.yml",
    path,
    value,
    force,
  });
  it.each<[string, string, Edit[], string | string[]]>([
    [
      "adds a service with a blank line where the others have one",
      "services:\n  # web\n  app:\n    build: . # here\n\n  db:\n    image: 'postgres:16'\n  # end\nvolumes:\n  data:\n",
      [set(["services", "redis"], { image: "redis:7" })],
      "services:\n  # web\n  app:\n    build: . # here\n\n  db:\n    image: 'postgres:16'\n\n  redis:\n    image: redis:7\n  # end\nvolumes:\n  data:\n",
    ],
    [
      "quotes what older readers take for a number",
      "services:\n  a:\n    image: x\n",
      [set(["services", "a", "ports"], ["22:22"])],
      'services:\n  a:\n    image: x\n    ports:\n      - "22:22"\n',
    ],
    ["appends to lists in their own indentation", "a:\n- x\nb: 1\n", [set(["a", "-"], "z")], "a:\n- x\n- z\nb: 1\n"],
    ["appends to flow lists", "a: [x]\n", [set(["a", "-"], "y")], "a: [ x, y ]\n"],
    ["leaves equal items alone", "a:\n  - x\n", [set(["a", "-"], "x"), set(["b"], 1)], "a:\n  - x\nb: 1\n"],
    ["starts a list", "a:\n  b: 1\n", [set(["a", "c", "-"], "x")], "a:\n  b: 1\n  c:\n    - x\n"],
    ["fills an empty key", "volumes:\n\na: 1\n", [set(["volumes", "data"], {})], "volumes:\n  data: {}\n\na: 1\n"],
    ["keeps CRLF and a missing last line end", "a:\r\n  b: 1", [set(["a", "c"], 2)], "a:\r\n  b: 1\r\n  c: 2\r\n"],
    ["goes into flow mappings", "a: { b: 1 }\n", [set(["a", "c"], 2)], "a: { b: 1, c: 2 }\n"],
    ["replaces when forced", "a: 1 # one\nb: 2\n", [set(["a"], 3, true)], "a: 3 # one\nb: 2\n"],
    ["conflicts on another value", "a: 1\n", [set(["a"], 2)], ["c.yml: a has another value already"]],
    ["conflicts on broken YAML", "a: [1\nb: 2\n", [set(["c"], 2)], ["c.yml: it is not valid YAML, line 2"]],
    ["conflicts on several documents", "a: 1\n---\nb: 2\n", [set(["c"], 2)], ["c.yml: it holds several documents"]],
    ["conflicts on a list at the top", "- a\n", [set(["c"], 2)], ["c.yml: it does not hold keys and values"]],
  ])("%s", (_, text, edits, wanted) => {
    expect(after({ "c.yml": text }, edits)).toEqual(typeof wanted === "string" ? { "c.yml": wanted } : wanted);
  });

  it("creates the file", () => {
    expect(after({}, [set(["services", "redis"], { image: "redis:7" })])).toEqual({
      "c.yml": "services:\n  redis:\n    image: redis:7\n",
    });
  });

  it("yields one service for two equal wishes, a conflict for two different ones", () => {
    const redis = (tag: string): Edit => set(["services", "redis"], { image: `redis:${tag}` });
    expect(after({}, [redis("7"), redis("7")])).toEqual({ "c.yml": "services:\n  redis:\n    image: redis:7\n" });
    expect(after({}, [redis("7"), redis("8")])).toEqual(["c.yml: services.redis has another value already"]);
  });
});

describe("lines", () => {
  const add = (...lines: [string, string][]): Edit => ({
    kind: "lines",
    file: ".env.example",
    lines: lines.map(([key, text]) => ({ key, text })),
  });
  it.each<[string, string, Edit, Record<string, string>]>([
    ["appends", "A=1\n", add(["B", "# why\nB=2"]), { ".env.example": "A=1\n# why\nB=2\n" }],
    ["ends the last line first", "A=1", add(["B", "B=2"]), { ".env.example": "A=1\nB=2\n" }],
    ["leaves known keys alone", "A=1\n# B=\nexport C = 3\n", add(["A", "A=9"], ["B", "B=9"], ["C", "C=9"]), {}],
    [
      "compares whole lines for patterns",
      "node_modules\n",
      add(["node_modules", "node_modules"], ["dist", "dist"]),
      { ".env.example": "node_modules\ndist\n" },
    ],
    ["keeps CRLF", "A=1\r\n", add(["B", "B=2"]), { ".env.example": "A=1\r\nB=2\r\n" }],
  ])("%s", (_, text, edit, wanted) => {
    expect(after({ ".env.example": text }, [edit])).toEqual(wanted);
  });
});
