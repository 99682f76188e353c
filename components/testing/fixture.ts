/** A component's fixtures on disk: the app before, what should be found in it, and the files a patch should leave. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import type { Component } from "../component.ts";
import { readMarkers } from "./markers.ts";
import type { Expected } from "./markers.ts";

export interface Fixture {
  name: string;
  folder: string;
  /** Path -> text without markers. */
  before: Record<string, string>;
  expected: Expected[];
  low: Expected[];
  /** The files that the patch changes or creates, as they should become; null where there is no `after/`. */
  after: Record<string, string> | null;
  kind: "firing" | "silent" | "decoy";
}

/** Every `fixtures/<case>` of a component, by name. */
export function fixturesOf(component: Pick<Component, "id" | "folder">): Fixture[] {
  const root = join(component.folder, "fixtures");
  const cases = existsSync(root)
    ? readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    : [];
  return cases
    .map((entry) => readFixture(component.id, join(root, entry.name), entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function readFixture(component: string, folder: string, name: string): Fixture {
  const before: Record<string, string> = {};
  const expected = listedIn(folder);
  const low: Expected[] = [];
  for (const [file, text] of Object.entries(readTree(join(folder, "before")))) {
    const marked = readMarkers(component, file, text);
    before[file] = marked.text;
    expected.push(...marked.expected);
    low.push(...marked.low);
  }
  return { name, folder, before, expected, low, after: readGolden({ folder }), kind: kindOf(name) };
}

function kindOf(name: string): Fixture["kind"] {
  if (name.startsWith("silent-")) return "silent";
  return name.startsWith("decoy-") ? "decoy" : "firing";
}

/** `expected.json` beside `before/`: hits in files that cannot carry a comment, such as package.json. */
function listedIn(folder: string): Expected[] {
  const file = join(folder, "expected.json");
  if (!existsSync(file)) return [];
  const list: unknown = JSON.parse(readFileSync(file, "utf8"));
  if (!Array.isArray(list) || !list.every(isExpected))
    throw new Error(`${file} must be a list of { rule, file, line }`);
  return list.map(({ rule, file: path, line }) => ({ rule, file: path, line }));
}

function isExpected(value: unknown): value is Expected {
  if (typeof value !== "object" || value === null) return false;
  const { rule, file, line } = { rule: undefined, file: undefined, line: undefined, ...value };
  return typeof rule === "string" && typeof file === "string" && typeof line === "number";
}

/** Path (with `/`) -> text of every file below a folder. */
export function readTree(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const tree = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(
    tree.map((path) => [relative(folder, path).split(sep).join("/"), readFileSync(path, "utf8")]),
  );
}

/** Writes files below a folder, making the folders they need. */
export function writeTree(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** Replaces the golden files of a case. */
export function writeGolden(fixture: Fixture, files: Readonly<Record<string, string>>): void {
  rmSync(join(fixture.folder, "after"), { recursive: true, force: true });
  writeTree(join(fixture.folder, "after"), files);
}

/** The golden files as they are on disk now. */
export function readGolden({ folder }: Pick<Fixture, "folder">): Record<string, string> | null {
  return existsSync(join(folder, "after")) ? readTree(join(folder, "after")) : null;
}
