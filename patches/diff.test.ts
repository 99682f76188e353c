/** Diffs as git takes them: every case goes through the real `git apply`. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { fileDiff, unifiedDiff } from "./diff.ts";
import type { Sides } from "./diff.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "shoreup-diff-"));
  execFileSync("git", ["init", "-q"], { cwd: folder });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function applied(files: readonly Sides[]): (string | null)[] {
  for (const { path, before } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    if (before !== null) writeFileSync(join(folder, path), before);
  }
  const options = { cwd: folder, input: unifiedDiff(files), stdio: "pipe" as const };
  execFileSync("git", ["apply", "--check", "-"], options);
  execFileSync("git", ["apply", "--whitespace=nowarn", "-"], options);
  return files.map(({ path }) => (existsSync(join(folder, path)) ? readFileSync(join(folder, path), "utf8") : null));
}

const long = Array.from({ length: 40 }, (_, index) => `line ${index}\n`).join("");

it.each<[string, Sides[]]>([
  ["a changed line", [{ path: "a.ts", before: long, after: long.replace("line 7\n", "line seven\n") }]],
  [
    "far-apart changes",
    [{ path: "a.ts", before: long, after: long.replace("line 2\n", "").replace("line 35\n", "x\ny\n") }],
  ],
  ["first and last line", [{ path: "a.ts", before: long, after: `first\n${long}last\n` }]],
  ["a new file", [{ path: "src/new/a.ts", before: null, after: "one\ntwo\n" }]],
  ["a new empty file", [{ path: ".keep", before: null, after: "" }]],
  ["a removed file", [{ path: "a.ts", before: "one\n", after: null }]],
  ["a removed empty file", [{ path: "a.ts", before: "", after: null }]],
  ["a file emptied", [{ path: "a.ts", before: "one\n", after: "" }]],
  ["an empty file filled", [{ path: "a.ts", before: "", after: "one\n" }]],
  ["a missing last line end before", [{ path: "a.ts", before: "one\ntwo", after: "one\ntwo\nthree\n" }]],
  ["a missing last line end after", [{ path: "a.ts", before: "one\ntwo\n", after: "one\n2" }]],
  ["a missing last line end on both sides", [{ path: "a.ts", before: "one\ntwo", after: "1\ntwo" }]],
  ["a new file without one", [{ path: "a.ts", before: null, after: "one" }]],
  ["CRLF", [{ path: "a.ts", before: "one\r\ntwo\r\n", after: "one\r\n2\r\ntwo\r\n" }]],
  ["CRLF to LF in one line", [{ path: "a.ts", before: "one\r\ntwo\r\n", after: "one\ntwo\r\n" }]],
  ["a byte order mark", [{ path: "a.ts", before: "\uFEFFone\n", after: "\uFEFFtwo\n" }]],
  ["line separators inside a line", [{ path: "a.ts", before: "a\u2028b\fc\rd\n", after: "a\u2028b\fc\rD\n" }]],
  [
    "lines that look like a diff",
    [{ path: "a.md", before: "--- a\n+++ b\n@@ -1 +1 @@\n", after: "--- a\n+++ c\n@@ -1 +1 @@\n" }],
  ],
  [
    "spaces in the name",
    [
      { path: "my app/the file.ts", before: "one\n", after: "two\n" },
      { path: "my app/new file.ts", before: null, after: "x\n" },
    ],
  ],
  ["unicode in the name", [{ path: "größe/日本.ts", before: "one\n", after: "two\n" }]],
  ["quotes, tabs and backslashes in the name", [{ path: 'a"b\tc\\d.ts', before: "one\n", after: null }]],
  ["a name like a shell command", [{ path: "$(touch x); rm -rf .ts", before: null, after: "one\n" }]],
  [
    "several files",
    [
      { path: "b.ts", before: "1\n", after: "2\n" },
      { path: "a.ts", before: null, after: "1\n" },
      { path: "c.ts", before: "1\n", after: null },
    ],
  ],
])("git applies %s", (_, files) => {
  expect(applied(files)).toEqual(files.map(({ after }) => after));
});

it("counts added and removed lines", () => {
  expect(fileDiff({ path: "a", before: "1\n2\n3\n", after: "1\n2b\n3\n4\n" })).toMatchObject({ added: 2, removed: 1 });
});

it("is empty for equal sides", () => {
  expect(unifiedDiff([{ path: "a", before: "x", after: "x" }])).toBe("");
});
