/** Which commands install, type-check, build and test an app, by its lockfile and its own scripts. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const Package = z.looseObject({
  packageManager: z.string().optional(),
  scripts: z.record(z.string(), z.string()).default({}),
  dependencies: z.record(z.string(), z.string()).default({}),
  devDependencies: z.record(z.string(), z.string()).default({}),
});

/** Null where the app has nothing to run. */
export interface Commands {
  install: string;
  types: string | null;
  build: string | null;
  test: string | null;
}

const quiet = "--no-audit --no-fund --prefer-offline";
/** The first of these that is a script checks the types. */
const typeScripts = ["typecheck", "type-check", "check:types", "check-types", "types", "ts:check", "tsc"];
/** Install scripts are left out; what is compiled from source is the only thing that a test needs of them. */
const native =
  "names=$(find node_modules -name binding.gyp -not -path '*/node-gyp/*' -not -path '*/node-addon-api/*' | " +
  "sed 's#/binding.gyp$##; s#.*node_modules/##' | sort -u)";
/** A generated client is part of the source. */
const prisma =
  "if [ -d node_modules/prisma ] && find . -name schema.prisma -not -path '*/node_modules/*' | grep -q .; " +
  "then npx prisma generate || true; fi";

function pnpm(folder: string, named: string | undefined): string {
  const given = /^pnpm@(\d+\.\d+\.\d+)/.exec(named ?? "")?.[1];
  const lock = readFileSync(join(folder, "pnpm-lock.yaml"), "utf8");
  const format = Number.parseFloat(/^lockfileVersion: '?([\d.]+)/m.exec(lock)?.[1] ?? "9");
  const version = given ?? (format >= 9 ? "10" : format >= 6 ? "8" : "7");
  return [
    `npm install --global --silent pnpm@${version}`,
    "pnpm install --ignore-scripts --no-frozen-lockfile --store-dir /cache/pnpm",
    `${native}; [ -z "$names" ] || pnpm rebuild $names || true`,
  ].join(" && ");
}

function installOf(folder: string, named: string | undefined): string {
  const rebuilt = `${native}; [ -z "$names" ] || npm rebuild $names || true`;
  if (existsSync(join(folder, "pnpm-lock.yaml"))) return pnpm(folder, named);
  if (existsSync(join(folder, "yarn.lock")))
    return `yarn install --ignore-scripts --non-interactive --cache-folder /cache/yarn && ${rebuilt}`;
  const fresh = `npm install --ignore-scripts ${quiet}`;
  const locked = existsSync(join(folder, "package-lock.json")) ? `npm ci --ignore-scripts ${quiet} || ` : "";
  return `(${locked}${fresh} || ${fresh} --legacy-peer-deps) && ${rebuilt}`;
}

/** The commands for a checkout; they are the same before and after. */
export function commandsOf(folder: string): Commands {
  const manifest = Package.parse(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
  const { scripts, packageManager } = manifest;
  const isTyped = "typescript" in { ...manifest.dependencies, ...manifest.devDependencies };
  const checks = typeScripts.find((name) => name in scripts);
  const types = isTyped && existsSync(join(folder, "tsconfig.json")) ? "npx tsc --noEmit --pretty false" : null;
  return {
    install: `${installOf(folder, packageManager)}; code=$?; ${prisma}; exit $code`,
    types: checks === undefined ? types : `npm run ${checks}`,
    build: "build" in scripts ? "npm run build" : null,
    test: "test" in scripts ? "npm test" : null,
  };
}
