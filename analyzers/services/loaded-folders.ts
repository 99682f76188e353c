/** Files that load whole folders by name: `readdirSync` with `require`, autoload, globs. */
import type { Call, Summary } from "../summary.ts";
import { rootFolders } from "./root-folders.ts";

const READDIR = /^readdir(Sync)?$/;
const LOADERS =
  /^(@fastify\/autoload|require-all|require-dir|require-directory|consign|express-load|glob|fast-glob|globby|import-fresh|fs-readdir-recursive)$/;

/** The folders that it names to a package that loads them. */
export function namedFolders(summary: Summary | undefined): string[] {
  return summary?.imports.some(({ specifier }) => LOADERS.test(specifier)) === true ? rootFolders(summary) : [];
}

/** Whether a file loads others by what they are called on the disk. */
export function loadsByName(summary: Summary | undefined): boolean {
  if (summary === undefined) return false;
  if (summary.imports.some(({ specifier }) => LOADERS.test(specifier))) return true;
  const requires = summary.calls.some(
    ({ callee, args }) =>
      callee.kind === "name" && callee.name === "require" && args[0] !== undefined && args[0].kind !== "literal",
  );
  return (
    requires || summary.calls.some(isGlob) || (summary.calls.some(listsFolder) && summary.calls.some(namesOwnFolder))
  );
}

/** Vite: `import.meta.glob("./handlers/*.ts")`. */
function isGlob({ callee }: Call): boolean {
  const object = callee.kind === "member" && callee.property === "glob" ? callee.object : null;
  return object?.kind === "name" && object.name === "import.meta";
}

function listsFolder({ callee }: Call): boolean {
  return (
    (callee.kind === "member" && READDIR.test(callee.property)) ||
    (callee.kind === "imported" && READDIR.test(callee.name))
  );
}

/** `path.join(__dirname, ...)`, `fileURLToPath(import.meta.url)`: a folder of the app's own, not of its users' files. */
function namesOwnFolder({ callee, args }: Call): boolean {
  const isHere = args.some((arg) => arg.kind === "name" && arg.name === "__dirname");
  return isHere || (callee.kind === "imported" && callee.name === "fileURLToPath");
}
