/** Real trees on disk, friendly and hostile. */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openRepo, RepoError } from "./disk.ts";

let root = "";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "shoreup-disk-"));
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function write(files: Record<string, string | Uint8Array>): void {
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), content);
  }
}

/** Notes by file. */
function notes(repo = openRepo(root)): Record<string, string> {
  return Object.fromEntries(repo.skipped.map(({ file, reason }) => [file, reason]));
}

describe("openRepo", () => {
  it("lists files sorted, relative and with slashes, and reads them", () => {
    write({ "src/b.ts": "b", "src/a.ts": "a", "package.json": "{}", "a b/ü.md": "ü" });
    const repo = openRepo(root);
    expect(repo.files).toEqual(["a b/ü.md", "package.json", "src/a.ts", "src/b.ts"]);
    expect(repo.files.map((file) => repo.read(file))).toEqual(["ü", "{}", "a", "b"]);
    expect(repo.bytes).toBe(6);
    expect(repo.has("src/a.ts")).toBe(true);
    expect([repo.has("src"), repo.has("nope"), repo.read("../x"), repo.read("src")]).toEqual([
      false,
      false,
      null,
      null,
    ]);
    expect(repo.skipped).toEqual([]);
  });

  it("keeps a byte order mark and line ends as they are", () => {
    write({ "a.ts": "\uFEFFa\r\nb" });
    expect(openRepo(root).read("a.ts")).toBe("\uFEFFa\r\nb");
  });

  it("honours ignore files as git does, nested ones too", () => {
    write({
      ".gitignore": "*.log\n/secret\n!keep.log\ngenerated/\n# comment\n\\#odd\n",
      "a.log": "",
      "keep.log": "",
      "secret/x": "",
      "src/secret/x": "",
      "src/generated/x": "",
      "src/.gitignore": "!*.log\n*.tmp\n/only-here\n",
      "src/a.log": "",
      "src/a.tmp": "",
      "src/only-here": "",
      "src/deep/only-here": "",
      "a.tmp": "",
      "#odd": "",
    });
    const byGit = execFileSync("git", ["-c", "init.defaultBranch=main", "init", "-q", root]);
    expect(byGit.toString()).toBe("");
    const listed = execFileSync("git", ["-C", root, "ls-files", "-z", "--others", "--exclude-standard"]).toString();
    expect(openRepo(root).files).toEqual(listed.split("\0").filter(Boolean).sort());
    expect(openRepo(root).files).toContain("src/a.log");
  });

  it("leaves out what tools generate, with one note per folder unless it is ignored", () => {
    write({
      ".gitignore": "ignored/node_modules\n",
      "node_modules/a/index.js": "",
      "node_modules/b/index.js": "",
      "ignored/node_modules/a.js": "",
      "web/package.json": "{}",
      "web/dist/a.js": "",
      "web/build/a.js": "",
      "web/src/build/steps.ts": "",
      ".next/x.js": "",
      "a.ts": "",
    });
    const repo = openRepo(root);
    expect(repo.files).toEqual([".gitignore", "a.ts", "web/package.json", "web/src/build/steps.ts"]);
    expect(notes(repo)).toEqual({
      "node_modules/": "installed dependencies, not source: not read",
      ".next/": "build output, not source: not read",
      "web/dist/": "build output, not source: not read",
      "web/build/": "build output, not source: not read",
    });
  });

  it("never follows links", () => {
    write({ "real/a.ts": "a" });
    symlinkSync("..", join(root, "real/up"));
    symlinkSync("a.ts", join(root, "real/copy.ts"));
    symlinkSync("loop-b", join(root, "loop-a"));
    symlinkSync("loop-a", join(root, "loop-b"));
    symlinkSync("/etc", join(root, "etc"));
    symlinkSync("/etc/hostname", join(root, "host.ts"));
    symlinkSync("nowhere", join(root, "broken"));
    const repo = openRepo(root);
    expect(repo.files).toEqual(["real/a.ts"]);
    expect(notes(repo)).toEqual({
      "real/up": "symbolic link: read at its own place",
      "real/copy.ts": "symbolic link: read at its own place",
      "loop-a": "symbolic link in a loop: not followed",
      "loop-b": "symbolic link in a loop: not followed",
      etc: "symbolic link out of the tree: not followed",
      "host.ts": "symbolic link out of the tree: not followed",
      broken: "symbolic link to nothing",
    });
  });

  it("opens a tree through a link to it", () => {
    write({ "real/a.ts": "a" });
    symlinkSync("real", join(root, "link"));
    expect(openRepo(join(root, "link")).read("a.ts")).toBe("a");
  });

  it("takes hostile names as they are", () => {
    const names = ["$(rm -rf ~)", "-rf", "a\nb.ts", "; echo x", " space ", "...", "%00", "__proto__", "*?[x]", "a\\b"];
    write(Object.fromEntries(names.map((name) => [name, name])));
    const repo = openRepo(root);
    expect([...repo.files]).toEqual([...names].sort());
    for (const name of names) expect(repo.read(name)).toBe(name);
  });

  it("notes a name that is not UTF-8", () => {
    writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0x61, 0xff, 0x2e, 0x74, 0x73])]), "x");
    const repo = openRepo(root);
    expect(repo.files).toEqual([]);
    expect(repo.skipped).toEqual([
      { file: "a\uFFFD.ts", reason: "its name is not valid UTF-8, so it cannot be addressed" },
    ]);
  });

  it("leaves out what is no source although it is named so", () => {
    write({
      "bundle.js": "x".repeat(20_000_000),
      "vendor.js": `/*! x */${"a=1;".repeat(40_000)}`,
      "small.min.js": "a",
      "binary.ts": Uint8Array.from([97, 0, 98]),
      "latin.ts": Uint8Array.from([0x2f, 0x2f, 0xe9]),
      "long.ts": "const a = 1;\n".repeat(20_000),
    });
    const repo = openRepo(root);
    expect(repo.files).toEqual(["long.ts"]);
    expect(notes(repo)).toEqual({
      "bundle.js": "source file of more than 2.0 MB: not read",
      "vendor.js": "minified bundle, not source: not read",
      "small.min.js": "minified bundle, not source: not read",
      "binary.ts": "binary content in a source file: not read",
      "latin.ts": "not UTF-8 text",
    });
  });

  it("lists other files, and reads those that are text of a sane size", () => {
    const long = `${"1".repeat(20_001)}\n`;
    write({
      "a.png": Uint8Array.from([0x89, 0x50, 0]),
      "a.txt": "a",
      "big.json": "1\n".repeat(20_000),
      "long.sql": long,
    });
    write({ "yarn.lock": "1".repeat(50_000) });
    const repo = openRepo(root, { text: 30_000 });
    expect(repo.files).toEqual(["a.png", "a.txt", "big.json", "long.sql", "yarn.lock"]);
    expect(repo.files.map((file) => repo.read(file)?.length ?? null)).toEqual([null, 1, null, null, 50_000]);
    expect(notes(repo)).toEqual({
      "big.json": "text of more than 0.0 MB: not read",
      "long.sql": "written by a machine, by the length of its lines: not read",
    });
  });

  it("stops at its bounds with a note", () => {
    write({ "a/1.txt": "12345", "a/2.txt": "12345", "a/3.txt": "12345" });
    expect(Object.values(notes(openRepo(root, { files: 2 })))).toEqual([
      "the tree has more than 2 files: this and what follows was not read; point at a part of the tree",
    ]);
    const small = openRepo(root, { total: 12 });
    expect(small.files).toHaveLength(2);
    expect(small.skipped).toHaveLength(1);
  });

  it("has no text for a file that went after the listing, and says so once", () => {
    write({ "a.md": "a", "b.md": "b" });
    const repo = openRepo(root);
    expect(repo.read("b.md")).toBe("b");
    unlinkSync(join(root, "a.md"));
    unlinkSync(join(root, "b.md"));
    expect([repo.read("a.md"), repo.read("a.md"), repo.read("b.md")]).toEqual([null, null, "b"]);
    expect(repo.skipped).toEqual([{ file: "a.md", reason: "gone since the tree was listed" }]);
  });

  it("notes what is no regular file without opening it", () => {
    execFileSync("mkfifo", [join(root, "pipe.ts")]);
    expect(notes()).toEqual({ "pipe.ts": "not a regular file" });
  });

  it.runIf(process.getuid?.() !== 0)("notes folders and files that may not be read", () => {
    write({ "locked/a.ts": "", "secret.ts": "" });
    chmodSync(join(root, "locked"), 0);
    chmodSync(join(root, "secret.ts"), 0);
    const found = notes();
    chmodSync(join(root, "locked"), 0o700);
    expect(found).toEqual({ "locked/": "folder cannot be read (EACCES)", "secret.ts": "cannot be read (EACCES)" });
  });

  it.each([
    ["a folder that is not there", () => join(root, "nope"), /^There is no folder .*nope /, /^Check the path/],
    ["a file", () => join(root, "file"), /file is a file, not a folder\.$/, /^Give the folder/],
    ["a path through a file", () => join(root, "file/x"), /cannot be read \(ENOTDIR\)\.$/, /^Check/],
    ["a name that no path can have", () => "a\0b", /cannot be read \(.+\)\.$/, /^Check/],
  ])("says what is wrong and what next for %s", (_, path, message, next) => {
    write({ file: "" });
    const open = (): unknown => openRepo(path());
    expect(open).toThrow(RepoError);
    expect(open).toThrow(
      expect.objectContaining({ message: expect.stringMatching(message), next: expect.stringMatching(next) }),
    );
  });

  it("opens an empty folder", () => {
    expect(openRepo(root)).toMatchObject({ files: [], skipped: [], bytes: 0, commit: null });
  });
});

describe("commit", () => {
  const id = "0123456789abcdef0123456789abcdef01234567";

  it.each<[name: string, files: Record<string, string>, expected: string | null]>([
    ["detached", { ".git/HEAD": `${id}\n` }, id],
    ["on a branch", { ".git/HEAD": "ref: refs/heads/a/b\n", ".git/refs/heads/a/b": `${id}\n` }, id],
    [
      "packed",
      {
        ".git/HEAD": "ref: refs/heads/a\n",
        ".git/packed-refs": `# pack-refs\n${id} refs/heads/a\n^${"f".repeat(40)}\n`,
      },
      id,
    ],
    ["before the first commit", { ".git/HEAD": "ref: refs/heads/main\n" }, null],
    ["no checkout", { "a.ts": "" }, null],
    ["pointing out of the folder", { ".git/HEAD": "ref: refs/../../secret\n", secret: id }, null],
    ["nonsense", { ".git/HEAD": "what" }, null],
    [
      "a worktree",
      {
        ".git": "gitdir: main/.git/worktrees/w\n",
        "main/.git/worktrees/w/HEAD": "ref: refs/heads/w\n",
        "main/.git/worktrees/w/commondir": "../..\n",
        "main/.git/refs/heads/w": id,
      },
      id,
    ],
  ])("%s", (_, files, expected) => {
    write(files);
    expect(openRepo(root).commit).toBe(expected);
  });

  it("agrees with git", () => {
    write({ "a.ts": "" });
    const git = (...args: string[]): string =>
      execFileSync("git", ["-C", root, "-c", "user.name=a", "-c", "user.email=a@b.c", ...args])
        .toString()
        .trim();
    git("init", "-q");
    git("add", ".");
    git("commit", "-q", "-m", "a");
    expect(openRepo(root).commit).toBe(git("rev-parse", "HEAD"));
    git("pack-refs", "--all");
    expect(openRepo(root).commit).toBe(git("rev-parse", "HEAD"));
  });
});
