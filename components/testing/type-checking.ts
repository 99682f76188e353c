/** Type-checks many small apps at once, as strictly as the strictest app is likely to be. */
import { execFileSync } from "node:child_process";
import { isBuiltin } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { writeTree } from "./fixture.ts";

const root = join(import.meta.dirname, "..", "..");
const packages = readFileSync(join(import.meta.dirname, "fixtures", "packages.d.ts"), "utf8");

/** Whether the compiler looks at a file of this name. */
export function isTypeScript(file: string): boolean {
  return /\.[cm]?tsx?$/.test(file);
}

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

/**
 * The compiler's complaints about all trees (name -> path -> text) in one go, without their positions; paths begin with the
 * tree's name. `home`: an empty folder to write them to. `overrides`: compiler options that differ from the strictest.
 */
export function complaintsAbout(
  home: string,
  trees: ReadonlyMap<string, Readonly<Record<string, string>>>,
  overrides: Readonly<Record<string, boolean>> = {},
): string[] {
  for (const [name, files] of trees) writeTree(join(home, name), files);
  const texts = [...trees.values()].flatMap((files) =>
    Object.entries(files).flatMap(([file, text]) => (isTypeScript(file) ? [text] : [])),
  );
  writeTree(home, {
    "packages.d.ts": `${packages}\n${declarationsOf(texts)}`,
    "tsconfig.json": JSON.stringify({ ...settings, compilerOptions: { ...settings.compilerOptions, ...overrides } }),
  });
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  try {
    execFileSync(process.execPath, [compiler, "-p", "."], { cwd: home, encoding: "utf8", stdio: "pipe" });
    return [];
  } catch (error) {
    if (!(error instanceof Error) || !("stdout" in error)) throw error;
    return String(error.stdout)
      .split("\n")
      .flatMap((line) => (line.includes("error TS") ? line.replace(/\(\d+,\d+\)/, "") : []));
  }
}

/** Packages that nobody declared are `any`. */
function declarationsOf(texts: readonly string[]): string {
  const names = texts.flatMap((text) =>
    [...text.matchAll(/(?:from|import)\s*\(?\s*["']([^."'][^"']*)["']/g)].map((match) => match[1] ?? ""),
  );
  const unknown = new Set(names.filter((name) => !isBuiltin(name) && !packages.includes(`declare module "${name}"`)));
  return [...unknown].map((name) => `declare module "${name}";`).join("\n");
}
