/** Patches on a real disk: all or nothing, undone byte for byte, repaired after a kill. */
import { spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Patch } from "../edit.ts";
import { applyPatch } from "./apply.ts";
import { readRecords, writeRecord } from "./record.ts";
import type { UndoRecord } from "./record.ts";
import { appliedPatches, repair, undoPatch } from "./undo.ts";

let home = "";
let root = "";
let stateFolder = "";
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "shoreup-apply-"));
  root = join(home, "app");
  stateFolder = join(home, "state");
  mkdirSync(root);
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function put(path: string, content: string | Buffer): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

function tree(): Record<string, string> {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map((entry) => [
      join(entry.parentPath, entry.name).slice(root.length + 1),
      readFileSync(join(entry.parentPath, entry.name), "latin1"),
    ]),
  );
}

function patchOf(files: [path: string, before: string | null, after: string | null][], id = "p1"): Patch {
  return {
    id,
    component: "queue",
    title: `Patch ${id}`,
    findings: [],
    files: files.map(([path, before, after]) => ({ path, before, after, added: 0, removed: 0 })),
    diff: "",
    review: { level: "read", reason: "" },
    briefs: [],
    services: [],
    env: [],
    notes: [],
  };
}

async function applied(patch: Patch): Promise<UndoRecord> {
  const outcome = await applyPatch(root, patch, { stateFolder });
  if (outcome.kind !== "applied") throw new Error(JSON.stringify(outcome));
  return outcome.record;
}

const three = patchOf([
  ["a.ts", "old\n", "new\n"],
  ["deep/er/b.ts", null, "made\n"],
  ["gone.ts", "bye\n", null],
]);

describe("applying", () => {
  it("writes, creates and removes, keeps modes, and undo brings every byte back", async () => {
    put("a.ts", "old\n");
    put("gone.ts", "bye\n");
    chmodSync(join(root, "a.ts"), 0o755);
    const before = tree();

    const record = await applied(three);

    expect(tree()).toEqual({ "a.ts": "new\n", "deep/er/b.ts": "made\n" });
    expect(statSync(join(root, "a.ts")).mode & 0o777).toBe(0o755);
    expect((await appliedPatches(root, { stateFolder })).map(({ patch }) => patch)).toEqual(["p1"]);

    expect(await undoPatch(root, record, { stateFolder })).toEqual({
      kind: "undone",
      files: ["a.ts", "deep/er/b.ts", "gone.ts"],
    });
    expect(tree()).toEqual(before);
    expect(existsSync(join(root, "deep"))).toBe(false);
    expect(statSync(join(root, "a.ts")).mode & 0o777).toBe(0o755);
    expect(await appliedPatches(root, { stateFolder })).toEqual([]);
  });

  it("keeps a byte order mark and CRLF that the reader may have left out", async () => {
    put("a.ts", "\uFEFFold\r\n");
    const record = await applied(patchOf([["a.ts", "old\r\n", "new\r\n"]]));
    expect(readFileSync(join(root, "a.ts"), "utf8")).toBe("\uFEFFnew\r\n");
    await undoPatch(root, record, { stateFolder });
    expect(readFileSync(join(root, "a.ts"), "utf8")).toBe("\uFEFFold\r\n");
  });

  it.each<[string, () => void, string, string]>([
    [
      "a changed file",
      () => put("a.ts", "other\n"),
      "a.ts",
      "it is not what the patch was made for; make the patch again",
    ],
    ["a file that is gone", () => rmSync(join(root, "a.ts")), "a.ts", "it is not there any more"],
    ["a file in the new one's place", () => put("deep/er/b.ts", "x"), "deep/er/b.ts", "a file is already there"],
    [
      "a folder in the new one's place",
      () => mkdirSync(join(root, "deep/er/b.ts"), { recursive: true }),
      "deep/er/b.ts",
      "deep/er/b.ts is not a plain file",
    ],
    ["a file in a folder's place", () => put("deep", "x"), "deep/er/b.ts", "deep is not a folder"],
    [
      "text that is not UTF-8",
      () => put("a.ts", Buffer.from([0x6f, 0xe4, 0x0a])),
      "a.ts",
      "it is not what the patch was made for; make the patch again",
    ],
    [
      "a link out of the tree",
      () => symlinkSync(home, join(root, "deep")),
      "deep/er/b.ts",
      "deep is a symbolic link; patches do not write through links",
    ],
    [
      "a link in the file's place",
      () => {
        rmSync(join(root, "a.ts"));
        put("real.ts", "old\n");
        symlinkSync("real.ts", join(root, "a.ts"));
      },
      "a.ts",
      "a.ts is a symbolic link; patches do not write through links",
    ],
  ])("refuses %s and writes nothing", async (_, disturb, file, reason) => {
    put("a.ts", "old\n");
    put("gone.ts", "bye\n");
    disturb();
    const before = tree();
    expect(await applyPatch(root, three, { stateFolder })).toEqual({
      kind: "conflict",
      conflicts: [{ file, reason }],
      repaired: [],
    });
    expect(tree()).toEqual(before);
  });

  it.each(["../out.ts", "/tmp/out.ts", ".git/config", "a/../../out.ts"])("refuses the path %s", async (path) => {
    expect(await applyPatch(root, patchOf([[path, null, "x"]]), { stateFolder })).toMatchObject({ kind: "conflict" });
    expect(existsSync(join(home, "out.ts"))).toBe(false);
  });

  it("says what is wrong when the app's folder is not there", async () => {
    expect(await applyPatch(join(home, "none"), three, { stateFolder })).toMatchObject({
      kind: "failed",
      reason: expect.stringContaining("could not be applied"),
    });
  });

  it("takes everything back when the disk refuses half way", async () => {
    put("a.ts", "old\n");
    const name = "x".repeat(250);
    const outcome = await applyPatch(
      root,
      patchOf([
        ["a.ts", "old\n", "new\n"],
        [`${name}/${name}${name}`, null, "made\n"],
      ]),
      { stateFolder },
    );
    expect(outcome).toMatchObject({ kind: "failed", left: [] });
    expect(tree()).toEqual({ "a.ts": "old\n" });
    expect(existsSync(join(root, name))).toBe(false);
    expect(await readRecords(stateFolder, root)).toEqual([]);
  });
});

describe("undoing", () => {
  it("refuses when a file has changed since", async () => {
    put("a.ts", "old\n");
    const record = await applied(
      patchOf([
        ["a.ts", "old\n", "new\n"],
        ["b.ts", null, "made\n"],
      ]),
    );
    put("a.ts", "edited\n");
    expect(await undoPatch(root, record, { stateFolder })).toEqual({
      kind: "conflict",
      conflicts: [
        { file: "a.ts", reason: "it has changed since the patch was applied, and undoing would lose that change" },
      ],
    });
    expect(tree()).toEqual({ "a.ts": "edited\n", "b.ts": "made\n" });
  });

  it("names the patch that lies on top, and works from the top down", async () => {
    put("a.ts", "1\n");
    const first = await applied(patchOf([["a.ts", "1\n", "2\n"]], "first"));
    const second = await applied(patchOf([["a.ts", "2\n", "3\n"]], "second"));
    expect(await undoPatch(root, first, { stateFolder })).toMatchObject({
      conflicts: [
        { file: "a.ts", reason: 'the patch "Patch second" (second) was applied over it; undo that one first' },
      ],
    });
    expect(await undoPatch(root, second, { stateFolder })).toMatchObject({ kind: "undone" });
    expect(await undoPatch(root, first, { stateFolder })).toMatchObject({ kind: "undone" });
    expect(tree()).toEqual({ "a.ts": "1\n" });
  });

  it("keeps folders that somebody else uses by now", async () => {
    const record = await applied(patchOf([["deep/b.ts", null, "made\n"]]));
    put("deep/mine.ts", "x");
    expect(await undoPatch(root, record, { stateFolder })).toMatchObject({ kind: "undone" });
    expect(tree()).toEqual({ "deep/mine.ts": "x" });
  });

  it("refuses a record of another app", async () => {
    const record = await applied(patchOf([["b.ts", null, "made\n"]]));
    expect(await undoPatch(home, record, { stateFolder })).toMatchObject({ kind: "failed" });
  });
});

describe("interruptions", () => {
  it("are repaired wherever the kill struck", async () => {
    const record = { ...(await prepared()), state: "applying" as const };
    for (const done of [0, 1, 2, 3]) {
      reset();
      if (done > 0) put("a.ts", "new\n");
      if (done > 1) put("deep/er/b.ts", "made\n");
      if (done > 2) rmSync(join(root, "gone.ts"));
      put(".shoreup-p1-0.tmp", "half");
      await writeRecord(stateFolder, record);

      expect(await repair(root, { stateFolder })).toEqual([{ patch: "p1", title: "Patch p1", left: [] }]);
      expect(tree()).toEqual({ "a.ts": "old\n", "gone.ts": "bye\n" });
      expect(await readRecords(stateFolder, root)).toEqual([]);
    }
  });

  it("leave alone what somebody edited in between, and say so", async () => {
    const record = { ...(await prepared()), state: "undoing" as const };
    reset();
    put("a.ts", "mine\n");
    await writeRecord(stateFolder, record);
    expect(await repair(root, { stateFolder })).toMatchObject([{ left: [{ file: "a.ts" }] }]);
    expect(tree()).toEqual({ "a.ts": "mine\n", "gone.ts": "bye\n" });
  });

  it("by a real kill leave the old state or the new one, after the next start", async () => {
    const files = Array.from({ length: 60 }, (_, index): [string, string, string] => [
      `f${index}.ts`,
      `old ${index}\n`,
      `new ${index}\n`,
    ]);
    const patch = patchOf(files);
    writeFileSync(join(home, "patch.json"), JSON.stringify(patch));
    const seen = new Set<string>();
    for (const delay of [0, 2, 4, 8, 16, 32]) {
      for (const [path, before] of files) put(path, before);
      await killedWhileApplying(delay);
      await repair(root, { stateFolder });
      const texts = Object.values(tree()).map((text) => text.split(" ")[0] ?? "");
      expect(new Set(texts).size, "all files on one side").toBe(1);
      expect(Object.keys(tree())).toHaveLength(files.length);
      seen.add(texts[0] ?? "");
      rmSync(stateFolder, { recursive: true, force: true });
    }
    expect([...seen].every((side) => side === "old" || side === "new")).toBe(true);
  });

  it("hold up nobody: a dead process's lock is taken over, a living one's is respected", async () => {
    put("a.ts", "old\n");
    const [folder] = await lockFolder();
    writeFileSync(join(folder, "lock"), "999999999");
    await applied(patchOf([["a.ts", "old\n", "new\n"]]));
    writeFileSync(join(folder, "lock"), String(process.pid));
    expect(await applyPatch(root, patchOf([["b.ts", null, "x"]], "p2"), { stateFolder })).toMatchObject({
      kind: "failed",
      reason: expect.stringContaining(`process ${process.pid}`),
    });
  });
});

function reset(): void {
  rmSync(root, { recursive: true, force: true });
  put("a.ts", "old\n");
  put("gone.ts", "bye\n");
}

async function prepared(): Promise<UndoRecord> {
  reset();
  const record = await applied(three);
  rmSync(stateFolder, { recursive: true, force: true });
  return record;
}

/** Makes the app's record folder by applying and undoing once. */
async function lockFolder(): Promise<[string]> {
  const record = await applied(patchOf([["made.ts", null, "x"]], "p0"));
  await undoPatch(root, record, { stateFolder });
  const [name = ""] = readdirSync(join(stateFolder, "undo"));
  return [join(stateFolder, "undo", name)];
}

/** Runs the real thing in a process of its own and kills it that many milliseconds after it has begun to write. */
async function killedWhileApplying(delay: number): Promise<void> {
  const script = `
    import { applyPatch } from ${JSON.stringify(join(import.meta.dirname, "apply.ts"))};
    import { readFileSync } from "node:fs";
    const patch = JSON.parse(readFileSync(${JSON.stringify(join(home, "patch.json"))}, "utf8"));
    console.log("go");
    await applyPatch(${JSON.stringify(root)}, patch, { stateFolder: ${JSON.stringify(stateFolder)} });
  `;
  const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  await once(child.stdout, "data");
  await new Promise((resolve) => setTimeout(resolve, delay));
  child.kill("SIGKILL");
  await exited;
}
