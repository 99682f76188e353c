/** When a kept answer may be given again, and when not. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { answerFile, keepAnswer, keptAnswer, watched } from "./answers.ts";
import { memoryRepo } from "./memory.ts";
import { overlay, type Repo } from "./repo.ts";

const repo = memoryRepo({ "package.json": "{}", "src/a.ts": "a", "src/b.ts": "b", "photo.png": "x" });
const answer = { findings: [{ rule: "queue/mail-in-request", line: 3 }] };
let folder = "";
let file = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "shoreup-answers-"));
  file = answerFile(folder, repo.root, "assess");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A run that reads the manifest, a source file and a file that does not exist. */
beforeEach(() => {
  const watch = watched(repo);
  for (const name of ["package.json", "src/a.ts", "Dockerfile"]) watch.repo.read(name);
  keepAnswer(file, watch, answer);
});

const changed = (changes: Record<string, string | null>): Repo => overlay(repo, new Map(Object.entries(changes)));

describe("a kept answer", () => {
  it("is given again for the same tree", () => {
    expect(keptAnswer(file, repo)).toEqual(answer);
  });

  it.each([
    ["a text that was read is another", changed({ "src/a.ts": "c" })],
    ["a text that was read is gone", changed({ "package.json": null })],
    ["a file came that was looked for", changed({ Dockerfile: "FROM node:24" })],
    ["a file came that nobody looked for", changed({ "src/c.ts": "" })],
    ["a file went that nobody read", changed({ "photo.png": null })],
    ["a text can no longer be read", { ...repo, read: () => null }],
    ["the commit is another", { ...repo, commit: "1".repeat(40) }],
    ["another file was left out", { ...repo, skipped: [{ file: "x.ts", reason: "minified" }] }],
  ])("is not given when %s", (_, other) => {
    expect(keptAnswer(file, other)).toBeUndefined();
  });

  it("does not rest on what was not read", () => {
    expect(keptAnswer(file, changed({ "src/b.ts": "c" }))).toEqual(answer);
  });

  it("rests on the code that gave it", () => {
    const kept = readFileSync(file, "utf8");
    writeFileSync(file, kept.replace(/"code":"[^"]{4}/, '"code":"????'));
    expect(keptAnswer(file, repo)).toBeUndefined();
  });

  it.each(["", "{}", '{"code":1}\n{}', "\0".repeat(100)])("is nothing where its file holds %j", (text) => {
    writeFileSync(file, text);
    expect(keptAnswer(file, repo)).toBeUndefined();
  });

  it("is nothing where it was cut short", () => {
    const kept = readFileSync(file, "utf8");
    writeFileSync(file, kept.slice(0, -5));
    expect(keptAnswer(file, repo)).toBeUndefined();
  });

  it("is not kept where nothing can be written, and that is no fault", () => {
    const nowhere = join(file, "below-a-file", "x.answer");
    keepAnswer(nowhere, watched(repo), answer);
    expect(keptAnswer(nowhere, repo)).toBeUndefined();
  });
});
