/** Generated TypeScript is type-checked in the apps it was generated for: a patch brings no type error that was not there. */
import { execFileSync } from "node:child_process";
import { isBuiltin } from "node:module";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { components } from "./registry.ts";
import { fixturesOf, writeTree } from "./testing/fixture.ts";
import type { Fixture } from "./testing/fixture.ts";

const root = join(import.meta.dirname, "..");
const packages = readFileSync(join(import.meta.dirname, "testing", "fixtures", "packages.d.ts"), "utf8");
const home = mkdtempSync(join(tmpdir(), "shoreup-types-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const isTypeScript = (file: string): boolean => /\.[cm]?tsx?$/.test(file);
const cases = components.flatMap((component) =>
  fixturesOf(component)
    .filter(({ after }) => Object.keys(after ?? {}).some(isTypeScript))
    .map((fixture) => ({ component: component.id, fixture })),
);

/** As strict as the strictest app is likely to be. */
const settings = {
  compilerOptions: {
    target: "es2023",
    lib: ["es2023"],
    module: "preserve",
    jsx: "preserve",
    moduleDetection: "force",
    strict: true,
    noUncheckedIndexedAccess: true,
    noUnusedLocals: true,
    noUnusedParameters: true,
    noImplicitReturns: true,
    noFallthroughCasesInSwitch: true,
    esModuleInterop: true,
    allowImportingTsExtensions: true,
    resolveJsonModule: true,
    skipLibCheck: true,
    noEmit: true,
    types: ["node"],
    typeRoots: [join(root, "node_modules", "@types")],
  },
  include: ["."],
  exclude: [],
};

/** The compiler's complaints about all cases in one go, without their positions; paths begin with component and case. */
function complaints(side: "before" | "after"): string[] {
  const trees = cases.map(({ component, fixture }) => [`${component}/${fixture.name}`, treeOf(fixture, side)] as const);
  for (const [path, files] of trees) writeTree(join(home, side, path), files);
  const undeclared = others(Object.assign({}, ...trees.map(([path, files]) => prefixed(path, files))));
  writeTree(join(home, side), {
    "packages.d.ts": `${packages}\n${undeclared}`,
    "tsconfig.json": JSON.stringify(settings),
  });
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  try {
    execFileSync(process.execPath, [compiler, "-p", "."], { cwd: join(home, side), encoding: "utf8", stdio: "pipe" });
    return [];
  } catch (error) {
    if (!(error instanceof Error) || !("stdout" in error)) throw error;
    return String(error.stdout)
      .split("\n")
      .flatMap((line) => (line.includes("error TS") ? line.replace(/\(\d+,\d+\)/, "") : []));
  }
}

function treeOf({ before, after }: Fixture, side: "before" | "after"): Record<string, string> {
  return side === "before" ? before : { ...before, ...after };
}

function prefixed(path: string, files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([file, text]) => [`${path}/${file}`, text]));
}

/** Packages that nobody declared are `any`. */
function others(files: Readonly<Record<string, string>>): string {
  const texts = Object.entries(files).flatMap(([file, text]) => (isTypeScript(file) ? [text] : []));
  const names = texts.flatMap((text) =>
    [...text.matchAll(/(?:from|import)\s*\(?\s*["']([^."'][^"']*)["']/g)].map((match) => match[1] ?? ""),
  );
  const unknown = new Set(names.filter((name) => !isBuiltin(name) && !packages.includes(`declare module "${name}"`)));
  return [...unknown].map((name) => `declare module "${name}";`).join("\n");
}

describe("generated TypeScript", () => {
  const known = new Set(complaints("before"));
  const brought = complaints("after").filter((complaint) => !known.has(complaint));

  it.each(cases)("brings no type error: $component on $fixture.name", ({ component, fixture }) => {
    expect(brought.filter((complaint) => complaint.startsWith(`${component}/${fixture.name}/`))).toEqual([]);
  });

  it("is there to be checked, with declarations that hold", () => {
    expect(cases.length).toBeGreaterThan(0);
    expect([...known].filter((complaint) => complaint.startsWith("packages.d.ts"))).toEqual([]);
  });
});
