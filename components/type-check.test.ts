/** Generated TypeScript is type-checked, in the apps it was generated for, by the compiler this repository uses. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { components } from "./registry.ts";
import { fixturesOf, writeTree } from "./testing/fixture.ts";
import type { Fixture } from "./testing/fixture.ts";

/**
 * A case with a `typecheck.d.ts` beside `before/` takes part; that file declares, in so far as they are used, the packages
 * that are not installed here.
 */
const declarations = "typecheck.d.ts";
const root = join(import.meta.dirname, "..");
const home = mkdtempSync(join(tmpdir(), "shoreup-types-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const cases = components.flatMap((component) =>
  fixturesOf(component)
    .filter(({ folder, after }) => after !== null && existsSync(join(folder, declarations)))
    .map((fixture) => ({ component: component.id, fixture })),
);

const settings = {
  compilerOptions: {
    target: "es2023",
    lib: ["es2023"],
    module: "preserve",
    strict: true,
    noUncheckedIndexedAccess: true,
    noUnusedLocals: true,
    noImplicitReturns: true,
    esModuleInterop: true,
    allowImportingTsExtensions: true,
    resolveJsonModule: true,
    skipLibCheck: true,
    noEmit: true,
    types: ["node"],
    typeRoots: [join(root, "node_modules", "@types")],
  },
  include: ["."],
};

/** The compiler's complaints about the patched app, none when it is content. */
function complaints(component: string, { name, folder, before, after }: Fixture): string {
  const app = join(home, component, name);
  const ambient = readFileSync(join(folder, declarations), "utf8");
  writeTree(app, { ...before, ...after, [declarations]: ambient, "tsconfig.json": JSON.stringify(settings) });
  try {
    execFileSync(process.execPath, [join(root, "node_modules", "typescript", "bin", "tsc"), "-p", app], {
      encoding: "utf8",
      stdio: "pipe",
    });
    return "";
  } catch (error) {
    return error instanceof Error && "stdout" in error ? String(error.stdout) : String(error);
  }
}

describe("generated TypeScript", () => {
  it.each(cases)("has the right types: $component on $fixture.name", ({ component, fixture }) => {
    expect(complaints(component, fixture)).toBe("");
  });

  it("is checked for every component that writes any", () => {
    const writing = components.filter((component) =>
      fixturesOf(component).some(({ before, after }) =>
        Object.keys(after ?? {}).some((file) => /\.[cm]?ts$/.test(file) && before[file] === undefined),
      ),
    );
    const checked = new Set(cases.map(({ component }) => component));
    expect(writing.map(({ id }) => id).filter((id) => !checked.has(id))).toEqual([]);
  });
});
