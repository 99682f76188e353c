/** What of a tree is not read: `.gitignore` rules, nested as git nests them, and folders that never hold an app's source. */
import ignore, { type Ignore } from "ignore";

/** Folders that tools fill; what lies in them is not the app's source, wherever they are. */
const generated = new Map([
  ["node_modules", "installed dependencies"],
  ["bower_components", "installed dependencies"],
  ["jspm_packages", "installed dependencies"],
  ["dist", "build output"],
  [".next", "build output"],
  [".nuxt", "build output"],
  [".output", "build output"],
  [".svelte-kit", "build output"],
  [".vercel", "build output"],
  [".netlify", "build output"],
  [".turbo", "a cache"],
  [".cache", "a cache"],
  [".parcel-cache", "a cache"],
  [".pnpm-store", "a cache"],
  [".nyc_output", "a test coverage report"],
  ["__pycache__", "a cache"],
  [".venv", "installed dependencies"],
  ["venv", "installed dependencies"],
  ["site-packages", "installed dependencies"],
  [".tox", "installed dependencies"],
]);

/** Names that are output at the top of a package but may be source anywhere else. */
const generatedInPackage = new Map([
  ["build", "build output"],
  ["out", "build output"],
  ["coverage", "a test coverage report"],
  ["vendor", "copied dependencies"],
]);

const history = new Set([".git", ".hg", ".svn", ".jj"]);

/** Version control's own folders: never read, never mentioned. */
export function isHistory(name: string): boolean {
  return history.has(name);
}

/** What a folder holds instead of source (`build output`); null for a folder that is read. */
export function generatedContent(name: string, inPackage: boolean): string | null {
  return generated.get(name) ?? (inPackage ? generatedInPackage.get(name) : undefined) ?? null;
}

/** The ignore rules that hold in one folder: its own and those of the folders above. */
export interface Rules {
  parent: Rules | null;
  /** Folder of the `.gitignore`, relative to the root, with a trailing slash; empty for the root. */
  base: string;
  own: Ignore;
}

/** Rules of `parent` refined by the text of a `.gitignore` in `base`. */
export function refine(parent: Rules | null, base: string, text: string): Rules {
  const own = ignore({ ignoreCase: false, allowRelativePaths: true }).add(text);
  return { parent, base, own };
}

/** True when git would ignore the path. A folder's path ends with a slash. The nearest rule that speaks wins. */
export function isIgnored(rules: Rules | null, path: string): boolean {
  for (let level = rules; level !== null; level = level.parent) {
    const { ignored, unignored } = level.own.test(path.slice(level.base.length));
    if (ignored) return true;
    if (unignored) return false;
  }
  return false;
}
