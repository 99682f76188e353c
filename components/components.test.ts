/** What holds for the set of components: registry, folders, guides, rules and fixtures agree. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { planOrder } from "./plan-order.ts";
import { components } from "./registry.ts";
import { fixturesOf } from "./testing/fixture.ts";

const kebab = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const headings = ["What", "Why", "When", "Not yet", "Options by deploy target", "Proof", "Undo"];

describe("the registry", () => {
  it("has every folder, and every folder is in it", () => {
    const folders = readdirSync(import.meta.dirname, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !["testing", "_template"].includes(entry.name))
      .map(({ name }) => name);
    expect(components.map(({ id }) => id).toSorted()).toEqual(folders.toSorted());
  });

  it("has no id or rule twice", () => {
    const names = [...components.map(({ id }) => id), ...components.flatMap(({ rules }) => rules.map(({ id }) => id))];
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it("has every component that the plan's order names", () => {
    const ids = components.map(({ id }) => id);
    expect(planOrder.map(({ component }) => component).filter((id) => !ids.includes(id))).toEqual([]);
  });
});

describe.each([...components])("component $id", (component) => {
  const fixtures = fixturesOf(component);

  it("lives in the folder of its name", () => {
    expect(component.id).toMatch(kebab);
    expect(basename(component.folder)).toBe(component.id);
    expect(dirname(component.folder)).toBe(import.meta.dirname);
    expect(existsSync(join(component.folder, `${component.id}.test.ts`))).toBe(true);
  });

  it("names rules and experiments after itself, with a title, no full stop, and an advice", () => {
    const own = new RegExp(`^${component.id}/${kebab.source.slice(1)}`);
    for (const { id, title, advice } of component.rules) {
      expect(id).toMatch(own);
      expect(title).toMatch(/^[A-Z`].*[^.]$/);
      expect(advice).toMatch(/\.$/);
    }
    for (const experiment of component.experiments) {
      expect(experiment.id).toMatch(own);
      expect(experiment.component).toBe(component.id);
    }
  });

  it("has a guide with every heading, and words under each", () => {
    const guide = readFileSync(join(component.folder, "guide.md"), "utf8");
    const sections = [...guide.matchAll(/^## (.+)\n([\s\S]*?)(?=^## |$(?![\s\S]))/gm)];
    expect(sections.map((section) => section[1])).toEqual(headings);
    expect(sections.filter((section) => !/\w/.test(section[2] ?? "")).map((section) => section[1])).toEqual([]);
  });

  it("writes nothing into apps that a common lint refuses", () => {
    const folder = join(component.folder, "templates");
    const templates = existsSync(folder) ? readdirSync(folder).filter((name) => /\.[cm]?ts$/.test(name)) : [];
    const lines = templates.flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n"));
    expect(lines.filter((line) => line.length >= 100 || /\d_\d/.test(line))).toEqual([]);
  });

  it("has firing, silent and decoy fixtures", () => {
    expect(new Set(fixtures.map(({ kind }) => kind))).toEqual(new Set(["firing", "silent", "decoy"]));
  });

  it("marks hits in firing fixtures only, and in every one of them", () => {
    const marked = fixtures.filter(({ expected, low }) => expected.length + low.length > 0).map(({ name }) => name);
    expect(marked).toEqual(fixtures.filter(({ kind }) => kind === "firing").map(({ name }) => name));
  });

  it("has a fixture in which each rule fires", () => {
    const fired = new Set(fixtures.flatMap(({ expected, low }) => [...expected, ...low].map(({ rule }) => rule)));
    expect(component.rules.map(({ id }) => id).filter((id) => !fired.has(id))).toEqual([]);
    expect([...fired].filter((id) => !component.rules.some((rule) => rule.id === id))).toEqual([]);
  });
});
