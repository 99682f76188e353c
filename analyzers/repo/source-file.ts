/** Which files are source code: by name, and by how their text looks. */

const source = /\.(?:[mc]?[jt]s|[jt]sx|py)$/;
/** Starting scripts without an ending, as express-generator makes them: `bin/www`. */
const startScript = /(?:^|\/)bin\/[\w-]+$/;
const bundleName = /[.-](?:min|bundle)\.[mc]?js$/;
/** Below this many characters a file is never taken for a bundle; above, lines longer than this on average are no one's hand. */
const smallestBundle = 50_000;
const longestLine = 500;

/** True for the TypeScript, JavaScript and Python files that the extractor reads, by their names. */
export function isSource(file: string): boolean {
  return source.test(file) || startScript.test(file);
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
