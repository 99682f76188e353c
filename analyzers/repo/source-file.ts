/** Which files are source code: by name, and by how their text looks. */

const source = /\.(?:[mc]?[jt]s|[jt]sx|py)$/;
const component = /\.(?:svelte|vue|astro)$/;
/** Starting scripts without an ending, as express-generator makes them: `bin/www`. */
const startScript = /(?:^|\/)bin\/[\w-]+$/;
const bundleName = /[.-](?:min|bundle)\.[mc]?js$/;
/** Below this many characters a file is never taken for a bundle; above, lines longer than this on average are no one's hand. */
const smallestBundle = 50_000;
const longestLine = 500;

const lockfile =
  /(^|\/)(package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lock|poetry\.lock|uv\.lock|Pipfile\.lock)$/;
/** Settings and schemas that people write have lines of a few hundred characters; a key or a certificate on one line some thousand. */
const longestSetting = 20_000;

export function isLockfile(file: string): boolean {
  return lockfile.test(file);
}

/** Whether no line is longer than what is read by patterns in good time. */
export function hasLines(text: string): boolean {
  for (let start = 0; text.length - start > longestSetting;) {
    const end = text.indexOf("\n", start);
    if (end < 0 || end - start > longestSetting) return false;
    start = end + 1;
  }
  return true;
}

/** True for the TypeScript, JavaScript and Python files that the extractor reads, by their names. */
export function isSource(file: string): boolean {
  return source.test(file) || startScript.test(file);
}

/** Files of a user interface that hold code beside markup; of these only the imports are read. */
export function isComponent(file: string): boolean {
  return component.test(file);
}

export function isPython(file: string): boolean {
  return file.endsWith(".py");
}

export function isMinified(file: string, text: string): boolean {
  if (bundleName.test(file)) return true;
  if (text.length < smallestBundle) return false;
  let lines = 1;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) lines += 1;
  return text.length / lines > longestLine;
}
