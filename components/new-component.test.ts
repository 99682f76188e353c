/** The scaffold: names refused, lines added, and a fresh component that passes its own tests. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Component } from "./component.ts";
import { scaffold } from "./new-component.ts";
import { testComponent } from "./testing/test-component.ts";

const root = mkdtempSync(join(tmpdir(), "shoreup-scaffold-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
copyHouse();
const made = scaffold(root, "audit-log");
const scaffolded = componentIn(await import(join(root, "components/audit-log/index.ts")), "auditLog");

describe("a scaffolded component", () => {
  it("has the template's files under its own name", () => {
    expect(made).toMatchObject({ kind: "made" });
    expect(scaffolded).toMatchObject({
      id: "audit-log",
      title: "Audit log",
      rules: [{ id: "audit-log/node-version-unnamed" }],
    });
    const files = readdirSync(join(root, "components/audit-log"));
    expect(files.toSorted()).toEqual([
      "audit-log.test.ts",
      "detect.ts",
      "fixtures",
      "guide.md",
      "index.ts",
      "recipe.ts",
      "templates",
    ]);
    const texts = files
      .filter((name) => /\.(ts|md)$/.test(name))
      .map((name) => readFileSync(join(root, "components/audit-log", name), "utf8"));
    expect(texts.join("")).not.toMatch(/_template|templateComponent|Template title/);
  });

  it("is in the registry, import and entry", () => {
    const registry = readFileSync(join(root, "components/registry.ts"), "utf8");
    expect(registry.match(/^import \{ auditLog \} from "\.\/audit-log\/index\.ts";$/gm)).toHaveLength(1);
    expect(registry.match(/^ {2}auditLog,\n\];$/gm)).toHaveLength(1);
  });

  it.each([
    ["Object-Storage", "is not a component name"],
    ["object_storage", "is not a component name"],
    ["../escape", "is not a component name"],
    ["-x", "is not a component name"],
    ["", "is not a component name"],
    ["audit-log", "is there already"],
    ["testing", "is there already"],
  ])("is refused as %j", (name, reason) => {
    const before = readdirSync(join(root, "components"));
    expect(scaffold(root, name)).toEqual({ kind: "refused", reason: expect.stringContaining(reason) });
    expect(readdirSync(join(root, "components"))).toEqual(before);
  });
});

testComponent(scaffolded);

/** This folder's own files and the template, beside links to everything below them. */
function copyHouse(): void {
  const here = import.meta.dirname;
  mkdirSync(join(root, "components"));
  for (const entry of readdirSync(here, { withFileTypes: true })) {
    const wanted = entry.isFile() || ["_template", "testing"].includes(entry.name);
    if (wanted) cpSync(join(here, entry.name), join(root, "components", entry.name), { recursive: true });
  }
  for (const name of ["analyzers", "patches", "verify", "node_modules", "package.json"])
    symlinkSync(join(here, "..", name), join(root, name));
}

function componentIn(module: unknown, name: string): Component {
  const found: unknown = typeof module === "object" && module !== null ? Reflect.get(module, name) : undefined;
  if (!isComponent(found)) throw new Error(`The scaffold exports no ${name}`);
  return found;
}

function isComponent(value: unknown): value is Component {
  return typeof value === "object" && value !== null && "detect" in value && "rules" in value && "folder" in value;
}
