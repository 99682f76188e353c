/** Extraction of whole repos: cache, threads, notes. */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { memoryRepo } from "../repo/memory.ts";
import { defaultCacheFolder, extractAll } from "./all.ts";
import { extract } from "./extract.ts";
import { shares } from "./threads.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "shoreup-cache-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The extractor's own source, some text in other alphabets, and files that are no source. */
const texts: Record<string, string> = {
  ...Object.fromEntries(
    readdirSync(import.meta.dirname)
      .filter((name) => name.endsWith(".ts"))
      .map((name) => [`src/${name}`, readFileSync(join(import.meta.dirname, name), "utf8")]),
  ),
  "a.js": "exports.a = () => 'Grüße, 日本 😀';",
  "copy.js": "exports.a = () => 'Grüße, 日本 😀';",
  "copy.mjs": "exports.a = () => 'Grüße, 日本 😀';",
  "broken.ts": "const a = ;\nconst b = 1;",
  "empty.ts": "",
  "README.md": "const a = 1;",
};

function cacheFiles(): string[] {
  return readdirSync(folder).map((name) => join(folder, name));
}

describe("extractAll", () => {
  it("yields the summary of every source file, in order, without a cache and with one, cold and warm", async () => {
    const repo = memoryRepo(texts);
    const expected = new Map(
      repo.files.filter((file) => /\.m?[jt]s$/.test(file)).map((file) => [file, extract(file, texts[file] ?? "")]),
    );
    for (const cacheFolder of [null, folder, folder]) {
      const { summaries } = await extractAll(repo, { cacheFolder });
      expect([...summaries.keys()]).toEqual([...expected.keys()]);
      expect(summaries).toEqual(expected);
      const problems = [...summaries].flatMap(([file, { problem }]) => (problem === null ? [] : [{ file, problem }]));
      expect(problems).toEqual([{ file: "broken.ts", problem: expect.stringMatching(/^syntax error at line 1 /) }]);
    }
    expect(cacheFiles()).toHaveLength(1);
  });

  it("yields the same on several threads", async () => {
    const repo = memoryRepo(texts);
    const alone = await extractAll(repo, { cacheFolder: null, threads: 1 });
    const together = await extractAll(repo, { cacheFolder: null, threads: 3 });
    expect(together.summaries).toEqual(alone.summaries);
  });

  it("extracts only what changed", async () => {
    await extractAll(memoryRepo(texts), { cacheFolder: folder });
    const changed = memoryRepo({ ...texts, "a.js": "exports.b = 1;", "new.ts": "export const n = 1;" });
    const { summaries } = await extractAll(changed, { cacheFolder: folder });
    expect(Object.keys(summaries.get("a.js")?.exports ?? {})).toEqual(["b"]);
    expect(Object.keys(summaries.get("new.ts")?.exports ?? {})).toEqual(["n"]);
    expect(summaries.get("copy.js")).toEqual(extract("copy.js", texts["copy.js"] ?? ""));
  });

  it("drops what belongs to files that are gone", async () => {
    await extractAll(memoryRepo(texts), { cacheFolder: folder });
    const [file = ""] = cacheFiles();
    const before = readFileSync(file).length;
    await extractAll(memoryRepo({ "a.js": "f();" }), { cacheFolder: folder });
    expect(readFileSync(file).length).toBeLessThan(before / 10);
  });

  it.each<[name: string, damage: (bytes: Buffer) => Buffer]>([
    ["empty", () => Buffer.alloc(0)],
    ["cut off", (bytes) => bytes.subarray(0, bytes.length - 5)],
    ["cut off in its header", (bytes) => bytes.subarray(0, 9)],
    ["longer", (bytes) => Buffer.concat([bytes, Buffer.from("abcd")])],
    ["altered in its numbers", (bytes) => Buffer.from(bytes).fill(0x7f, 400, 404)],
    ["altered in its text", (bytes) => Buffer.from(bytes).fill(0x58, bytes.length - 9)],
    ["of another version", (bytes) => Buffer.from(bytes).fill(0x7f, 4, 8)],
    ["something else", () => Buffer.from("{}".repeat(500))],
  ])("ignores and replaces a cache file that is %s", async (_, damage) => {
    const repo = memoryRepo(texts);
    const cold = await extractAll(repo, { cacheFolder: folder });
    const [file = ""] = cacheFiles();
    const whole = readFileSync(file);
    writeFileSync(file, damage(whole));
    const again = await extractAll(repo, { cacheFolder: folder });
    expect(again.summaries).toEqual(cold.summaries);
    expect(readFileSync(file).equals(whole)).toBe(true);
  });

  it("works without a cache where none can be kept", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    const { summaries } = await extractAll(memoryRepo(texts), { cacheFolder: join(file, "below") });
    expect(summaries.size).toBeGreaterThan(10);
    mkdirSync(join(folder, "locked"));
    chmodSync(join(folder, "locked"), 0o500);
    await expect(extractAll(memoryRepo(texts), { cacheFolder: join(folder, "locked") })).resolves.toBeDefined();
  });

  it("survives several runs at once and leaves no partial file", async () => {
    const repo = memoryRepo(texts);
    const runs = await Promise.all(
      Array.from({ length: 4 }, () => extractAll(repo, { cacheFolder: folder, threads: 2 })),
    );
    for (const { summaries } of runs) expect(summaries).toEqual(runs[0]?.summaries);
    expect(cacheFiles()).toHaveLength(1);
    const { summaries } = await extractAll(repo, { cacheFolder: folder });
    expect(summaries).toEqual(runs[0]?.summaries);
  });

  it("keeps one file per repo", async () => {
    await extractAll(memoryRepo(texts), { cacheFolder: folder });
    await extractAll({ ...memoryRepo(texts), root: "/elsewhere" }, { cacheFolder: folder });
    expect(cacheFiles()).toHaveLength(2);
  });
});

describe("shares", () => {
  const work = Array.from({ length: 10 }, (_, index) => ({ file: `${index}`, text: "x".repeat(10) }));

  it.each([
    [1, [10]],
    [2, [5, 5]],
    [3, [4, 3, 3]],
    [20, Array.from({ length: 10 }, () => 1)],
  ])("splits work among %i threads", (threads, sizes) => {
    expect(shares(work, threads).map(({ length }) => length)).toEqual(sizes);
    expect(shares(work, threads).flat()).toEqual(work);
  });

  it("keeps little work on this thread", () => {
    expect(shares(work)).toEqual([work]);
    expect(shares([], 2)).toEqual([[]]);
  });
});

describe("defaultCacheFolder", () => {
  it("follows XDG, else the home folder", () => {
    vi.stubEnv("XDG_CACHE_HOME", "/x");
    expect(defaultCacheFolder()).toBe("/x/shoreup");
    vi.stubEnv("XDG_CACHE_HOME", "");
    expect(defaultCacheFolder()).toMatch(/\/\.cache\/shoreup$/);
    vi.unstubAllEnvs();
  });
});
